"""Start and stop servers: environment, ports, logs, and waiting until they answer."""

import errno
import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from genrelab.lake.databases import is_sound, set_aside
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.memory import give_memory_back
from genrelab.runtime.operations import load_operations
from genrelab.runtime.own_pages import allowed_hosts
from genrelab.runtime.proxies import open_url, spare_loopback
from genrelab.runtime.running_servers import HOST, note_server
from genrelab_cli.own_packages import come_first_in_children
from tasks.tracking.place import no_database

START_SECONDS = 120
STOP_SECONDS = 5
POLL_SECONDS = 0.1
LARGEST_LOG = 5 << 20

QUIET = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "False",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}
"""Variables that turn off the telemetry of the libraries."""


def prepare_environment(home: Home, *, verbose: bool) -> None:
    """Set the variables that the libraries read when imported; values set by the user are kept."""
    level = "INFO" if verbose else "CRITICAL"  # a failed step prints its own line, without a traceback
    defaults = {
        **QUIET,
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": level,
        # Threads that wait actively slow each other down when another process is busy: 42 s, not 2.4 s, for one fit.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    allowed_hosts()  # a bad value is reported now, not in the log of a server
    try:
        Path.home()
    except RuntimeError:  # unknown user, as in many containers: Prefect needs a home folder
        os.environ["HOME"] = str(home.root)
    spare_loopback()
    come_first_in_children()
    give_memory_back()


def require_prefect_database() -> None:
    """Check that the database of Prefect answers, because its server would only log a traceback.

    Raises:
        GenrelabError: PREFECT_API_DATABASE_CONNECTION_URL names one that does not.
    """
    named = os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL", "")
    if named.startswith("postgresql") and (
        problem := no_database(named.partition("?")[0].replace("+asyncpg", "+psycopg"))
    ):
        raise GenrelabError(
            "the database of Prefect does not answer",
            found=f"PREFECT_API_DATABASE_CONNECTION_URL = {shown(named)}: {problem}",
            do="start it, correct the address, or unset it to use the database of the home",
        )


def start_prefect(home: Home, port: int) -> "subprocess.Popen[bytes]":
    """Start a Prefect server with its UI on a port of loopback; it stops with this process."""
    repair_prefect(home)
    require_prefect_database()
    days = max(load_operations(home).retention.runs_days, 1)
    environment = {
        "PREFECT_UI_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(days * 86_400),
    }
    return start_server(home, "prefect", port, [str(port)], environment)


def start_server(
    home: Home, name: str, port: int, words: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start one of our server modules; it logs to Prefect's home folder and stops with this process.

    Args:
        home: The home it belongs to.
        name: `prefect` or `mlflow`.
        port: Port it listens on.
        words: Its command-line arguments.
        environment: Variables added to the environment of this process.
    """
    home.prefect.mkdir(parents=True, exist_ok=True)
    with open_log(log_of(home, name)) as log:
        server = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", f"genrelab_cli.servers.{name}_server", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C is for this process, which stops the server itself
        )
    note_server(home, name, port, server.pid)
    return server


def log_of(home: Home, name: str) -> Path:
    """Path of the log of a server that `genrelab ui` or `genrelab serve` started."""
    return home.prefect / f"ui-{name}.log"


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; a log above the size limit is renamed first, replacing the previous one."""
    if path.is_file() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def require_free(name: str, port: int, instead: str) -> None:
    """Raise an error if a port is not free.

    Args:
        name: Name of the server for the port.
        port: Number of the port.
        instead: A command that uses another port.

    Raises:
        GenrelabError: The port is in use or cannot be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise GenrelabError(
                f"port {port} for {name} is in use"
                if error.errno == errno.EADDRINUSE
                else f"port {port} for {name} cannot be used",
                found="" if error.errno == errno.EADDRINUSE else str(error),
                do=f"stop the program that uses it, or choose another port: {instead}",
            ) from None


def repair_prefect(home: Home) -> None:
    """Rename a damaged Prefect database, so that Prefect starts with an empty list of runs."""
    database = home.prefect / "prefect.db"
    if is_sound(database):
        return
    print(
        f"genrelab: Prefect's database was damaged and is replaced by an empty one; old file: {set_aside(database)}",
        file=sys.stderr,
    )


def wait_for(name: str, process: "subprocess.Popen[bytes]", url: str, logs: Path) -> None:
    """Wait until a started server answers.

    Raises:
        GenrelabError: The server stopped, or does not answer in time.
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
    """Stop a process that we started: terminate it, then kill it after a few seconds."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether an address answers with status 200."""
    try:
        with open_url(url, timeout=2) as response:
            return bool(response.status == 200)  # noqa: PLR2004 - OK
    except (OSError, ValueError, http.client.HTTPException):  # no server, no valid address, or not HTTP
        return False


def unanswered(label: str, variable: str, address: str) -> GenrelabError:
    """Return the error for a server that the environment names and that does not answer."""
    return GenrelabError(
        f"the {label} server does not answer",
        found=f"{variable} = {shown(address)}",
        do=f"start it, correct the address, or unset {variable} to start a server automatically",
    )


def shown(address: str) -> str:
    """Return an address without user name and password."""
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return "(an invalid address)"
    if not parts.netloc:
        return address.partition("?")[0]
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
