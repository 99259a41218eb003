"""Servers that the program starts: their environment, ports, logs, and waiting until they answer."""

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
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.memory import give_memory_back
from genrelab.runtime.operations import load_operations
from genrelab.runtime.own_pages import allowed_hosts
from genrelab.runtime.proxies import open_url, spare_loopback
from genrelab_cli.own_packages import come_first_in_children

HOST = "127.0.0.1"
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
"""Telemetry of the libraries, off."""


def prepare_environment(home: Home, *, verbose: bool) -> None:
    """Settings that the libraries read when they are imported; what the user set stays."""
    level = "INFO" if verbose else "CRITICAL"  # a failed step says so itself, in a line without a traceback
    defaults = {
        **QUIET,
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": level,
        # Threads that wait in a loop starve one another beside any other busy process: 42 s against 2.4 s for one fit.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    allowed_hosts()  # a bad value is reported now, not in the log of a server
    try:
        Path.home()
    except (
        RuntimeError
    ):  # a user whom the system does not know, as in many containers: Prefect asks for its folder
        os.environ["HOME"] = str(home.root)
    spare_loopback()
    come_first_in_children()
    give_memory_back()


def start_prefect(home: Home, port: int) -> "subprocess.Popen[bytes]":
    """Start a Prefect server with its UI on a port of loopback; it ends with this process."""
    repair_prefect(home)
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
    """Start one of our server modules; it writes to a log in Prefect's home and ends with this process.

    Args:
        home: Whose server.
        name: `prefect` or `mlflow`.
        port: Where it listens.
        words: Its arguments.
        environment: What is added to ours.
    """
    home.prefect.mkdir(parents=True, exist_ok=True)
    with open_log(log_of(home, name)) as log:
        server = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", f"genrelab_cli.servers.{name}_server", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C is for us: we end the server when we are done
        )
    note_server(home, name, port, server.pid)
    return server


def log_of(home: Home, name: str) -> Path:
    """Log of a server that `genrelab ui` or `genrelab serve` started."""
    return home.prefect / f"ui-{name}.log"


def open_log(path: Path) -> IO[bytes]:
    """A log to append to; what has grown past its limit is put aside, one file deep."""
    if path.is_file() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def note_server(home: Home, name: str, port: int, pid: int) -> None:
    """Write down who serves a port, so that another command of the same home knows its own server."""
    record = {
        "pid": pid,
        "born": _born(pid),
        "home": str(home.root),
    }  # a copy of the home brings the record along
    write_json(home.prefect / "servers" / f"{name}-{port}.json", record)


def is_ours(home: Home, name: str, port: int) -> bool:
    """Whether a server of this home, started by another command, listens on a port."""
    record = read_json(home.prefect / "servers" / f"{name}-{port}.json")
    if not record or record.get("home") != str(home.root) or record.get("born") != _born(record["pid"]):
        return False
    try:
        os.kill(record["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _born(pid: int) -> str:
    """When a process was started, by the kernel's clock: its number may be given to another one. Empty off Linux."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f"{boot} {facts.rpartition(')')[2].split()[19]}"  # field 22; the name before it may hold blanks


def require_free(name: str, port: int, instead: str) -> None:
    """Make sure that a port can be listened on.

    Args:
        name: What is to listen there.
        port: Number of the port.
        instead: A command that takes another one.

    Raises:
        GenrelabError: Something listens there.
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
                do=f"end what listens there, or choose another: {instead}",
            ) from None


def repair_prefect(home: Home) -> None:
    """Put a damaged database of Prefect's aside: what is lost is the list of past runs, and the next one works."""
    database = home.prefect / "prefect.db"
    if is_sound(database):
        return
    print(
        f"genrelab: Prefect's database was damaged and starts anew; the old one is {set_aside(database)}",
        file=sys.stderr,
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
        with open_url(url, timeout=2) as response:
            return bool(response.status == 200)  # noqa: PLR2004 - OK
    except (OSError, ValueError, http.client.HTTPException):  # nobody, no address, or no HTTP
        return False


def unanswered(label: str, variable: str, address: str) -> GenrelabError:
    """What to say of a server that the environment names and that does not answer."""
    return GenrelabError(
        f"the {label} server does not answer",
        found=f"{variable} = {shown(address)}",
        do=f"start it, mend the address, or unset {variable} to have one started",
    )


def shown(address: str) -> str:
    """An address without the name and password that it may hold."""
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return "something that is no address"
    if not parts.netloc:
        return address.partition("?")[0]
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
