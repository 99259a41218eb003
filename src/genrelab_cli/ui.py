"""`genrelab ui`: the Prefect UI, the MLflow UI and the report, on loopback, until Ctrl-C."""

import functools
import http.server
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from genrelab.errors import GenrelabError
from genrelab.home import Home
from genrelab_cli.server import HOST, prepare_environment, start_prefect, stop, wait_for
from tasks.tracking_place import tracking_uri

POLL_SECONDS = 0.3


def serve_all(*, prefect_port: int, mlflow_port: int, report_port: int) -> None:
    """Start what is not running, print the addresses, wait for Ctrl-C, end what was started.

    Raises:
        GenrelabError: A port is in use, or a server does not start.
    """
    home = Home.find()
    prepare_environment(home, verbose=False)
    for name, port in (("prefect", prefect_port), ("mlflow", mlflow_port), ("report", report_port)):
        _require_free(name, port)
    started: list[tuple[str, subprocess.Popen[bytes]]] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        started.append(("Prefect", start_prefect(home, prefect_port)))
        started.append(("MLflow", _start_mlflow(home, mlflow_port)))
        report = _serve_report(home, report_port)
        addresses = {
            "Prefect": (f"http://{HOST}:{prefect_port}", f"http://{HOST}:{prefect_port}/api/health"),
            "MLflow": (f"http://{HOST}:{mlflow_port}", f"http://{HOST}:{mlflow_port}/health"),
        }
        for name, process in started:
            wait_for(name, process, addresses[name][1], home.prefect)
            print(f"{name:<8} {addresses[name][0]}", flush=True)
        print(f"{'report':<8} http://{HOST}:{report_port}/latest/index.html", flush=True)
        print("Ctrl-C ends all three.", flush=True)
        while all(process.poll() is None for _, process in started):
            time.sleep(POLL_SECONDS)
        ended = ", ".join(name for name, process in started if process.poll() is not None)
        raise GenrelabError(f"{ended} ended by itself", do=f"see the logs in {home.prefect}")
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        for _, process in reversed(started):
            stop(process)
        if "report" in locals():
            report.shutdown()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _require_free(name: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise GenrelabError(
                f"port {port} for {name} is in use",
                do=f"end what listens there, or choose another: genrelab ui --{name}-port {port + 1}",
            ) from None


def _start_mlflow(home: Home, port: int) -> "subprocess.Popen[bytes]":
    home.mlruns.mkdir(parents=True, exist_ok=True)
    with (home.prefect / "ui-mlflow.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                "genrelab_cli.mlflow_server",
                tracking_uri(home),
                str(home.mlruns / "artifacts"),
                str(port),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us: we end the server when we are done
        )


def _serve_report(home: Home, port: int) -> http.server.ThreadingHTTPServer:
    home.reports.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(_QuietHandler, directory=str(Path(home.reports)))
    server = http.server.ThreadingHTTPServer((HOST, port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the terminal shows addresses."""
