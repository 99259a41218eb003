"""Loopback never goes through a proxy, and everything else does."""

import http.server
import os
import threading
import urllib.request
from collections.abc import Iterator

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from genrelab.runtime.proxies import LOOPBACK, is_loopback, open_url, spare_loopback
from genrelab_cli.servers.server import answers

DEAD = "http://127.0.0.1:9"
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Recorder(http.server.BaseHTTPRequestHandler):
    """Answers whatever is asked, and remembers it."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.logins.append(self.headers.get("Authorization"))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def recorder() -> Iterator[http.server.ThreadingHTTPServer]:
    """A server, or a proxy: to the one who answers both look alike."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.asked, server.logins = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ask(client: str, url: str) -> str:
    match client:
        case "urllib":
            return open_url(url, timeout=5).read().decode()
        case "requests":
            return requests.get(url, timeout=5).text
    return httpx.get(url, timeout=5).text


@pytest.mark.parametrize("client", ["urllib", "requests", "httpx"])
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "proxy", [DEAD, "socks5://127.0.0.1:9", "127.0.0.1:9", "http://[", "ftp://127.0.0.1:9"]
)
def test_this_machine_is_reached_whatever_proxy_is_named(
    recorder, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str, client: str
) -> None:
    """By each of the libraries that our own servers are asked with."""

    monkeypatch.setenv(variable, proxy)
    spare_loopback()
    assert ask(client, f"http://127.0.0.1:{recorder.server_port}/x") == "hello"
    assert recorder.asked == ["/x"]


@pytest.mark.parametrize("client", ["urllib", "requests", "httpx"])
def test_others_are_asked_through_the_proxy(recorder, monkeypatch: pytest.MonkeyPatch, client: str) -> None:
    """A proxy stays a proxy; one beside it that is none to httpx does not change that."""

    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{recorder.server_port}")
    spare_loopback()
    assert ask(client, "http://music.invalid/genres") == "hello"
    assert recorder.asked == ["http://music.invalid/genres"]


def test_a_server_of_ours_is_seen_without_any_preparation(recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for health need not have touched the environment."""

    monkeypatch.setenv("http_proxy", DEAD)
    assert answers(f"http://127.0.0.1:{recorder.server_port}/health")
    assert answers(f"http://localhost:{recorder.server_port}/health")


@given(
    st.lists(st.sampled_from(["example.org", ".local", "10.0.0.0/8", *LOOPBACK, "*"]), max_size=5),
    st.sampled_from(["no_proxy", "NO_PROXY"]),
)
def test_what_a_user_excepts_stays_excepted(hosts: list[str], name: str) -> None:
    """In its order, with loopback behind it, once, however often it is done."""

    with pytest.MonkeyPatch.context() as patch:
        for each in ("no_proxy", "NO_PROXY"):
            patch.delenv(each, raising=False)
        patch.setenv(name, ",".join(hosts))
        spare_loopback()
        spare_loopback()
        found = (os.environ.get("no_proxy") or os.environ["NO_PROXY"]).split(",")
    if hosts == ["*"]:
        assert found == ["*"]
        return
    assert found[: len(hosts)] == hosts
    assert set(LOOPBACK) <= set(found)
    assert len(found) == len(hosts) + len(set(LOOPBACK) - set(hosts))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.1.2.3:80", True),
        ("http://[::1]:5000/x", True),
        ("http://localhost", True),
        ("http://localhost.example.org", False),
        ("http://10.0.0.1", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_loopback_is_told_by_the_address(address: str, *, expected: bool) -> None:
    """Names are not looked up."""

    assert is_loopback(address) == expected


def test_a_request_object_is_sent_as_it_is(recorder) -> None:
    """Webhooks and token requests carry a body."""

    request = urllib.request.Request(f"http://127.0.0.1:{recorder.server_port}/hook")
    assert open_url(request, timeout=5).status == 200


def test_a_login_in_the_address_is_sent_as_others_send_it(recorder) -> None:
    """MLFLOW_TRACKING_URI and PREFECT_API_URL may hold a name and password, blanks and all."""

    address = f"http://me:a%20b%40c@127.0.0.1:{recorder.server_address[1]}/health"
    assert answers(address)
    requests.get(address, timeout=5)
    httpx.get(address, timeout=5)
    ours, *others = recorder.logins
    assert ours is not None
    assert others == [ours, ours]
