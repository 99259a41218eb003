"""Servers that are there already: whose they are, and what is taken for one."""

import http.server
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.commands import ui
from genrelab_cli.commands.serve import _connect
from genrelab_cli.servers.server import answers, note_server, require_prefect_database, shown


class Healthy(http.server.BaseHTTPRequestHandler):
    """Somebody's server."""

    def do_GET(self) -> None:
        """Answer that all is well."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def theirs() -> Iterator[int]:
    """Port of a server that answers."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_what_speaks_no_http_does_not_answer(no_http: int) -> None:
    """Nor does an address that is none."""

    assert not answers(f"http://127.0.0.1:{no_http}/health")
    assert not answers("http://127.0.0.1:port/health")
    assert not answers("127.0.0.1/health")
    assert not answers("http://[::1/api")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://me:sesame@host:4200/api?key=sesame", "http://host:4200/api"),
        ("postgresql+psycopg://me:sesame@db/mlflow", "postgresql+psycopg://db/mlflow"),
        ("sqlite:////data/mlflow.db", "sqlite:////data/mlflow.db"),
        ("http://[::1/api", "(an invalid address)"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, words: str) -> None:
    """Whatever it is."""

    assert shown(address) == words


def test_a_database_of_prefect_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its address without the password; a server without it would only log a traceback."""

    address = "postgresql+asyncpg://me:sesame@127.0.0.1:1/prefect?ssl=require"
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", address)
    with pytest.raises(GenrelabError, match=r"the database of Prefect does not answer.*refused") as raised:
        require_prefect_database()
    assert "sesame" not in str(raised.value)
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////data/prefect.db")
    require_prefect_database()


def test_the_scheduler_takes_no_server_of_somebody_else(home: Home, theirs: int) -> None:
    """Two schedulers on one server would run each other's nights, each in its own home."""

    with pytest.raises(GenrelabError, match=f"port {theirs} for Prefect is in use") as raised:
        _connect(home, theirs)
    assert f"PREFECT_API_URL=http://127.0.0.1:{theirs}/api" in str(raised.value)


def test_the_scheduler_takes_the_server_of_its_home(
    home: Home, theirs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`genrelab ui` may have started it."""

    note_server(home, "prefect", theirs, os.getpid())
    monkeypatch.setenv("PREFECT_API_URL", "")
    assert _connect(home, theirs) is None


@pytest.mark.parametrize(
    ("name", "variable", "ending"),
    [("prefect", "PREFECT_API_URL", "/api"), ("mlflow", "MLFLOW_TRACKING_URI", "")],
)
def test_a_named_server_is_used_wherever_it_is(
    home: Home, theirs: int, monkeypatch: pytest.MonkeyPatch, name: str, variable: str, ending: str
) -> None:
    """Also on the port on which it would be started; a dead one elsewhere is told, and without its password."""

    monkeypatch.setenv(variable, f"http://127.0.0.1:{theirs}{ending}")
    assert ui._is_running(home, ui._service(name, theirs))
    assert ui._is_running(home, ui._service(name, int(str(theirs)[:-1])))
    monkeypatch.setenv(variable, f"http://127.0.0.1:1{ending}")
    assert not ui._is_running(home, ui._service(name, 1))
    monkeypatch.setenv(variable, f"http://me:sesame@127.0.0.1:1{ending}")
    with pytest.raises(GenrelabError, match=f"{variable} = http://127.0.0.1:1") as raised:
        ui._is_running(home, ui._service(name, 4200))
    assert "sesame" not in str(raised.value)


@pytest.mark.parametrize("named", ["postgresql+psycopg://me:sesame@db/mlflow", "http://127.0.0.1:5000"])
def test_no_password_stands_in_the_list_of_processes(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str
) -> None:
    """And a server that names itself keeps its runs in the database of its home."""

    monkeypatch.setenv("MLFLOW_TRACKING_URI", named)
    given = []
    monkeypatch.setattr(ui, "start_server", lambda *words: given.append(words))
    ui._start(home, ui._service("mlflow", 5000), ExitStack())
    _, _, _, words, environment = given[0]
    assert "sesame" not in "".join(words)
    local = f"sqlite:///{tmp_path / 'mlruns/mlflow.db'}"
    assert environment == {"GENRELAB_BACKEND": local if named.startswith("http") else named}
