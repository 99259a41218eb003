"""The application in one process: `genrelab app` runs it, and `genrelab ui` starts it as its child.

Run as `python -m genrelab_cli.servers.app_server PORT`; it listens on loopback and stops with its parent process.
Champions that were promoted before bundles existed are compiled by a second process: this one never imports MLflow.
"""

import gc
import os
import subprocess
import sys
import threading

from genrelab.runtime.home import Home
from genrelab.runtime.own_pages import LOOPBACK, VARIABLE
from genrelab_cli.servers.parent import die_with_parent

HOST = "127.0.0.1"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not used
COMPILING = "champions that were promoted earlier are being compiled; this takes up to a minute, once"
COMPILER = "tasks.training.compiled"
LARGEST_LINE = 1_000


def main() -> None:
    """Serve until the parent process ends."""
    die_with_parent()
    serve(Home.find(), HOST, int(sys.argv[1]))


def serve(home: Home, host: str, port: int, token: str = "") -> None:
    """Serve the application until Ctrl-C or SIGTERM.

    Args:
        home: The home.
        host: Address to listen on.
        port: Its port.
        token: What each request must carry; empty if none is required.
    """
    if host not in {*LOOPBACK, *ANYWHERE}:
        os.environ[VARIABLE] = ",".join(each for each in (os.environ.get(VARIABLE, ""), host) if each)
    gc.disable()  # imported objects stay; collecting garbage among them takes a tenth of the start

    import uvicorn

    from genrelab_cli.app.application import make_application
    from genrelab_cli.app.champions import Champions

    champions = Champions(home)
    compiler = compile_missing(home, champions)
    try:
        application = make_application(home, token, champions)
        gc.freeze()
        gc.enable()
        uvicorn.run(
            application, host=host, port=port, log_level="warning", access_log=False, server_header=False
        )
    finally:
        compiler.terminate()


def compile_missing(home: Home, champions: "Champions") -> "subprocess.Popen[str]":  # type: ignore[name-defined] # noqa: F821
    """Start the process that compiles what is missing, and note in `champions` that it runs, or why it failed.

    Args:
        home: The home.
        champions: Those of the application.
    """
    champions.compiling = COMPILING
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", COMPILER],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "GENRELAB_HOME": str(home.root)},
    )

    def wait() -> None:
        said = process.communicate()[1].strip()
        if process.returncode:
            last = said.rpartition("\n")[2][:LARGEST_LINE]
            champions.compiling = (
                f"the registry could not be read, the last compiled champions answer: {last}"
            )
            print(said, file=sys.stderr, flush=True)
        else:
            champions.compiling = ""

    threading.Thread(target=wait, daemon=True).start()
    return process


if __name__ == "__main__":
    main()
