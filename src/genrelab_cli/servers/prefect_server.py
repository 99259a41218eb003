"""A Prefect server that stops together with its parent process.

Run as `python -m genrelab_cli.servers.prefect_server PORT`, or with `fd:NUMBER` for a socket that the parent listens
on. Prefect's own temporary server keeps running when its parent is killed. With `ADDRESS:PORT` it listens there and
runs as an independent service until it is stopped.

Requests from other web pages are refused, see docs/decisions/0023-own-pages.md.
"""

import gc
import os
import socket
import sys

from genrelab.runtime.own_pages import allowed_hosts, own_origins
from genrelab_cli.servers.own_pages import OwnPagesOnly
from genrelab_cli.servers.parent import die_with_parent

HOST = "127.0.0.1"
ANYWHERE = "0.0.0.0"  # noqa: S104 - recognised, not used
INHERITED = "fd:"


def main() -> None:
    """Serve until the parent process ends."""
    where = sys.argv[1]
    if where.isdecimal() or where.startswith(INHERITED):
        die_with_parent()
    else:
        _require_database()
    listening = _socket(where)
    address, port = listening.getsockname()
    host = HOST if address == ANYWHERE else address
    # The UI takes the address of its API from these settings, not from the socket of uvicorn.
    os.environ["PREFECT_SERVER_API_HOST"] = host
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    os.environ["PREFECT_API_URL"] = f"http://{host}:{port}/api"
    os.environ["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = ",".join(own_origins(port, allowed_hosts()))
    os.environ.setdefault("PREFECT_SERVER_CSRF_PROTECTION_ENABLED", "true")

    gc.disable()  # imported objects stay; collecting garbage among them takes a tenth of the start

    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(OwnPagesOnly(create_app()), log_level="warning", lifespan="on")
    gc.freeze()
    gc.enable()
    uvicorn.Server(config).run(sockets=[listening])


def _require_database() -> None:
    """End with a message if the database does not answer; Prefect would print a traceback."""
    from genrelab.runtime.errors import GenrelabError
    from genrelab_cli.servers.server import require_prefect_database

    try:
        require_prefect_database()
    except GenrelabError as error:
        sys.exit(f"genrelab: {error}")


def _socket(where: str) -> socket.socket:
    if where.startswith(INHERITED):
        return socket.socket(fileno=int(where.removeprefix(INHERITED)))
    address, _, port = where.rpartition(":")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((address or HOST, int(port)))
    return listening


if __name__ == "__main__":
    main()
