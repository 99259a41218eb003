"""Which requests our servers answer: programs and their own pages, and nobody else's page."""

import http.client
import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ports import free_port
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from genrelab.runtime.errors import SettingsError
from genrelab.runtime.own_pages import LOOPBACK, OwnPagesHandler, allowed_hosts, own_origins, why_refused
from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab_cli.servers.own_pages import OwnPagesOnly
from genrelab_cli.servers.report_server import serve_report

OWN = ("Host", "127.0.0.1:4200")
names = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda name: name not in LOOPBACK
)
ports = st.integers(1, 65535)
schemes = st.sampled_from(["http", "https"])
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


@given(methods, st.sampled_from(LOOPBACK), ports)
def test_programs_are_answered_by_every_name_of_loopback(method: str, name: str, port: int) -> None:
    """With any port: a tunnel may lead from another one."""

    assert not why_refused(method, [("host", f"{name}:{port}")])
    assert not why_refused(method, [("HOST", name.upper())])


@given(methods, names, ports)
def test_a_foreign_host_is_refused(method: str, name: str, port: int) -> None:
    """Whatever else the request says: the name may lead to loopback since a minute ago."""

    origin = ("Origin", f"http://{name}:{port}")
    assert why_refused(method, [("Host", f"{name}:{port}")])
    assert why_refused(method, [("Host", f"{name}:{port}"), origin])
    assert not why_refused(method, [("Host", f"{name}:{port}"), origin], (name,))


@given(methods, names, ports, schemes)
def test_a_foreign_page_is_refused(method: str, name: str, port: int, scheme: str) -> None:
    """Unless its name is allowed."""

    headers = [OWN, ("Origin", f"{scheme}://{name}:{port}")]
    assert why_refused(method, headers)
    assert not why_refused(method, headers, (name,))
    assert not why_refused(method, headers, (f"{name}:{port}",))


@given(methods, ports.filter(lambda port: port != 4200), st.sampled_from(LOOPBACK))
def test_a_page_of_another_port_is_refused(method: str, port: int, name: str) -> None:
    """Another program of this machine serves it."""

    assert why_refused(method, [OWN, ("Origin", f"http://{name}:{port}")])


@given(methods, ports)
def test_own_pages_are_answered(method: str, port: int) -> None:
    """By both names that people type, also where the page was opened by the one and asks by the other."""

    for origin in own_origins(port):
        for name in LOOPBACK:
            assert not why_refused(method, [("Host", f"{name}:{port}"), ("Origin", origin)])


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Host", "")],
        [("Host", "127.0.0.1:4200:80")],
        [("Host", "127.0.0.1@evil.example")],
        [("Host", "127.0.0.1.evil.example:4200")],
        [("Host", "localhost.evil.example")],
        [OWN, ("Host", "evil.example")],
        [OWN, ("Origin", "null")],
        [OWN, ("Origin", "")],
        [OWN, ("Origin", "file://")],
        [OWN, ("Origin", "ftp://127.0.0.1:4200")],
        [OWN, ("Origin", "http://127.0.0.1:4200@evil.example")],
        [OWN, ("Origin", "http://127.0.0.1:4200.evil.example")],
        [OWN, ("Origin", "http://127.0.0.1:4200"), ("Origin", "http://evil.example")],
        [OWN, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
        [OWN, ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
    ],
)
def test_what_only_resembles_an_own_page_is_refused(headers: list[tuple[str, str]]) -> None:
    """Two hosts, a name that begins with ours, a sandboxed frame, a picture, a frame around the server."""

    assert why_refused("GET", headers)


def test_a_link_from_another_page_is_followed() -> None:
    """The report links to MLflow; a form that another page sends is no link."""

    link = [
        OWN,
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ]
    assert not why_refused("GET", link)
    assert why_refused("POST", link)


@pytest.mark.parametrize("text", ["http://prefect", "*", "prefect/api", "a b", "prefect:port"])
def test_an_allowed_host_is_a_name(text: str) -> None:
    """A wildcard would let everybody in, a scheme nobody."""

    with pytest.raises(SettingsError, match="GENRELAB_ALLOWED_HOSTS"):
        allowed_hosts({"GENRELAB_ALLOWED_HOSTS": text})
    assert allowed_hosts({"GENRELAB_ALLOWED_HOSTS": " Prefect , x.org:8443,"}) == ("prefect", "x.org:8443")


def test_the_guard_of_prefect_and_mlflow_answers_403(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over HTTP and over WebSocket, before the application sees anything."""

    seen: list[str] = []

    async def page(_: object) -> PlainTextResponse:
        seen.append("http")
        return PlainTextResponse("data")

    async def socket(opened: WebSocket) -> None:
        seen.append("websocket")
        await opened.accept()
        await opened.close()

    monkeypatch.setenv("GENRELAB_ALLOWED_HOSTS", "prefect")
    routes = [Route("/", page, methods=["GET", "POST"]), WebSocketRoute("/live", socket)]
    with TestClient(OwnPagesOnly(Starlette(routes=routes)), "http://127.0.0.1:4200") as client:
        for headers in ({"Origin": "http://evil.localhost"}, {"Host": "evil.example"}):
            for method in ("GET", "POST"):
                answer = client.request(method, "/", headers=headers)
                assert (answer.status_code, "data" in answer.text) == (403, False)
            asking = {"Host": "127.0.0.1:4200", **headers}
            with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live", headers=asking):
                pass
        assert seen == []
        for headers in ({}, {"Origin": "http://localhost:4200"}, {"Host": "prefect:4200"}):
            assert client.post("/", headers=headers).text == "data"
        own = {"Host": "127.0.0.1:4200", "Origin": "http://127.0.0.1:4200"}
        with client.websocket_connect("/live", headers=own):
            pass
    assert seen == ["http"] * 3 + ["websocket"]


@contextmanager
def report(folder: Path) -> Iterator[int]:
    """A report's server; its port."""
    port = free_port()
    (folder / "secret.html").write_text("secret")
    server = serve_report(folder, port)
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()


def asked(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Status and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_report_is_shown_to_nobody_elses_page(tmp_path: Path) -> None:
    """A program and the report's own pages read it; a foreign host and a foreign page get 403."""

    with report(tmp_path) as port:
        assert asked(port, "GET", "/secret.html") == (200, "secret")
        assert asked(port, "GET", "/secret.html", Origin=f"http://localhost:{port}") == (200, "secret")
        for foreign in ({"Host": f"evil.example:{port}"}, {"Origin": "http://evil.example"}):
            status, text = asked(port, "GET", "/secret.html", **foreign)
            assert (status, "secret" in text) == (403, False)


def test_the_stand_in_gives_no_token_to_a_page() -> None:
    """A request of a page is refused before it is counted."""

    with Sandbox(catalogue(13)) as sandbox:
        port = int(sandbox.token_url.split(":")[2].split("/")[0])
        status, _ = asked(
            port, "POST", "/api/token", "grant_type=client_credentials", Origin="http://evil.example"
        )
        assert (status, sandbox.counts) == (403, {})
        status, _ = asked(port, "POST", "/api/token", "grant_type=client_credentials")
        assert (status, sandbox.counts) == (400, {"token": 1})


def test_a_refused_body_is_no_second_request() -> None:
    """What a page sends as the body of a refused request is not read as a request of its own."""

    answered: list[str] = []

    class Connection(OwnPagesHandler, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __init__(self, sent: bytes) -> None:
            self.rfile, self.wfile = io.BytesIO(sent), io.BytesIO()
            self.client_address = ("127.0.0.1", 1)
            self.handle()

        def do_GET(self) -> None:
            answered.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    inner = b"GET /inner HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    Connection(b"GET /outer HTTP/1.1\r\nHost: evil.example\r\n\r\n" + inner)
    assert answered == []
    Connection(inner)
    assert answered == ["/inner"]
