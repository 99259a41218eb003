"""`genrelab ui`: serve the Prefect UI, the MLflow UI, the report and the application on loopback until Ctrl-C.

Conventions: servers that another command of the same home runs (`genrelab serve`, another `genrelab ui`) and those of
PREFECT_API_URL and MLFLOW_TRACKING_URI are used and left running. The others are started and stopped here, including a
server that a variable names by the address on which it would be started.
"""

import os
import signal
import subprocess
import time
import webbrowser
from contextlib import ExitStack
from dataclasses import dataclass

from genrelab.report.servers import SCRIPT, server_links, write_servers
from genrelab.runtime.access import require_access
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.running_servers import HOST, is_ours, note_server
from genrelab.runtime.unexpected import first_line
from genrelab_cli.servers.report_server import serve_report
from genrelab_cli.servers.server import (
    answers,
    log_of,
    prepare_environment,
    require_free,
    shown,
    start_prefect,
    start_server,
    stop,
    unanswered,
    wait_for,
)
from tasks.tracking.artifact_places import correct_addresses
from tasks.tracking.place import local_uri, require_answer, tracking_uri
from tasks.tracking.ui_pages import EXPERIMENTS

POLL_SECONDS = 0.3
LABELS = {"prefect": "Prefect", "mlflow": "MLflow", "report": "report", "app": "app"}


@dataclass
class Service:
    """One of the four servers.

    Args:
        name: `prefect`, `mlflow`, `report` or `app`.
        port: Its port, if started here.
        address: The address to open.
        health: An address that answers when the server is ready.
        named_by: The environment variable that names it; empty if none does.
        process: The started process; None for the report, which this process serves.
    """

    name: str
    port: int
    address: str
    health: str
    named_by: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def page(self) -> str:
        """The page to open first, below the address."""
        return f"/{EXPERIMENTS}" if self.name == "mlflow" else ""

    @property
    def label(self) -> str:
        """The name to display."""
        return LABELS[self.name]


def serve_all(*, prefect_port: int, mlflow_port: int, report_port: int, app_port: int, opens: bool) -> None:
    """Start the servers that are not running, print the addresses, wait for Ctrl-C, and stop what was started.

    Args:
        prefect_port: Port of the Prefect UI.
        mlflow_port: Port of the MLflow UI.
        report_port: Port of the report.
        app_port: Port of the application.
        opens: Whether to open the addresses in the browser.

    Raises:
        GenrelabError: A port is in use, or a server does not start.
    """
    home = Home.find()
    prepare_environment(home, verbose=False)
    require_access(home)
    if not os.environ.get("MLFLOW_TRACKING_URI", "").startswith("http"):
        require_answer(home)
    ports = {"prefect": prefect_port, "mlflow": mlflow_port, "report": report_port, "app": app_port}
    services = [_service(name, port) for name, port in ports.items()]
    missing = [service for service in services if not _is_running(home, service)]
    for service in missing:
        require_free(service.label, service.port, f"genrelab ui --{service.name}-port {service.port + 1}")
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT unless told
        signal.signal(each, _interrupt)
    with ExitStack() as started:
        try:
            for service in missing:  # all at the same time
                _start(home, service, started)
            pages = [page for service in services for page in _show(home, service, service in missing)]
            _link_report(home, services)
            for page in pages if opens else []:
                webbrowser.open(page)
            if missing:
                _wait(home, missing)
        except KeyboardInterrupt:
            print("stopped", flush=True)


def _show(home: Home, service: Service, was_missing: bool) -> list[str]:
    """Wait until a service answers, print its addresses, and return the pages to open."""
    if service.process is not None:
        wait_for(service.label, service.process, service.health, log_of(home, service.name))
    address = shown(service.address)
    note = "" if was_missing else "  (already running)"
    print(f"{service.label:<8} {address}{service.page}{note}", flush=True)
    found = _print_experiments(home, address) if service.name == "mlflow" else []
    return found[-1:] or [f"{address}{service.page}"]


def _print_experiments(home: Home, address: str) -> list[str]:
    """Print and return the page of each experiment with trainings, after its description has been updated."""
    from tasks.tracking.client import connect
    from tasks.tracking.descriptions import describe

    try:
        tracking = connect(home)
        pages = describe(tracking)
    except Exception as error:  # noqa: BLE001 - the servers are of use without the descriptions
        print(f"         the descriptions in MLflow could not be updated: {first_line(error)}", flush=True)
        return []
    for name, page in pages.items():
        print(f"  {name}: {address}/{page}", flush=True)
    return [f"{address}/{page}" for page in pages.values()]


def _link_report(home: Home, services: list[Service]) -> None:
    """Let the newest report link to these servers, unless the settings name others."""
    newest = home.reports / "latest"
    if (newest / SCRIPT).is_file():
        write_servers(newest, {service.name: service.address for service in services} | server_links(home))


def _wait(home: Home, started: list[Service]) -> None:
    """Wait for Ctrl-C, or until a server stops unexpectedly."""
    print("Press Ctrl-C to stop the servers that were started here.", flush=True)
    while not (ended := [each for each in started if each.process and each.process.poll() is not None]):
        time.sleep(POLL_SECONDS)
    raise GenrelabError(
        f"{', '.join(service.label for service in ended)} stopped unexpectedly",
        do=f"read {', '.join(str(log_of(home, service.name)) for service in ended)}",
    )


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _service(name: str, port: int) -> Service:
    """The service at the address of its environment variable, or on a port of loopback."""
    variable = {"prefect": "PREFECT_API_URL", "mlflow": "MLFLOW_TRACKING_URI"}.get(name, "")
    named = os.environ.get(variable, "").rstrip("/").removesuffix("/api") if variable else ""
    is_named = named.startswith("http")
    address = named if is_named else f"http://{HOST}:{port}"
    health = {
        "prefect": f"{address}/api/health",
        "mlflow": f"{address}/health",
        "app": f"{address}/docs",
    }.get(name, f"{address}/")
    return Service(
        name,
        port,
        f"{address}/latest/index.html" if name == "report" else address,
        health,
        variable if is_named else "",
    )


def _is_running(home: Home, service: Service) -> bool:
    """Whether the service is named by the environment or belongs to this home, and answers.

    Raises:
        GenrelabError: The environment names a server elsewhere that does not answer.
    """
    if not service.named_by:
        return is_ours(home, service.name, service.port) and answers(service.health)
    if answers(service.health):
        return True
    if service.address != f"http://{HOST}:{service.port}":
        raise unanswered(service.label, service.named_by, service.address)
    return False


def _start(home: Home, service: Service, started: ExitStack) -> None:
    """Start a service; leaving `started` stops it."""
    if service.name == "report":
        report = serve_report(home.reports, service.port)
        note_server(home, service.name, service.port, os.getpid())
        started.callback(report.shutdown)
        return
    if service.name == "prefect":
        service.process = start_prefect(home, service.port)
    elif service.name == "app":
        service.process = start_server(home, service.name, service.port, [str(service.port)], {})
    else:
        home.mlruns.mkdir(parents=True, exist_ok=True)
        correct_addresses(home)
        # The server of MLFLOW_TRACKING_URI cannot use its own address as its backend.
        backend = local_uri(home) if service.named_by else tracking_uri(home)
        words = [str(home.mlruns / "artifacts"), str(service.port)]
        service.process = start_server(home, service.name, service.port, words, {"GENRELAB_BACKEND": backend})
    started.callback(stop, service.process)
