"""Every command of docs/guide.md, run as it stands there, in its order, in one home."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from layout_files import as_csv, records_of
from ports import free_port
from program import Program
from pull_rows import catalogue_rows, write

from genrelab.sources.fma.sample import write_sample
from genrelab.sources.origin import sample as origin_sample
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
SERVERS = ("genrelab serve", "genrelab ui", "genrelab app")
ELSEWHERE = {
    "genrelab champion rollback": "tests/integration/test_champion.py has two champions to go back between",
    "sudo": "tests/e2e/test_deploy.py checks the unit and what it starts",
    "docker": "tests/e2e/test_deploy.py runs the image's steps and the services' commands",
    "export PREFECT_API_DATABASE_CONNECTION_URL": "tests/e2e/test_postgresql.py sets both addresses",
    "export MLFLOW_TRACKING_URI": "tests/e2e/test_postgresql.py sets both addresses",
}
"""Commands that need another machine, with the test that stands in for them."""
PATIENCE = 240


def commands() -> list[str]:
    """The lines of the guide's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


class Terminal:
    """One shell session: a working folder, an environment that `export` changes, servers left running."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.servers: list[subprocess.Popen[bytes]] = []
        self.started: set[str] = set()
        self.ports = {port: str(free_port()) for port in ("4200", "5000", "8600", "5002")}
        programs = folder / "bin"
        programs.mkdir()
        for name, words in {"genrelab": "genrelab_cli.main", "prefect": "prefect"}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} -m {words} "$@"\n')
            (programs / name).chmod(0o755)
        spotify = {
            name: value for name, value in sandbox.environment.items() if not name.startswith("SPOTIPY_")
        }
        environment = Program(folder).environment | spotify
        # what a nightly training takes for real data, it takes for a small file too
        self.environment = environment | {
            "GENRELAB_BUDGET": "quick",
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def run(self, line: str) -> None:
        """Run a line of the guide, as `bash` does."""
        for port, free in self.ports.items():
            line = line.replace(port, free)
        if line.startswith("export "):
            self.environment |= dict(word.split("=", 1) for word in line.split()[1:])
        elif line in SERVERS:
            self._serve(line)
        else:
            if line == "make nightly":
                line = f"make --directory {ROOT} nightly VENV={_venv(self.folder)}"
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=self.folder,
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
            assert "Traceback" not in done.stderr

    def _serve(self, line: str) -> None:
        """Start a server and wait until it has printed the addresses that the guide promises."""
        promised = {"genrelab serve": 1, "genrelab app": 2}.get(line, 4)
        ui = {"prefect": "4200", "mlflow": "5000", "report": "8600", "app": "5002"}
        flags = {
            "genrelab serve": f"--port {self.ports['4200']}",
            "genrelab app": f"--port {free_port() if line in self.started else self.ports['5002']}",
        }.get(line, " ".join(f"--{name}-port {self.ports[port]}" for name, port in ui.items()))
        self.started.add(line)
        log = self.folder / f"{line.split()[1]}.log"
        with log.open("wb") as out:
            self.servers.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {line} {flags}"],
                    cwd=self.folder,
                    env=self.environment,
                    stdout=out,
                    stderr=out,
                )
            )
        until = time.monotonic() + PATIENCE
        while log.read_text().count("http://127.0.0.1") < promised or (
            promised == 1 and "bin_genres/bin_genres" not in log.read_text()
        ):
            assert self.servers[-1].poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.5)

    def close(self) -> None:
        """Ctrl-C for every server, the newest first."""
        for server in reversed(self.servers):
            server.send_signal(signal.SIGINT)
            server.wait(60)


def pulls() -> list[dict[str, str]]:
    """Rows of a file of earlier pulls; the energy of one is given in percent."""
    rows = catalogue_rows(700, 11)
    return [*rows[:-1], {**rows[-1], "energy": str(100 * float(rows[-1]["energy"]))}]


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A folder with the files that the guide names, and a stand-in of Spotify's Web API."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "pulls").mkdir()
    write(folder / "pulls" / "info_1.csv", pulls())
    (folder / "Liked_Songs.csv").write_text(as_csv(records_of("exportify")), encoding="utf-8")
    mine = [{**record, "energy": 50} for record in records_of("pulls")]
    renamed = as_csv(mine).replace("artist_name", "Interpret", 1).replace("energy", "Energie", 1)
    (folder / "mine.csv").write_text(renamed, encoding="utf-8")
    write_sample(folder / "fma_metadata", tracks=400)
    origin_sample.write_sample(folder / "default_features_1059_tracks.txt", seed=24)
    shutil.copytree(ROOT / "src" / "genrelab" / "rules", folder / "src" / "genrelab" / "rules")
    artists = catalogue(160, 7)
    (folder / "artists.txt").write_text("\n".join(artist.id for artist in artists.artists))
    keys = {"credentials": ("your-client-id", "your-client-secret"), "lastfm_key": "your-key"}
    with Sandbox(artists, **keys) as sandbox:
        session = Terminal(folder, sandbox)
        try:
            yield session
        finally:
            session.close()


@pytest.mark.parametrize("line", list(enumerate(commands())), ids=lambda one: one[1])
def test_the_command_works(terminal: Terminal, line: tuple[int, str]) -> None:
    """It exits with 0, or serves until it is interrupted; one that needs another machine has a test of its own."""
    _, command = line
    stand_in = next((test for start, test in ELSEWHERE.items() if command.startswith(start)), None)
    if stand_in:
        named = re.search(r"tests/\S+\.py", stand_in)
        assert named is not None
        assert (ROOT / named.group()).is_file()
        return
    terminal.run(command)


def _venv(folder: Path) -> Path:
    """This environment as the Makefile knows it once it is set up."""
    venv = folder / "venv"
    (venv / "bin").mkdir(parents=True)
    for name, words in {"genrelab": "-m genrelab_cli.main", "python": ""}.items():
        (venv / "bin" / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (venv / "bin" / name).chmod(0o755)
    (venv / ".ready").touch()
    return venv
