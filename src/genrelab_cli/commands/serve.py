"""`genrelab serve`: the scheduler; every deployment of prefect.yaml, `nightly` on its cron, until Ctrl-C.

Conventions: prefect.yaml says what there is and describes it; the cron and its time zone come from
`genrelab.toml`. One run at a time is kept by the lock that every flow takes (`tasks.run.one_run`), not by a limit of
Prefect's: a run that was killed would go on counting there.
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
from genrelab.runtime.settings import load_settings
from genrelab_cli.served import entrypoint
from genrelab_cli.servers.server import (
    HOST,
    answers,
    is_ours,
    note_server,
    prepare_environment,
    require_free,
    shown,
    start_prefect,
    stop,
    unanswered,
    wait_for,
)

NIGHTLY = "nightly"


def serve_deployments(*, port: int) -> None:
    """Serve every deployment of prefect.yaml, with a Prefect server of our own where none is named.

    Raises:
        SettingsError: A setting is not allowed.
        GenrelabError: prefect.yaml is not there, the port is in use, or the server does not start.
    """
    home = Home.find()
    require_access(home)
    load_settings()  # a bad value is told now, not at half past two
    schedule = load_operations(home).schedule
    prepare_environment(home, verbose=True)
    declared = declared_deployments()
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT unless told
        signal.signal(each, signal.default_int_handler)
    server: subprocess.Popen[bytes] | None = None
    try:
        server = _connect(home, port)
        note_server(home, "serve", 0, os.getpid())
        _serve(declared, schedule)
    finally:
        if server is not None:
            stop(server)


def declared_deployments() -> list[dict[str, Any]]:
    """The deployments of prefect.yaml.

    Raises:
        GenrelabError: The file is not there.
    """
    import yaml

    path = PROJECT / "prefect.yaml"
    if not path.is_file():
        raise GenrelabError(
            "there is nothing to serve",
            found=f"no {path}",
            do="run `genrelab serve` from a checkout of the project",
        )
    declared: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    return declared


def _connect(home: Home, port: int) -> "subprocess.Popen[bytes] | None":
    """Use the Prefect server that is named or is ours, or start one; returns what was started."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        if not answers(f"{named.rstrip('/')}/health"):
            raise unanswered("Prefect", "PREFECT_API_URL", named)
        print(f"Prefect  {shown(named).rstrip('/').removesuffix('/api')}", flush=True)
        return None
    url = f"http://{HOST}:{port}/api"
    server = None
    if not (is_ours(home, "prefect", port) and answers(f"{url}/health")):
        # Somebody else's server would take our deployments, and run them in whichever home asks first.
        instead = (
            f"genrelab serve --port {port + 1}; PREFECT_API_URL={url} takes a Prefect server that is there"
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
    return server


def _serve(declared: Sequence[Mapping[str, Any]], schedule: Schedule) -> None:
    from prefect import serve

    runners = [deployment(each, schedule) for each in declared]
    zone = ZoneInfo(schedule.timezone)
    print(
        f"nightly  {schedule.cron} ({schedule.timezone}, now {datetime.now(zone):%H:%M}); "
        f"when another run is going on: {schedule.when_busy}",
        flush=True,
    )
    serve(*runners)


def deployment(declared: Mapping[str, Any], schedule: Schedule) -> Any:
    """One deployment as Prefect takes it.

    Args:
        declared: Of prefect.yaml: name, description, tags.
        schedule: When `nightly` runs.

    Raises:
        SettingsError: The cron is not one.
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
            tags=declared["tags"],
            entrypoint_type=EntrypointType.MODULE_PATH,  # wherever the command is run
            schedules=schedules,
        )
        made.entrypoint = entrypoint(name)
    except ValueError as error:
        if name != NIGHTLY:
            raise
        raise SettingsError(
            "schedule.cron is not a cron line",
            found=repr(schedule.cron),
            allowed='minute hour day month weekday, e.g. "30 2 * * *"',
            do="mend it in genrelab.toml",
        ) from error
    return made
