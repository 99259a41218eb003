"""Proxies: what the environment names stands before other hosts, never between this machine and itself.

Conventions: the variables are those of curl (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, in lower or upper
case); urllib, requests, httpx and websockets read them. A proxy itself is never chosen here.
"""

import base64
import ipaddress
import os
import urllib.request
from typing import Any
from urllib.parse import unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def spare_loopback() -> None:
    """Let the libraries of this process, and of those that it starts, reach this machine directly."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if named.strip() == "*":  # no proxy for anybody
        return
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    hosts += [host for host in LOOPBACK if host not in hosts]
    if not all(map(_is_plain, PROXIES)) and "*" not in hosts:
        # httpx, which Prefect's client uses, fails on any other kind of proxy even where it needs none. A star in a
        # list is to httpx what it is alone to all: no proxy. The others go on using theirs.
        hosts.append("*")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(hosts)


def open_url(request: urllib.request.Request | str, timeout: float) -> Any:
    """Ask an address by http: this machine directly, any other by the proxy that the environment names.

    Args:
        request: The request, or the address.
        timeout: Seconds.
    """
    if isinstance(request, str):
        request = _with_login(request)
    address = request.full_url
    handlers = [urllib.request.ProxyHandler({})] if is_loopback(address) else []
    return urllib.request.build_opener(*handlers).open(request, timeout=timeout)


def _with_login(address: str) -> urllib.request.Request:
    """A request for an address, which may hold a name and password as requests and httpx read them."""
    parts = urlsplit(address)
    login, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(parts._replace(netloc=host).geturl())  # noqa: S310 - of the user's own choice
    if login:
        request.add_header("Authorization", f"Basic {base64.b64encode(unquote(login).encode()).decode()}")
    return request


def is_loopback(address: str) -> bool:
    """Whether an address is one of this machine.

    >>> is_loopback("http://127.0.0.1:4200/api"), is_loopback("http://[::1]:5000"), is_loopback("http://db/")
    (True, True, False)
    """
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or no address at all
        return False


def _is_plain(name: str) -> bool:
    """Whether a variable names no proxy, or one that is reached by http."""
    value = os.environ.get(name) or os.environ.get(name.upper()) or ""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        return not value or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        return False
