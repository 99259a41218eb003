"""The Prefect API of a run: the one that was named, or a temporary one of our own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genrelab.errors import GenrelabError
from genrelab.home import Home

HOST = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 5
POLL_SECONDS = 0.1

QUIET = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "False",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}
"""Telemetry of the libraries, off."""


def prepare_environment(home: Home, *, verbose: bool) -> None:
    """Settings that the libraries read when they are imported; what the user set stays."""
    level = "INFO" if verbose else "CRITICAL"  # a failed step says so itself, in a line without a traceback
    defaults = {
        **QUIET,
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": level,
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextmanager
def prefect_api(home: Home) -> Iterator[str]:
    """The address of a Prefect API that answers, for the length of a run.

    Raises:
        GenrelabError: The temporary server does not start.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        yield named
        return
    home.prefect.mkdir(parents=True, exist_ok=True)
    log = home.prefect / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "genrelab_cli.prefect_server", "0"],
            stdout=subprocess.PIPE,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we end the server when we are done
        )
    try:
        port = server.stdout.readline().decode().strip() if server.stdout else ""
        url = f"http://{HOST}:{port}/api"
        wait_for("the temporary Prefect server", server, f"{url}/health", log)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        stop(server)


def start_prefect(home: Home, port: int) -> "subprocess.Popen[bytes]":
    """Start a Prefect server with its UI on a port of loopback; it ends with this process."""
    home.prefect.mkdir(parents=True, exist_ok=True)
    with (home.prefect / "ui-prefect.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "genrelab_cli.prefect_server", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PREFECT_UI_API_URL": f"http://{HOST}:{port}/api"},
            start_new_session=True,  # Ctrl-C is for us: we end the server when we are done
        )


def wait_for(name: str, process: "subprocess.Popen[bytes]", url: str, logs: Path) -> None:
    """Wait until a server that we started answers.

    Raises:
        GenrelabError: It ended, or does not answer in time.
    """
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if answers(url):
            return
        time.sleep(POLL_SECONDS)
    raise GenrelabError(
        f"{name} did not start",
        found=f"exit code {process.poll()}",
        do=f"read the last lines of its log in {logs}",
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started, kindly first."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether something answers there with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - a loopback address
            return bool(response.status == 200)  # noqa: PLR2004 - OK
    except (urllib.error.URLError, OSError):
        return False
