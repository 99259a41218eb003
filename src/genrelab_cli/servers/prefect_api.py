"""The Prefect API of a run: the one that was named, or a temporary one of our own, kept alive while the run lasts."""

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
from genrelab_cli.servers.server import (
    HOST,
    POLL_SECONDS,
    STOP_SECONDS,
    answers,
    open_log,
    repair_prefect,
    shown,
    stop,
    wait_for,
)

MEND_NAMED = "start it, mend PREFECT_API_URL, or unset it to have one started"
COMMAND = (sys.executable, "-m", "genrelab_cli.servers.prefect_server")
BACKLOG = 128
RESTARTS = 3
"""How often a temporary server that ends in mid-run is started again."""


@contextmanager
def prefect_api(home: Home, meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
    """The address of a Prefect API that answers, for the length of a run.

    A temporary server that ends in mid-run is started again at the same address: Prefect's client asks again for
    about a minute, so the run goes on.

    Args:
        home: Whose database a temporary server takes.
        meanwhile: What can be done while it starts, as imports; its address is known by then.

    Raises:
        GenrelabError: The server does not answer at the start, or is gone for good.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        if not answers(f"{named.rstrip('/')}/health"):
            raise gone(named)
        with _told_when_gone(named):
            yield named
        return
    home.prefect.mkdir(parents=True, exist_ok=True)
    repair_prefect(home)
    temporary = TemporaryServer(home)
    try:
        os.environ["PREFECT_API_URL"] = temporary.url
        meanwhile()
        url = temporary.start()
        with _told_when_gone(url, f"read the last lines of {home.prefect / 'server.log'}"), _no_heartbeats():
            yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        temporary.stop()


@contextmanager
def _no_heartbeats() -> Iterator[None]:
    """Flows without the signs of life that a server may watch: this server ends with its run, and watches none.

    Prefect's thread that gives them sleeps by the second, and each flow waits for it at its end.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def gone(url: str, do: str = MEND_NAMED) -> GenrelabError:
    """What to say of a Prefect server that does not answer."""
    return GenrelabError(
        "the Prefect server does not answer",
        found=f"nothing at {shown(url)}",
        do=f"{do}, then run the same command again: what is done is skipped",
    )


@contextmanager
def _told_when_gone(url: str, do: str = MEND_NAMED) -> Iterator[None]:
    """Turn the errors that follow from a lost server into one line."""
    try:
        yield
    except GenrelabError:
        raise
    except Exception as error:
        if answers(f"{url.rstrip('/')}/health"):
            raise
        raise gone(url, do) from error


class TemporaryServer:
    """A Prefect server for one run, kept alive while the run lasts.

    The socket is ours and handed to the server: while one server takes the place of another, requests wait in it
    instead of being refused, which Prefect's client would not try again.

    Args:
        home: Whose database it serves.
        command: What takes the socket, as `fd:NUMBER`, and serves.
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
        """Wait until it answers; returns its address.

        Raises:
            GenrelabError: It does not start.
        """
        wait_for("the temporary Prefect server", self._process, f"{self.url}/health", self._log)
        self._keeper.start()
        return self.url

    def stop(self) -> None:
        """End it."""
        self._ending.set()
        stop(self._process)
        if self._keeper.is_alive():
            self._keeper.join(STOP_SECONDS)
        self._socket.close()

    def _keep(self) -> None:
        """Start it again when it ends before its time."""
        # The kernel ends a server together with the thread that started it: this one stays until the run is over.
        for _ in range(RESTARTS):
            code = self._process.wait()
            if self._ending.wait(POLL_SECONDS):
                return
            progress.say(f"the Prefect server ended in mid-run (exit code {code}); starting another one")
            self._process = self._start()
            if self._ending.is_set():
                stop(self._process)
        self._process.wait()
        self._socket.close()  # nobody will answer any more: let requests fail at once
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
                start_new_session=True,  # Ctrl-C is for us: we end the server when we are done
            )
