"""A Prefect server that never outlives its parent.

Run as `python -m genrelab_cli.prefect_server PORT`, or with `fd:NUMBER` for a socket that the parent listens on.
Prefect's own temporary server stays behind when its parent is killed, and then nobody stops it.
"""

import os
import socket
import sys

from genrelab_cli.parent import die_with_parent

HOST = "127.0.0.1"


def main() -> None:
    """Serve until the parent is gone."""
    die_with_parent()
    listening = _socket(sys.argv[1])
    port = listening.getsockname()[1]
    # The UI looks for its API at the address of these settings, whatever uvicorn listens on.
    os.environ["PREFECT_SERVER_API_HOST"] = HOST
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"

    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app(), log_level="warning", lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])


def _socket(where: str) -> socket.socket:
    kind, _, number = where.partition(":")
    if kind == "fd":
        return socket.socket(fileno=int(number))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, int(where)))
    return listening


if __name__ == "__main__":
    main()
