"""`genrelab serve`: the scheduler. It serves every deployment of prefect.yaml and runs `nightly` on its cron.

With `--pool` it does so for a work pool that several hosts share (`genrelab_cli.commands.work_pool`).

Conventions: prefect.yaml lists and describes the deployments; the cron and its time zone come from `genrelab.toml`.
The lock that every flow takes (`tasks.run.one_run`) allows one run at a time. A concurrency limit of Prefect would
keep counting a run that was killed.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows import find_flow
from genrelab.runtime.access import require_access
from genrelab.runtime.errors import GenrelabError, SettingsError
from genrelab.runtime.home import PROJECT, Home
from genrelab.runtime.operations import Schedule, load_operations
from genrelab.runtime.running_servers import HOST, is_ours, note_server
from genrelab.runtime.settings import load_settings
from genrelab_cli.commands.work_pool import require_shared_places, work
from genrelab_cli.served import entrypoint
from genrelab_cli.servers.server import (
    answers,
    prepare_environment,
    require_free,
    shown,
    start_prefect,
    stop,
    unanswered,
    wait_for,
)
from tasks.run.release import release

NIGHTLY = "nightly"
DEPLOYMENTS = "/v2/deployments?limit=50&sort=CREATED_DESC"
"""The page with all deployments in the order of the nightly run."""


def serve_deployments(*, port: int, pool: str = "") -> None:
    """Serve every deployment of prefect.yaml until Ctrl-C; start a Prefect server unless PREFECT_API_URL names one.

    Args:
        port: Of the server that is started.
        pool: Work pool that this host works for; empty serves the deployments to this host alone.

    Raises:
        SettingsError: A setting is invalid.
        GenrelabError: prefect.yaml does not exist, the port is in use, the server does not start, or this host does
            not fit into the pool.
    """
    home = Home.find()
    require_access(home)
    load_settings()  # report an invalid value now, not when the first run starts
    if pool:
        require_shared_places(home, pool)
    schedule = load_operations(home).schedule
    prepare_environment(home, verbose=True)
    declared = declared_deployments()
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT unless told
        signal.signal(each, signal.default_int_handler)
    server: subprocess.Popen[bytes] | None = None
    try:
        server = _connect(home, port)
        note_server(home, "serve", 0, os.getpid())
        _serve(home, declared, schedule, pool)
    finally:
        if server is not None:
            stop(server)


def declared_deployments() -> list[dict[str, Any]]:
    """The deployments of prefect.yaml.

    Raises:
        GenrelabError: The file does not exist.
    """
    import yaml

    path = PROJECT / "prefect.yaml"
    if not path.is_file():
        raise GenrelabError(
            "there are no deployments to serve",
            found=f"no {path}",
            do="run `genrelab serve` from a checkout of the project",
        )
    declared: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    return declared


def _connect(home: Home, port: int) -> "subprocess.Popen[bytes] | None":
    """Use the Prefect server of PREFECT_API_URL or of this home, or start one; return the started process."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        if not answers(f"{named.rstrip('/')}/health"):
            raise unanswered("Prefect", "PREFECT_API_URL", named)
        print(f"Prefect  {shown(named).rstrip('/').removesuffix('/api')}", flush=True)
        return None
    url = f"http://{HOST}:{port}/api"
    server = None
    if not (is_ours(home, "prefect", port) and answers(f"{url}/health")):
        # The server of another home would accept our deployments and could run them in that home.
        instead = (
            f"genrelab serve --port {port + 1}; or set PREFECT_API_URL={url} to use a running Prefect server"
        )
        require_free("Prefect", port, instead)
        server = start_prefect(home, port)
        try:
            wait_for("Prefect", server, f"{url}/health", home.prefect / "ui-prefect.log")
        except BaseException:
            stop(server)
            raise
    os.environ["PREFECT_API_URL"] = url
    print(f"Prefect  http://{HOST}:{port}", flush=True)
    print(f"  deployments: http://{HOST}:{port}{DEPLOYMENTS}", flush=True)
    return server


def _serve(home: Home, declared: Sequence[Mapping[str, Any]], schedule: Schedule, pool: str) -> None:
    from prefect import serve

    # the UI lists the newest first, so the flow that runs first is registered last
    runners = [deployment(each, schedule) for each in reversed(declared)]
    zone = ZoneInfo(schedule.timezone)
    print(
        f"nightly  {schedule.cron} ({schedule.timezone}, now {datetime.now(zone):%H:%M}); "
        f"if another run is in progress: {schedule.when_busy}",
        flush=True,
    )
    if pool:
        work(home, pool, runners)
    else:
        serve(*runners)


def deployment(declared: Mapping[str, Any], schedule: Schedule) -> Any:
    """Return one deployment for Prefect.

    Args:
        declared: Its entry in prefect.yaml: name, description, tags.
        schedule: When `nightly` runs.

    Raises:
        SettingsError: The cron line is invalid.
    """
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    name = declared["name"]
    flow = find_flow(name)
    try:
        schedules = [Cron(schedule.cron, timezone=schedule.timezone)] if name == NIGHTLY else None
        made = flow.to_deployment(
            name,
            description=declared["description"],
            version=release(),
            tags=declared["tags"],
            entrypoint_type=EntrypointType.MODULE_PATH,  # independent of the current folder
            schedules=schedules,
        )
        made.entrypoint = entrypoint(name)
    except ValueError as error:
        if name != NIGHTLY:
            raise
        raise SettingsError(
            "schedule.cron is not a valid cron line",
            found=repr(schedule.cron),
            allowed='minute hour day month weekday, e.g. "30 2 * * *"',
            do="correct it in genrelab.toml",
        ) from error
    return made
