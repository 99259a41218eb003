"""The temporary Prefect server ends with its parent, however that ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ports import listens

PARENT = """
import sys, time
from genrelab.runtime.home import Home
from genrelab_cli.servers.prefect_api import prefect_api
from genrelab_cli.servers.server import prepare_environment
home = Home.find()
prepare_environment(home, verbose=False)
with prefect_api(home) as url:
    print(url, flush=True)
    from prefect.settings import get_current_settings
    print("heartbeats:", get_current_settings().flows.heartbeat_frequency, flush=True)
    if len(sys.argv) > 1:
        time.sleep(600)
"""
GONE_SECONDS = 60


def start(home: Path, *words: str) -> tuple[subprocess.Popen[str], int]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *words],
        env={**environment, "GENRELAB_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    url = parent.stdout.readline().strip()
    return parent, int(url.split(":")[2].split("/")[0])


def test_the_server_is_gone_after_its_parent_was_killed(home_with_prefect: Path) -> None:
    """Kill -9 of the run, and soon nothing listens any more."""

    parent, port = start(home_with_prefect, "stay")
    assert listens(port)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + GONE_SECONDS
    while listens(port) and time.monotonic() < until:
        time.sleep(0.1)
    assert not listens(port)


def test_the_server_is_gone_after_a_run_ended(home_with_prefect: Path) -> None:
    """Nothing is left behind by a run that ended by itself."""

    parent, port = start(home_with_prefect)
    assert (
        parent.stdout.readline() == "heartbeats: None\n"
    )  # each flow would wait up to a second for the last one
    assert parent.wait(60) == 0
    assert not listens(port)
