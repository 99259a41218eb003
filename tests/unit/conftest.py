"""Fixtures of more than one test module."""

import socket
import threading
from collections.abc import Iterator

import pytest
from model_rows import spotify_binned


@pytest.fixture(scope="module")
def data():
    """The rows of a training on a small made table."""
    from genrelab.models.data import prepare  # noqa: PLC0415 - most tests here need no models
    from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC  # noqa: PLC0415 - most tests here need no models

    return prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})


@pytest.fixture
def no_http() -> Iterator[int]:
    """Port of a listener that greets everybody and speaks no HTTP."""

    def greet() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            with caller:
                caller.recv(4096)
                caller.sendall(b"220 at your service\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
