"""Run the program as a user does, in a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        ours = ("GENRELAB_", "PREFECT_", "MLFLOW_", "SPOTIPY_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**clean, **self.settings, "GENRELAB_HOME": str(self.home)}

    @property
    def mlflow(self) -> str:
        """Address of its MLflow database."""
        return f"sqlite:///{self.home / 'mlruns/mlflow.db'}"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        return subprocess.run(
            [*command(), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

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
