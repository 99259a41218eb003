"""Bad days of a run: its Prefect server ends, the disk runs full, the run is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import requests

from genrelab.lake.lake import Lake
from genrelab.lake.retention import old_versions
from genrelab.lake.version import Counts
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.running_servers import is_ours, note_server
from genrelab_cli.servers import server
from genrelab_cli.servers.prefect_api import TemporaryServer
from genrelab_cli.servers.server import open_log, repair_prefect
from tasks.run.step import Outcome, failures, run_step

TMPFS_BYTES = 3 << 20
SERVER = """
import http.server, socket, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(("", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1].removeprefix("fd:")))
server.serve_forever()
"""
"""Stands in for Prefect's server, which takes seconds to start."""


def ask(url: str) -> str:
    """Status of an answer, or what went wrong."""
    try:
        return str(requests.get(f"{url}/health", timeout=60).status_code)
    except requests.RequestException as error:
        return str(error)


def test_a_temporary_server_that_ends_is_replaced_without_a_refused_request(home: Home) -> None:
    """Prefect's client does not try a refused connection again: requests wait in the socket until one answers."""

    home.prefect.mkdir()
    temporary = TemporaryServer(home, (sys.executable, "-c", SERVER))
    try:
        url = temporary.start()
        first = temporary._process
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        answers = [ask(url) for _ in range(5)]  # the first may reach what the old one had accepted
        assert answers[-1] == "200", answers
        assert not any("refused" in answer for answer in answers)
        assert temporary._process.pid != first.pid
    finally:
        temporary.stop()
    assert temporary._process.poll() is not None


@pytest.fixture
def small_disk(home: Home) -> Iterator[Home]:
    """A home on a disk of three megabytes; skipped where none can be mounted."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(home.root)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount on this machine")
    if done.returncode:
        pytest.skip(f"no disk of our own: {done.stderr.strip()}")
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", str(home.root)], check=True)


def noise(rows: int) -> pa.Table:
    """Rows that do not compress."""
    return pa.table({"a": [os.urandom(1024) for _ in range(rows)]})


def test_a_disk_that_runs_full_leaves_the_last_good_table_and_nothing_half_written(small_disk: Home) -> None:
    """A message, the old version, its record; and room again once somebody has cleaned."""

    lake = Lake(small_disk)

    def publish(rows: int) -> Outcome:
        data = noise(rows)
        made = lake.publish("t", data, Counts(rows, rows), source="x", is_sample=False)
        return Outcome("made", {"rows": rows}, (made,))

    assert run_step("s", small_disk, {"a": 1}, lambda: publish(100)).is_completed()
    before = lake.current("t")
    state = run_step("s", small_disk, {"a": 2}, lambda: publish(5_000))
    assert state.is_failed(), state
    assert "the disk is full" in state.message
    assert "Traceback" not in state.message
    assert lake.current("t") == before
    assert len(lake.read("t")) == 100
    assert read_json(small_disk.state / "s.json")["facts"] == {"rows": 100}
    assert not list(small_disk.root.rglob("*.part"))
    for removal in old_versions(lake, "t", {before.version}):
        removal.remove()
    assert run_step("s", small_disk, {"a": 3}, lambda: publish(200)).is_completed()
    assert failures(small_disk) == {}


def test_a_full_disk_tears_no_record(small_disk: Home) -> None:
    """A record is the old one or the new one."""

    write_json(small_disk.state / "s.json", {"facts": 1})
    with pytest.raises(OSError, match="No space left"):
        (small_disk.root / "filler").write_bytes(b"x" * TMPFS_BYTES)
    with pytest.raises(OSError, match="No space left"):
        write_json(small_disk.state / "s.json", {"facts": "y" * (1 << 16)})
    assert read_json(small_disk.state / "s.json") == {"facts": 1}
    assert [path.name for path in small_disk.state.iterdir()] == ["s.json"]


def test_a_damaged_database_of_prefect_starts_anew(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """What is lost is the list of past runs; the damaged file is kept."""

    home.prefect.mkdir()
    database = home.prefect / "prefect.db"
    database.write_bytes(b"not a database at all" * 1000)
    repair_prefect(home)
    assert not database.exists()
    [kept] = home.prefect.glob("prefect.db.corrupt-*")
    assert kept.name in capsys.readouterr().err
    repair_prefect(home)
    assert capsys.readouterr().err == ""


def test_a_server_is_ours_while_it_lives(home: Home) -> None:
    """Another home's server on the same port is not."""

    process = subprocess.Popen(["sleep", "60"])
    note_server(home, "mlflow", 5000, process.pid)
    assert is_ours(home, "mlflow", 5000)
    assert not is_ours(home, "mlflow", 5001)
    assert not is_ours(Home(home.root / "other"), "mlflow", 5000)
    record = home.prefect / "servers" / "mlflow-5000.json"
    told = read_json(record)
    write_json(record, {**told, "born": "before the last boot"})
    assert not is_ours(home, "mlflow", 5000), "another process was given its number"
    write_json(record, told)
    process.kill()
    process.wait()
    assert not is_ours(home, "mlflow", 5000)


def test_logs_of_servers_do_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file deep."""

    monkeypatch.setattr(server, "LARGEST_LOG", 10)
    log = tmp_path / "server.log"
    for text in (b"a" * 11, b"b" * 11, b"c"):
        with open_log(log) as file:
            file.write(text)
    assert log.read_bytes() == b"c"
    assert (tmp_path / "server.log.1").read_bytes() == b"b" * 11
