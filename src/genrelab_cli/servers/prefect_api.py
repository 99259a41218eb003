"""The Prefect API of a run: the server of PREFECT_API_URL, or a temporary one that is restarted if it stops."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.running_servers import HOST
from genrelab_cli.servers.server import (
    POLL_SECONDS,
    STOP_SECONDS,
    answers,
    open_log,
    repair_prefect,
    require_prefect_database,
    shown,
    stop,
    wait_for,
)

FIX_NAMED = "start it, correct PREFECT_API_URL, or unset it to use a temporary server"
COMMAND = (sys.executable, "-m", "genrelab_cli.servers.prefect_server")
BACKLOG = 128
RESTARTS = 3
"""How often a temporary server that stops during a run is restarted."""


@contextmanager
def prefect_api(home: Home, meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Yield the address of a Prefect API that answers while a run lasts.

    A temporary server that stops during a run is restarted at the same address: Prefect's client retries for about a
    minute, so the run continues.

    Args:
        home: The home whose database a temporary server uses.
        meanwhile: Work to do while it starts, such as imports; its address is already set.

    Raises:
        GenrelabError: The server does not answer at the start, or stops and cannot be restarted.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        if not answers(f"{named.rstrip('/')}/health"):
            raise gone(named)
        with report_lost_server(named):
            yield named
        return
    home.prefect.mkdir(parents=True, exist_ok=True)
    repair_prefect(home)
    require_prefect_database()
    temporary = TemporaryServer(home)
    try:
        os.environ["PREFECT_API_URL"] = temporary.url
        meanwhile()
        url = temporary.start()
        with (
            report_lost_server(url, f"read the last lines of {home.prefect / 'server.log'}"),
            _no_heartbeats(),
        ):
            yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        temporary.stop()


@contextmanager
def _no_heartbeats() -> Iterator[None]:
    """Disable Prefect's heartbeats: a temporary server ends with its run and does not need them.

    Each flow would wait up to a second at its end for Prefect's heartbeat thread.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def gone(url: str, do: str = FIX_NAMED) -> GenrelabError:
    """Return the error for a Prefect server that does not answer."""
    return GenrelabError(
        "the Prefect server does not answer",
        found=f"no answer at {shown(url)}",
        do=f"{do}, then run the same command again: finished steps are skipped",
    )


@contextmanager
def report_lost_server(url: str, do: str = FIX_NAMED) -> Iterator[None]:
    """Replace the errors that a lost server causes by one message."""
    try:
        yield
    except GenrelabError:
        raise
    except Exception as error:
        if answers(f"{url.rstrip('/')}/health"):
            raise
        raise gone(url, do) from error


class TemporaryServer:
    """A Prefect server for one run, restarted if it stops while the run lasts.

    This process owns the socket and passes it to the server. While a server is replaced, requests wait in the socket;
    otherwise they would be refused, and Prefect's client does not retry those.

    Args:
        home: The home whose database it serves.
        command: The command that serves on the socket, which it gets as `fd:NUMBER`.
    """

    def __init__(self, home: Home, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._log = home.prefect / "server.log"
        self._ending = threading.Event()
        self._socket = socket.create_server((HOST, 0), backlog=BACKLOG)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}/api"
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> str:
        """Wait until the server answers and return its address.

        Raises:
            GenrelabError: The server does not start.
        """
        wait_for("the temporary Prefect server", self._process, f"{self.url}/health", self._log)
        self._keeper.start()
        return self.url

    def stop(self) -> None:
        """Stop the server."""
        self._ending.set()
        stop(self._process)
        if self._keeper.is_alive():
            self._keeper.join(STOP_SECONDS)
        self._socket.close()

    def _keep(self) -> None:
        """Restart the server when it stops too early."""
        # The kernel stops a server together with the thread that started it, so this thread lives until the run ends.
        for _ in range(RESTARTS):
            code = self._process.wait()
            if self._ending.wait(POLL_SECONDS):
                return
            progress.say(f"the Prefect server stopped during the run (exit code {code}); starting a new one")
            self._process = self._start()
            if self._ending.is_set():
                stop(self._process)
        self._process.wait()
        self._socket.close()  # no server will answer any more: let requests fail at once
        self._ending.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        number = self._socket.fileno()
        with open_log(self._log) as output:
            return subprocess.Popen(  # noqa: S603 - our own module
                [*self._command, f"fd:{number}"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(number,),
                start_new_session=True,  # Ctrl-C is for this process, which stops the server itself
            )
