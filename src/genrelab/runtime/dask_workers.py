"""Runs long jobs on Dask: on a scheduler with workers on other machines, or on a cluster of its own on this one.

Conventions: `DaskWorkers` has the methods of `genrelab.runtime.workers.Workers`, so a training does not know which
engine it runs on, and results are equal to the last bit. Large arguments (the rows of a training) do not go through
the scheduler: they are put into the lake once, named by their sha256, and read by the workers from there; a worker
checks the sha256 before it opens them. A job that works in the home itself (it reads MLflow) stays on this machine.
Dask gives the job of a worker that dies to another one; nothing is logged by workers, so nothing is logged twice.

Workers need this version of genrelab and of Python, and the credentials of the lake.
"""

import hashlib
import pickle
import platform
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import genrelab
from genrelab.lake.object_store import ObjectStore
from genrelab.lake.storage import storage_of
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import first_line
from genrelab.runtime.workers import WorkerLostError, Workers

Result = TypeVar("Result")
Reference = tuple[str, str, str]
"""An argument that lies in the lake: the location (a bucket or a folder), its name there, and its sha256."""
Sent = bytes | Reference
"""An argument as a worker gets it."""
FOLDER = "work"
"""Where large arguments lie in the lake while a run lasts; what a killed run left goes with the next one."""
LARGEST_ARGUMENT = 1 << 16
"""Bytes up to which an argument goes through the scheduler."""
CONNECT_SECONDS = 20
WORKERS_SECONDS = 60
GONE = ("CommClosedError", "CancelledError", "FutureCancelledError", "FuturesCancelledError", "TimeoutError")


class DaskWorkers:
    """Workers of a Dask scheduler that several threads may use.

    Args:
        home: The home, whose lake holds large arguments.
        count: Workers of a cluster of its own.
        scheduler: Address of a scheduler, such as `tcp://host:8786`; empty starts a cluster on this machine.

    Raises:
        GenrelabError: Dask is not installed, the scheduler does not answer, a worker has other versions, or the lake
            cannot be used.
    """

    def __init__(self, home: Home, count: int, scheduler: str = "") -> None:
        self._storage, self._count, self._scheduler = storage_of(home), count, scheduler
        self._local = Workers(1)
        self._cluster: Any = None
        self._client: Any = None
        self._stored: set[str] = set()
        self._storing = threading.Lock()

    def __enter__(self) -> Self:
        distributed = _distributed()
        try:
            if not self._scheduler:
                self._cluster = distributed.LocalCluster(
                    n_workers=self._count,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                )
            self._client = distributed.Client(
                self._cluster or self._scheduler, timeout=CONNECT_SECONDS, direct_to_workers=True
            )
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
            self._storage.delete(self._storage.sizes(FOLDER))
            self._require_equal_workers()
        except BaseException as error:
            self.__exit__(type(error), error, None)
            if isinstance(error, OSError | RuntimeError | ValueError):
                raise self._gone(error) from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._local.__exit__(kind, error, traceback)
        for each in (self._client, self._cluster):
            if each is not None:
                each.close()
        self._storage.delete(self._stored)

    def run(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run one job on a worker and return its result.

        Args:
            work: A function that can be imported.
            given: Its arguments.

        Raises:
            WorkerLostError: Several workers died in this job.
            GenrelabError: The scheduler no longer answers.
        """
        if any(isinstance(each, Home) for each in given):
            return self._local.run(work, *given)
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        doing = self._client.submit(_do, work, [self._sent(each) for each in given], pure=False)
        try:
            found: Result = doing.result()
        except KilledWorker as error:
            raise WorkerLostError(
                f"the Dask workers of {work.__name__.strip('_')} died",
                found=str(error).splitlines()[0],
                do="give the workers more memory, or set training.engine to processes",
            ) from None
        except Exception as error:
            if type(error).__name__ in GONE:
                raise self._gone(error) from None
            raise
        return found

    def _sent(self, argument: Any) -> Sent:
        """Return an argument as bytes, or as a reference to where a worker finds them."""
        data = pickle.dumps(argument)
        if len(data) <= LARGEST_ARGUMENT:
            return data
        digest = hashlib.sha256(data).hexdigest()
        name = f"{FOLDER}/{digest}"
        with self._storing:  # several threads send the same rows
            if name not in self._stored:
                self._storage.write(name, data)
                self._stored.add(name)
        return self._storage.location or str(self._storage.root), name, digest

    def _require_equal_workers(self) -> None:
        """Raise an error if a worker has other versions than this process."""
        for address, found in self._client.run(_versions).items():
            if found != _versions():
                raise GenrelabError(
                    f"the Dask worker {address} has other versions than this machine",
                    found=", ".join(found),
                    allowed=", ".join(_versions()),
                    do="install the same genrelab there, then start the worker again",
                )

    def _gone(self, error: BaseException) -> GenrelabError:
        where = self._scheduler or "the cluster on this machine"
        return GenrelabError(
            "the Dask scheduler does not answer",
            found=f"{where}: {first_line(error)}",
            allowed="the address of a running scheduler with at least one worker, such as tcp://host:8786",
            do="start `dask scheduler` and `dask worker`, or correct training.scheduler",
        )


def _versions() -> tuple[str, str]:
    """Return what must be equal on all machines: of this process."""
    return f"genrelab {genrelab.__version__}", f"Python {platform.python_version()}"


def _do(work: Callable[..., Result], sent: list[Sent]) -> Result:
    """Run a job in a worker."""
    return work(*map(_received, sent))


def _received(sent: Sent) -> Any:
    """Return an argument; it is of this project's own client, and what lay in the lake is checked by its sha256.

    Raises:
        GenrelabError: They are not there, or were changed.
    """
    if isinstance(sent, bytes):
        return pickle.loads(sent)  # noqa: S301 - see above
    location, name, digest = sent
    if location.startswith("s3://"):
        found = ObjectStore(location).get(name)
        data = found.content if found else b""
    else:
        path = Path(location) / name
        data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise GenrelabError(
            "a worker cannot read the rows of a training",
            found=f"{location}/{name} is {'changed' if data else 'not there'}",
            allowed="a lake that every worker reads: a bucket (lake.location), or the same folder on every machine",
            do="set lake.location in genrelab.toml, and the credentials of the bucket on every worker",
        )
    return pickle.loads(data)  # noqa: S301 - see above


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise GenrelabError(
            "training.engine is dask, and Dask is not installed",
            do="install it: pip install --require-hashes -r requirements-dask.lock",
        ) from None
    return distributed
