"""`genrelab serve`: the scheduler; every deployment of prefect.yaml, `nightly` on its cron, until Ctrl-C."""

import importlib
import os
import signal
from typing import Any

from genrelab.errors import GenrelabError
from genrelab.home import PROJECT, Home
from genrelab_cli.server import HOST, answers, prepare_environment, start_prefect, stop, wait_for

PORT = 4200


def serve_deployments(*, port: int) -> None:
    """Serve every deployment of prefect.yaml, with a Prefect server of our own where none is named.

    Raises:
        GenrelabError: prefect.yaml is not there, or the server does not start.
    """
    home = Home.find()
    prepare_environment(home, verbose=True)
    deployments = _declared()
    server = None
    if not os.environ.get("PREFECT_API_URL"):
        url = f"http://{HOST}:{port}/api"
        if not answers(f"{url}/health"):
            server = start_prefect(home, port)
            wait_for("Prefect", server, f"{url}/health", home.prefect)
        os.environ["PREFECT_API_URL"] = url
        print(f"Prefect  http://{HOST}:{port}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _serve(deployments)
    finally:
        if server is not None:
            stop(server)


def _declared() -> list[dict[str, Any]]:
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


def _serve(declared: list[dict[str, Any]]) -> None:
    from prefect import serve
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    runners = []
    for each in declared:
        flow = getattr(importlib.import_module(f"flows.{each['name']}"), each["name"])
        limit = each.get("concurrency_limit")
        runners.append(
            flow.to_deployment(
                each["name"],
                description=each["description"],
                tags=each["tags"],
                entrypoint_type=EntrypointType.MODULE_PATH,  # wherever the command is run
                schedules=[Cron(one["cron"], timezone=one["timezone"]) for one in each.get("schedules", [])]
                or None,
                concurrency_limit=ConcurrencyLimitConfig(
                    limit=limit["limit"],
                    collision_strategy=ConcurrencyLimitStrategy(limit["collision_strategy"]),
                )
                if limit
                else None,
            )
        )
    serve(*runners)
