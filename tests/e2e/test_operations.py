"""Serving, waiting and being killed: the program as it runs night after night on one machine."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from ports import free_port, free_ports, listens
from prefect_session import prefect_session
from program import Program, command

from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import lock_owner, one_run
from genrelab_cli.commands.serve import declared_deployments

PATIENCE = 240


def wait_until(is_so: Callable[[], Any], what: str) -> Any:
    """The first true answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.2)
    return pytest.fail(f"not in {PATIENCE} s: {what}")


def spawn(program: Program, *words: str, log: Path) -> "subprocess.Popen[bytes]":
    """Start a command whose words are read while it runs."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command(), *words],
            env=program.environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def test_ui_starts_what_is_missing_and_leaves_nothing_behind(home_with_prefect: Path, tmp_path: Path) -> None:
    """Four addresses that answer; a second one uses them; a taken port is a message; Ctrl-C ends all four."""

    program, log = Program(home_with_prefect), tmp_path / "ui.log"
    ports = free_ports(4)
    names = ("prefect", "mlflow", "report", "app")
    words = [
        "ui",
        *(word for name, port in zip(names, ports, strict=True) for word in (f"--{name}-port", str(port))),
    ]
    running = spawn(program, *words, log=log)
    try:
        wait_until(lambda: "Ctrl-C" in log.read_text() or running.poll() is not None, "four addresses")
        said = log.read_text()
        assert "Ctrl-C" in said, said
        for path, port in zip(("/api/health", "/health", "/latest/index.html", "/docs"), ports, strict=True):
            assert f"http://127.0.0.1:{port}" in said
            assert requests.get(f"http://127.0.0.1:{port}{path}", timeout=10).ok
        assert "no report yet" in requests.get(f"http://127.0.0.1:{ports[2]}/", timeout=10).text
        second = program.run(*words)
        assert (second.returncode, second.stdout.count("already running")) == (0, 4), second.stderr
        other = Program(tmp_path / "other").run(*words)
        assert other.returncode == 1
        assert f"port {ports[0]} for Prefect is in use" in other.stderr
        assert f"genrelab ui --prefect-port {ports[0] + 1}" in other.stderr
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    finally:
        running.kill()
        running.wait()
    assert log.read_text().endswith("stopped\n")
    wait_until(lambda: not any(map(listens, ports)), "nothing listens any more")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Program, str, Path]]:
    """A home with `genrelab serve`; its API and its log."""
    program, log = Program(tmp_path / "home"), tmp_path / "serve.log"
    port, declared = free_port(), declared_deployments()
    api = f"http://127.0.0.1:{port}/api"
    running = spawn(program, "serve", "--port", str(port), log=log)
    try:
        wait_until(
            lambda: running.poll() is not None or (listens(port) and len(deployed(api)) == len(declared)),
            "the deployments are served",
        )
        assert running.poll() is None, log.read_text()
        yield program, api, log
        running.send_signal(signal.SIGINT)
        running.wait(60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    wait_until(lambda: not listens(port), "nothing listens any more")


def deployed(api: str) -> list[dict[str, Any]]:
    """The deployments that the server knows; none before it answers."""
    answer = prefect_session(api).post(f"{api}/deployments/filter", json={}, timeout=30)
    return answer.json() if answer.ok else []


def trigger(api: str, flow: str, **parameters: str) -> str:
    """Start a deployment as the UI does; returns the id of the run."""
    deployment = requests.get(f"{api}/deployments/name/{flow}/{flow}", timeout=30).json()["id"]
    body = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
    answer = prefect_session(api).post(
        f"{api}/deployments/{deployment}/create_flow_run", json=body, timeout=30
    )
    assert answer.ok, answer.text
    return answer.json()["id"]


def state_of(api: str, run: str) -> dict[str, Any]:
    return requests.get(f"{api}/flow_runs/{run}", timeout=30).json()["state"]


@pytest.mark.long
def test_nights_are_planned_and_a_triggered_run_waits_for_one_by_hand(
    served: tuple[Program, str, Path],
) -> None:
    """The cron is read in its time zone; the lock holds between processes, and the run says for whom it waits."""

    program, api, _ = served
    known = deployed(api)
    nightly = next(each for each in known if each["name"] == "nightly")
    assert [one["schedule"]["cron"] for one in nightly["schedules"]] == ["30 2 * * *"]
    assert all(each["description"] and each["tags"] == ["genrelab"] for each in known)
    wanted = {"deployments": {"id": {"any_": [nightly["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    planned = wait_until(
        lambda: prefect_session(api).post(f"{api}/flow_runs/filter", json=wanted, timeout=30).json(),
        "a night is planned",
    )
    begins = datetime.fromisoformat(planned[0]["expected_start_time"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert (begins.hour, begins.minute) == (2, 30)
    with one_run(Home(program.home), "by_hand", when_busy="refuse"):
        run = trigger(api, "ingest_origin")
        state = wait_until(lambda: (s := state_of(api, run))["name"] == "Waiting" and s, "the run waits")
        assert f"by_hand, process {os.getpid()}" in state["message"]
    wait_until(lambda: state_of(api, run)["name"] in {"Running", "Completed"}, "the run says that it runs")
    wait_until(lambda: state_of(api, run)["type"] == "COMPLETED", "the run completes")
    assert program.tables()["origin_tracks"]["rows"] == 500


@pytest.mark.long
def test_a_triggered_run_is_refused_when_so_configured(served: tuple[Program, str, Path]) -> None:
    """Cancelled, with who was in the way; by hand it is exit code 1."""

    program, api, _ = served
    (program.home / "genrelab.toml").write_text('[schedule]\nwhen_busy = "refuse"\n')
    with one_run(Home(program.home), "by_hand", when_busy="refuse"):
        run = trigger(api, "ingest_origin")
        state = wait_until(
            lambda: (s := state_of(api, run))["type"] == "CANCELLED" and s, "the run is refused"
        )
        assert "by_hand, process" in state["message"]
        done = program.run("ingest-origin")
    assert done.returncode == 1
    assert "ingest_origin was refused: another run is in progress" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_killed_night_is_crashed_and_the_next_one_works(tmp_path: Path) -> None:
    """Kill -9 of everything: the next run says so, gives the dead one its state, and does the rest."""

    program = Program(tmp_path / "home")
    night = program.start("nightly", "--budget", "quick")
    wait_until((program.home / "data/lake/spotify_tracks/_delta_log").is_dir, "the first table")
    os.killpg(night.pid, signal.SIGKILL)
    night.wait()
    assert lock_owner(Home(program.home)) is None
    assert "was killed" in program.run("doctor").stdout
    done = program.run("ingest-origin")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "nightly of " in said
    assert "was killed; its unfinished steps run again" in said
    with contextlib.closing(sqlite3.connect(program.home / ".prefect/prefect.db")) as database:
        states = database.execute(
            "SELECT name, state_type FROM flow_run WHERE state_type = 'CRASHED'"
        ).fetchall()
        running = database.execute("SELECT name FROM flow_run WHERE state_type = 'RUNNING'").fetchall()
    assert states
    assert running == []


@pytest.mark.long
def test_a_night_survives_the_end_of_its_prefect_server(tmp_path: Path) -> None:
    """Kill -9 of the temporary server in mid-run: another one takes its place, and the night completes."""

    program, log = Program(tmp_path / "home"), tmp_path / "night.log"
    night = spawn(program, "nightly", "--budget", "quick", log=log)
    wait_until(lambda: "ingest_fma " in log.read_text(), "a night in mid-run")
    children = Path(f"/proc/{night.pid}/task/{night.pid}/children").read_text().split()
    servers = [
        int(child)
        for child in children
        if b"genrelab_cli.servers.prefect_server" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    assert len(servers) == 1
    os.kill(servers[0], signal.SIGKILL)
    assert night.wait(900) == 0, log.read_text()
    assert "the Prefect server stopped during the run" in log.read_text()
    assert "nightly done in" in log.read_text()
