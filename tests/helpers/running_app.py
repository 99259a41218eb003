"""The application on loopback, in a thread of the test, and requests to it."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from genrelab.runtime.home import Home
from genrelab_cli.app.application import make_application
from genrelab_cli.app.champions import Champions


@dataclass
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, str]:
        """The error that it holds."""
        found: dict[str, str] = self.json["error"]
        assert set(found) == {"what", "found", "allowed", "do"}
        return found


@dataclass
class App:
    """A running application.

    Args:
        port: Its port.
        champions: Its champions.
    """

    port: int
    champions: Champions

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        chunked: bool = False,
    ) -> Answer:
        """Send one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}), encode_chunked=chunked)
            found = connection.getresponse()
            return Answer(found.status, dict(found.headers), found.read())
        finally:
            connection.close()

    def post(self, path: str, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON."""
        return self.ask("POST", path, json.dumps(content).encode(), headers)


@contextmanager
def running_app(home: Home, token: str = "") -> Iterator[App]:
    """Run the application of a home."""
    champions = Champions(home)
    config = uvicorn.Config(make_application(home, token, champions), log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started
        try:
            yield App(listening.getsockname()[1], champions)
        finally:
            server.should_exit = True
            thread.join(10)
