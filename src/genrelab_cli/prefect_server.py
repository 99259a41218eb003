"""A Prefect server that never outlives its parent.

Run as `python -m genrelab_cli.prefect_server PORT`; port 0 takes a free one. Prints the port when it listens. It
ends when its parent ends, however that happened: Prefect's own temporary server stays behind when its parent is
killed, and the next run then finds a server that nobody stops.
"""

import ctypes
import os
import signal
import socket
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 1.0
HOST = "127.0.0.1"


def main() -> None:
    """Serve until the parent is gone."""
    parent = os.getppid()
    _die_with(parent)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, int(sys.argv[1])))
    port = listening.getsockname()[1]
    os.environ["PREFECT_SERVER_API_HOST"] = HOST
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"

    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app(), log_level="warning", lifespan="on")
    print(port, flush=True)
    uvicorn.Server(config).run(sockets=[listening])


def _die_with(parent: int) -> None:
    """Ask the kernel where it can, and watch where it cannot."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
