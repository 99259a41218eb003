"""`genrelab serve --pool NAME`: this host as a worker of a Prefect work pool that several hosts share.

Conventions: every host registers the same deployments, with the release that it runs, and then works on one run at a
time: Prefect gives each run to a worker that is free. All hosts need one release, one lake in a bucket, and one MLflow
server. The lease of the lake lets one run write at a time, whatever host it is on.
"""

import asyncio
import os
import re
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from genrelab.lake.bucket import Bucket
from genrelab.lake.shared_records import are_shared
from genrelab.lake.storage import bucket_of
from genrelab.runtime.errors import GenrelabError, SettingsError
from genrelab.runtime.files import digest
from genrelab.runtime.home import Home
from genrelab_cli.servers.prefect_api import report_lost_server
from tasks.run.release import release
from tasks.tracking.place import require_answer

PROCESS = "process"
ONLINE = "ONLINE"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def require_shared_places(home: Home, pool: str) -> None:
    """Raise an error if another host could not go on with what this one does.

    Args:
        home: The home.
        pool: Name of the work pool.

    Raises:
        GenrelabError: The Prefect server, the lake or MLflow is this host's alone, or one of them does not answer.
    """
    if not NAME.fullmatch(pool):
        raise SettingsError(
            "the work pool has no valid name",
            found=repr(pool),
            allowed="letters, digits, _ . and -",
            do="rename it",
        )
    bucket = bucket_of(home)
    missing = [
        *([] if os.environ.get("PREFECT_API_URL") else ["PREFECT_API_URL"]),
        *([] if bucket else ["a lake in a bucket (GENRELAB_LAKE, or lake.location in genrelab.toml)"]),
        *([] if are_shared(bucket) or not bucket else ["MLFLOW_TRACKING_URI"]),
    ]
    if missing or not isinstance(bucket, Bucket):
        raise SettingsError(
            f"this host cannot work for the pool {pool}: the other hosts would not see what it does",
            found=f"not set: {', '.join(missing)}",
            allowed="one Prefect server, one lake in a bucket and one MLflow server for all hosts",
            do="set them on every host, see 'Moving to more machines' in docs/guide.md",
        )
    require_answer(home)
    bucket.require_safe()


def work(home: Home, pool: str, deployments: Sequence[Any]) -> None:
    """Register deployments with a work pool, then run its flows on this host, one at a time, until Ctrl-C.

    Args:
        home: The home of this host.
        pool: Name of the work pool, which is made if there is none.
        deployments: What to register.

    Raises:
        GenrelabError: The pool is of another kind, one of its workers has another release, or the server stopped.
    """
    from prefect.workers.process import ProcessWorker

    os.environ["GENRELAB_HOME"] = str(home.root)  # a run starts in a temporary folder
    name = _worker_name(home)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with report_lost_server(os.environ["PREFECT_API_URL"]):
        _join(pool, name)
        for each in deployments:
            each.apply(work_pool_name=pool)
        print(f"pool     {pool}: {len(deployments)} deployments, {release()}", flush=True)
        worker = ProcessWorker(work_pool_name=pool, name=name, limit=1, create_pool_if_not_found=False)
        asyncio.run(worker.start(printer=lambda line: print(line, flush=True)))


def _worker_name(home: Home) -> str:
    """The name under which Prefect shows this worker; a home keeps its name, and a host may have several homes."""
    return f"{socket.gethostname()} {digest(str(home.root))[:6]} {release()}"


def _join(pool: str, name: str) -> None:
    """Make the pool if there is none; refuse to join workers of another release.

    Raises:
        GenrelabError: The pool is of another kind, or a worker of another release is online.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
    from prefect.workers.process import ProcessWorker

    template = ProcessWorker.get_default_base_job_template()
    with get_client(sync_client=True) as client:
        try:
            kind = client.read_work_pool(pool).type
        except ObjectNotFound:
            kind = PROCESS
            with suppress(ObjectAlreadyExists):  # another host was faster
                client.create_work_pool(WorkPoolCreate(name=pool, type=PROCESS, base_job_template=template))
        workers = client.read_workers_for_work_pool(pool)
    if kind != PROCESS:
        raise GenrelabError(
            f"the work pool {pool} runs no processes",
            found=f"a pool of type {kind}",
            allowed=PROCESS,
            do="choose another name",
        )
    others = [each.name for each in workers if each.status == ONLINE and not each.name.endswith(release())]
    if others := [each for each in others if each != name]:
        raise GenrelabError(
            f"workers of the pool {pool} run another release of genrelab",
            found=", ".join(sorted(others)),
            allowed=release(),
            do="install the same genrelab on every host; stop those workers, wait a minute, then start the new ones",
        )
