"""Decides which requests a local server answers: those of programs and of its own pages, but of no other web page.

A browser lets any open page send requests to loopback. Three headers, which a page cannot change, say where a request
comes from:

- `Host`: the name by which the server was reached. A foreign name that resolves to loopback (DNS rebinding) is refused.
- `Origin`: the page that sends the request. It must be the server's own, by any of its names.
- `Sec-Fetch-Site`: the relation of the page to the server, also sent without `Origin` (images, scripts, frames).
  Following a link from another page stays possible.

Programs send neither `Origin` nor `Sec-Fetch-Site`. A server listens on loopback and answers to the names of loopback;
GENRELAB_ALLOWED_HOSTS adds names for a server in a container or behind a proxy.

How a server answers does not belong here, beyond the refusal itself.
"""

import os
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from genrelab.runtime.errors import SettingsError

VARIABLE = "GENRELAB_ALLOWED_HOSTS"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
DEFAULT_PORTS = {"http": "80", "https": "443"}
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]+))?", re.IGNORECASE)


def allowed_hosts(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the further host names of the servers, each with or without a port.

    Raises:
        SettingsError: GENRELAB_ALLOWED_HOSTS holds something that is not a host name.
    """
    hosts = tuple(host.strip().lower() for host in environment.get(VARIABLE, "").split(",") if host.strip())
    wrong = [host for host in hosts if not HOST.fullmatch(host)]
    if wrong:
        raise SettingsError(
            f"{VARIABLE} holds something that is not a host name",
            found=", ".join(wrong),
            allowed="names, each with or without a port, separated by commas: prefect, music.example.org:8443",
            do="remove schemes, paths and wildcards",
        )
    return hosts


def own_origins(port: int, hosts: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the origins of a server's own pages.

    Args:
        port: Its port on loopback.
        hosts: Its other names, as `allowed_hosts` returns them.

    >>> own_origins(4200, ["music.example.org"])[2:]
    ('http://[::1]:4200', 'http://music.example.org', 'https://music.example.org')
    """
    own = [f"http://{name}:{port}" for name in LOOPBACK]
    return (*own, *(f"{scheme}://{host}" for host in hosts for scheme in DEFAULT_PORTS))


def why_refused(method: str, headers: Iterable[tuple[str, str]], hosts: Iterable[str] = ()) -> str:
    """Return why a request is refused; empty if it is answered.

    Args:
        method: Method of the request.
        headers: Its headers, in upper or lower case.
        hosts: The result of `allowed_hosts`.

    >>> why_refused("GET", [("Host", "127.0.0.1:4200")])
    ''
    >>> why_refused("GET", [("Host", "evil.example:4200")])
    'the host evil.example:4200 is not a name of this server'
    >>> why_refused("POST", [("Host", "127.0.0.1:4200"), ("Origin", "http://evil.example")])
    'the page http://evil.example is not one of this server'
    """
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value.strip().lower())
    hosts = tuple(hosts)
    host = HOST.fullmatch(found["host"][0]) if len(found.get("host", ())) == 1 else None
    if host is None or not _is_ours(host["name"], host["port"], (*LOOPBACK, *hosts)):
        return f"the host {', '.join(found.get('host', ())) or '(none)'} is not a name of this server"
    if "origin" in found:
        foreign = [one for one in found["origin"] if not _is_own_page(one, host["name"], host["port"], hosts)]
        return f"the page {', '.join(foreign)} is not one of this server" if foreign else ""
    sites = found.get("sec-fetch-site", ())
    if {"cross-site", "same-site"} & set(sites) and not _follows_a_link(method, found):
        return "another web page sent it"
    return ""


def _is_own_page(origin: str, host: str, port: str | None, hosts: tuple[str, ...]) -> bool:
    """Whether an origin is one of the server's own pages, by any of its names."""
    scheme, _, authority = origin.partition("://")
    page = HOST.fullmatch(authority)
    if scheme not in DEFAULT_PORTS or page is None:  # also "null", which sandboxed frames and files send
        return False
    default = DEFAULT_PORTS[scheme]
    if (page["port"] or default) == (port or default) and (
        page["name"] == host or {page["name"], host} <= set(LOOPBACK)
    ):
        return True
    return _is_ours(page["name"], page["port"] or default, hosts)


def _is_ours(name: str, port: str | None, names: tuple[str, ...]) -> bool:
    return name in names or f"{name}:{port}" in names


def _follows_a_link(method: str, headers: Mapping[str, list[str]]) -> bool:
    return (
        method in {"GET", "HEAD"}
        and headers.get("sec-fetch-mode") == ["navigate"]
        and headers.get("sec-fetch-dest") == ["document"]
    )


class OwnPagesHandler(BaseHTTPRequestHandler):
    """Refuses the requests of other pages with 403, before a method of the class sees them."""

    def parse_request(self) -> bool:
        """Read the first line and the headers; False ends the request."""
        if not super().parse_request():
            return False
        why = why_refused(self.command, self.headers.items(), allowed_hosts())
        if why:
            self.close_connection = True  # an unread body must not be parsed as the next request
            self.send_error(HTTPStatus.FORBIDDEN, explain=why)
        return not why
