"""Proxies: those of the environment are used for other hosts, never for loopback.

Conventions: the variables are those of curl (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, in lower or upper
case); urllib, requests, httpx and websockets read them. This module never chooses a proxy.
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
    """Make the libraries of this process and its children connect to loopback without a proxy."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if named.strip() == "*":  # no proxy for any host
        return
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    hosts += [host for host in LOOPBACK if host not in hosts]
    if not all(map(_is_plain, PROXIES)) and "*" not in hosts:
        # httpx, which Prefect's client uses, fails on any other kind of proxy even if it needs none. For httpx a star
        # in the list means "no proxy", as a single star does for all libraries. The others keep using their proxies.
        hosts.append("*")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(hosts)


def open_url(request: urllib.request.Request | str, timeout: float) -> Any:
    """Open an address by http: loopback directly, any other through the proxy of the environment.

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
    """Return a request for an address, which may hold a user name and password."""
    parts = urlsplit(address)
    login, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(parts._replace(netloc=host).geturl())  # noqa: S310 - of the user's own choice
    if login:
        request.add_header("Authorization", f"Basic {base64.b64encode(unquote(login).encode()).decode()}")
    return request


def is_loopback(address: str) -> bool:
    """Whether an address is on loopback.

    >>> is_loopback("http://127.0.0.1:4200/api"), is_loopback("http://[::1]:5000"), is_loopback("http://db/")
    (True, True, False)
    """
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or no address at all
        return False


def _is_plain(name: str) -> bool:
    """Whether a variable names no proxy, or a proxy reached by http."""
    value = os.environ.get(name) or os.environ.get(name.upper()) or ""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        return not value or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        return False
