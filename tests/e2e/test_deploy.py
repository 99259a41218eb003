"""The image, the compose file and the systemd unit, without an engine: their steps and commands, one by one."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml
from ports import free_port
from program import Program

from genrelab.runtime.own_pages import allowed_hosts
from genrelab_cli.servers.server import answers

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNIT = ROOT / "deploy" / "genrelab.service"
PATIENCE = 180


def steps(instruction: str) -> list[str]:
    """The lines of one instruction of the Dockerfile."""
    return re.findall(rf"^{instruction} (.*)$", DOCKERFILE, flags=re.MULTILINE)


def test_the_image_holds_every_package() -> None:
    """What is copied exists, is let in by .dockerignore, and holds every package that the wheel has."""
    copied = [Path(word) for line in steps("COPY") for word in line.split()[:-1]]
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert all((ROOT / path).exists() for path in copied)
    assert all(f"!{path}" in let_in for path in copied)
    assert {Path("src"), Path("flows"), Path("tasks"), Path("expectations")} <= set(copied)


@pytest.mark.long
def test_the_image_is_built_step_by_step_and_runs(tmp_path: Path) -> None:
    """The locked install with hashes, the copies, the install of the project; then a night by its entry point."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    image = tmp_path / "image"
    image.mkdir()
    environment = {
        **Program(tmp_path / "data").environment,
        "PATH": f"{tmp_path / 'python' / 'bin'}:/usr/bin:/bin",
    }
    for line in DOCKERFILE.splitlines():
        instruction, _, words = line.partition(" ")
        if instruction == "COPY":
            *sources, target = words.split()
            for source in sources:
                _copy(ROOT / source, image / target if target != "./" else image / source)
        elif instruction == "RUN":
            step = words.split("&& useradd")[0]  # the account and its folder are the container's
            subprocess.run(["bash", "-c", step], cwd=image, env=environment, check=True, timeout=900)
    entry = json.loads(steps("ENTRYPOINT")[0]) + json.loads(steps("CMD")[0])
    done = subprocess.run(
        entry, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/data/reports/latest/index.html").is_file()


class Services:
    """The services of compose.yaml as processes of this machine, with free ports and loopback for their names."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {port: str(free_port()) for port in ("4200", "5000", "8800")}
        self.processes: list[subprocess.Popen[bytes]] = []

    def here(self, text: str) -> str:
        """A text of the compose file with this machine's folders, names and ports."""
        text = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text)
        text = text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - it is taken away here
        text = re.sub(r"\b(prefect|mlflow):(?=\d)", "127.0.0.1:", text)
        text = text.replace("/data/data", f"{self.home}/data")
        text = re.sub(r"(sqlite[+\w]*:)////data/", rf"\1///{self.home}/", text)
        text = re.sub(r"(?<![\w/.])/data/", f"{self.home}/", text)
        for port, free in self.ports.items():
            text = text.replace(port, free)
        return text

    def environment(self, name: str) -> dict[str, str]:
        """What a service finds in its environment."""
        wanted = {
            key: self.here(str(value)) for key, value in COMPOSE["services"][name]["environment"].items()
        }
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {
            **Program(self.home).environment,
            "PATH": programs,
            **{key: value for key, value in wanted.items() if value},
        }

    def start(self, name: str) -> None:
        """Start a service by its entry point and command."""
        service = COMPOSE["services"][name]
        words = [self.here(word) for word in [*service.get("entrypoint", ["genrelab"]), *service["command"]]]
        with (self.home / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    words,
                    cwd=self.home,
                    env=self.environment(name),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def wait(self, name: str, path: str) -> None:
        """Wait until the port that a service publishes answers."""
        port = COMPOSE["services"][name]["ports"][0].split(":")[-1]
        until = time.monotonic() + PATIENCE
        while not answers(f"http://127.0.0.1:{self.ports[port]}{path}"):
            assert time.monotonic() < until, (self.home / f"{name}.log").read_text()
            time.sleep(0.5)

    def close(self) -> None:
        """End every service, the last one first, with what it started."""
        for process in reversed(self.processes):
            os.killpg(process.pid, 15)
            process.wait(60)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Prefect, MLflow, the report and the schedule, as compose.yaml starts them."""
    home = tmp_path_factory.mktemp("compose")
    (home / "data" / "reports").mkdir(parents=True)
    running = Services(home)
    try:
        for name, path in {"prefect": "/api/health", "mlflow": "/health", "report": "/"}.items():
            running.start(name)
            running.wait(name, path)
        running.start("schedule")
        yield running
    finally:
        running.close()


@pytest.mark.long
def test_the_services_work_together(services: Services) -> None:
    """A night through both servers: deployments are registered, models lie in MLflow, the report answers."""
    done = subprocess.run(
        ["genrelab", "nightly"],
        cwd=services.home,
        env=services.environment("schedule"),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    services.wait("report", "/latest/index.html")
    assert (services.home / "mlflow.db").is_file()
    assert list((services.home / "mlflow").rglob("*.skops"))
    assert "nightly/nightly" in (services.home / "schedule.log").read_text()
    prefect = f"http://127.0.0.1:{services.ports['4200']}/api/health"
    assert requests.get(prefect, headers={"Host": "prefect:4200"}, timeout=30).ok
    assert requests.get(prefect, headers={"Host": "evil.example:4200"}, timeout=30).status_code == 403


def test_a_container_reaches_prefect_by_its_name() -> None:
    """The name in the schedule's address is one that the server answers to."""
    services = COMPOSE["services"]
    named = urlsplit(services["schedule"]["environment"]["PREFECT_API_URL"]).hostname
    assert named in allowed_hosts(services["prefect"]["environment"])


def test_ports_are_published_on_loopback_only() -> None:
    """No service listens where another machine could reach it."""
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_a_service_starts_after_what_it_needs_answers() -> None:
    """Every server that another service waits for has a health check; one that is optional does not hold it up."""
    services = COMPOSE["services"]
    profiles = {name: set(service.get("profiles", ())) for name, service in services.items()}
    for name, service in services.items():
        needed = service.get("depends_on", {})
        for other, how in needed.items() if isinstance(needed, dict) else ():
            assert how["condition"] == "service_healthy"
            assert "healthcheck" in services[other]
            assert how.get("required", True) or profiles[other]
            assert not how.get("required", True) or profiles[other] <= profiles[name]


def test_no_password_stands_in_the_compose_file() -> None:
    """All of them are in .env; the example names every variable that the file asks for and none that nobody reads."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+):-", text))
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    given = set(re.findall(r"^(\w+)=", example, flags=re.MULTILINE))
    assert "POSTGRES_PASSWORD" in given
    assert asked - given == {"SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET"}
    assert not re.search(r"postgresql\+\w+://", text)
    passed_on = {name for name in given - asked if not name.startswith(("AWS_", "GENRELAB_"))}
    assert passed_on == set()


def test_the_services_of_several_hosts_use_what_their_profile_starts() -> None:
    """Addresses in the example lead to services of the profile, and the databases in them are made."""
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:@|//)(\w+):\d+", example))
    assert named == {"s3", "postgresql", "dask"}
    assert {"s3", "postgresql", "worker"} == {
        name for name, service in COMPOSE["services"].items() if "hosts" in service.get("profiles", ())
    }
    databases = set(re.findall(r"CREATE DATABASE (\w+)", (ROOT / "deploy" / "databases.sql").read_text()))
    assert databases == set(re.findall(r"@postgresql:5432/(\w+)", example))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify` finds nothing wrong, and the command it starts is one of ours."""
    text = UNIT.read_text(encoding="utf-8")
    command = re.search(r"^ExecStart=(\S+) (.*)$", text, flags=re.MULTILINE)
    assert command is not None
    assert command.group(2) == "serve"
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace(command.group(1), "/bin/true"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr == ""


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(
            source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
