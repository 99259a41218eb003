"""Run the program as a user does, in a home of its own."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forked import run_forked
from ports import free_port

from genrelab_cli.servers.server import QUIET, stop, wait_for

TIMEOUT = 900


@dataclass(frozen=True)
class Program:
    """`genrelab` in one home.

    Args:
        home: Its GENRELAB_HOME.
        settings: What this user sets in the environment.
    """

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a user without any setting but those named."""
        ours = ("GENRELAB_", "PREFECT_", "MLFLOW_", "SPOTIPY_", "LASTFM_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**clean, **self.settings, "GENRELAB_HOME": str(self.home)}

    @property
    def mlflow(self) -> str:
        """Address of its MLflow database."""
        return f"sqlite:///{self.home / 'mlruns/mlflow.db'}"

    def run(self, *words: str, timeout: float = TIMEOUT) -> subprocess.CompletedProcess[str]:
        """Run to the end; `timeout` in seconds."""
        return subprocess.run(
            [*command(), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def quick(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run to the end in a process whose libraries are loaded already: for tests that say nothing of the start."""
        return run_forked(words, self.environment, TIMEOUT)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start and do not wait."""
        return subprocess.Popen(
            [*command(), *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def tables(self) -> dict[str, dict[str, Any]]:
        """What `genrelab tables --json` says, by table."""
        return {row["table"]: row for row in json.loads(self.run("tables", "--json").stdout)}


def command() -> list[str]:
    """The program of this environment."""
    return [sys.executable, "-m", "genrelab_cli.main"]


def migrated_prefect(folder: Path) -> Path:
    """A database of Prefect's with all its tables, made once in a folder: making it takes a new home 5 s.

    Args:
        folder: Of all processes that test at once.
    """
    made = folder / "prefect.db"
    with (folder / "prefect.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            home = folder / "prefect"
            words = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
            environment = {**Program(home, QUIET).environment, "PREFECT_HOME": str(home)}
            subprocess.run(words, env=environment, check=True, capture_output=True)
            with closing(sqlite3.connect(home / "prefect.db")) as database:
                database.execute("VACUUM INTO ?", (str(made),))
    return made


@contextmanager
def prefect_server(folder: Path, database: Path | None = None) -> Iterator[str]:
    """A Prefect server that runs beside the program; yields its address.

    Args:
        folder: Its home.
        database: What `migrated_prefect` made; without it the server makes a database of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if database is not None:
        shutil.copy(database, folder / "prefect.db")
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "genrelab_cli.servers.prefect_server", str(port)],
            env={**Program(folder, QUIET).environment, "PREFECT_HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for("the Prefect server of the tests", server, f"{url}/health", log)
        yield url
    finally:
        stop(server)
