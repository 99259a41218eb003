"""Runs long jobs on Dask: on a scheduler with workers on other machines, or on a cluster of its own on this one.

Conventions: `DaskWorkers` has the methods of `genrelab.runtime.workers.Workers`, so no job knows which engine it runs
on (`genrelab.runtime.engine` decides), and results are equal to the last bit. Large arguments (the rows of a training)
do not go through the scheduler: they are put into the lake once, named by their sha256, and read by the workers from
there; a worker checks the sha256 before it opens them. A job that works in the home itself (it reads MLflow) stays on
this machine. Dask gives the job of a worker that dies to another one; nothing is logged by workers, so nothing is
logged twice.

Workers need this version of genrelab and of Python, and the credentials of the lake.
"""

import hashlib
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from threadpoolctl import threadpool_limits

from genrelab.lake.storage import WORK, storage_of
from genrelab.runtime.dask_checks import Sent, received, require_equal_workers
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import first_line
from genrelab.runtime.workers import EngineLostError, WorkerLostError, Workers

Result = TypeVar("Result")
LARGEST_ARGUMENT = 1 << 16
"""Bytes up to which an argument goes through the scheduler."""
CONNECT_SECONDS = 20
WORKERS_SECONDS = 60
WATCH_SECONDS = 20
"""How often is asked whether the scheduler still answers and has workers, while a job is waited for."""
ANSWER_SECONDS = 90
"""How long an answer may take: machines and networks may be busy."""
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
        self._local = Workers(count)  # they start with their first jobs
        self._cluster: Any = None
        self._client: Any = None
        self._stored: set[str] = set()
        self._storing, self._watching, self._answered = threading.Lock(), threading.Lock(), 0.0

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
            self._storage.delete(self._storage.sizes(WORK))
            if self._scheduler:
                require_equal_workers(self._client, self._sent(bytes(LARGEST_ARGUMENT + 1)))
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
                each.close(timeout=CONNECT_SECONDS)
        self._storage.delete(self._stored)

    @property
    def size(self) -> int:
        """Return how many jobs run at once, by the workers that are there now."""
        return max(1, int(sum(self._client.nthreads().values())))

    def map(self, work: Callable[..., Result], jobs: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """Run jobs on all workers; yield the results in the order of the jobs.

        Args:
            work: A function that can be imported.
            jobs: Its arguments, one tuple for each job.

        Raises:
            WorkerLostError: Several workers died in one of the jobs.
            EngineLostError: The scheduler no longer answers, or no worker is left.
        """
        doing = [self._submit(work, given) for given in jobs]
        try:
            for each in doing:
                yield self._result(work, each)
        except BaseException:
            self._client.cancel(doing)
            raise

    def run(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run one job on a worker and return its result.

        Args:
            work: A function that can be imported.
            given: Its arguments.

        Raises:
            WorkerLostError: Several workers died in this job.
            EngineLostError: The scheduler no longer answers, or no worker is left.
        """
        if any(isinstance(each, Home) for each in given):
            return self._local.run(work, *given)
        return self._result(work, self._submit(work, given))

    def run_here(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run one job in a process of this machine."""
        return self._local.run(work, *given)

    def _submit(self, work: Callable[..., Any], given: Iterable[Any]) -> Any:
        return self._client.submit(_do, work, [self._sent(each) for each in given], pure=False)

    def _result(self, work: Callable[..., Result], doing: Any) -> Result:
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        while True:
            try:
                found: Result = doing.result(timeout=WATCH_SECONDS)
            except KilledWorker as error:
                raise WorkerLostError(
                    f"the Dask workers of {work.__name__.strip('_')} died",
                    found=str(error).splitlines()[0],
                    do="give the workers more memory, or set training.engine to processes",
                ) from None
            except Exception as error:
                if isinstance(error, TimeoutError) and not doing.done():
                    with self._watching:  # one job asks for all
                        self._require_answer()
                    continue
                if type(error).__name__ in GONE:
                    raise EngineLostError from self._gone(error)
                raise
            return found

    def _require_answer(self) -> None:
        """Raise an error if the scheduler hangs, or has had no worker for a while."""
        if not self._scheduler or time.monotonic() - self._answered < WATCH_SECONDS:
            return  # a cluster of its own has its scheduler in this process, and starts workers again
        try:
            known = self._client.sync(self._client.scheduler.identity, callback_timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            raise EngineLostError from self._gone(error)
        self._answered = time.monotonic()
        if known["workers"]:
            return
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except (OSError, ValueError):
            raise EngineLostError from GenrelabError(
                "no Dask worker is left",
                found=f"none at {self._scheduler or 'the cluster on this machine'} for {WORKERS_SECONDS} s",
                do="start `dask worker` again, then run again",
            )

    def _sent(self, argument: Any) -> Sent:
        """Return an argument as bytes, or as a reference to where a worker finds them."""
        data = pickle.dumps(argument)
        if len(data) <= LARGEST_ARGUMENT:
            return data
        sha256 = hashlib.sha256(data).hexdigest()
        name = f"{WORK}/{sha256}"
        with self._storing:  # several threads send the same rows
            if name not in self._stored:
                self._storage.write(name, data)
                self._stored.add(name)
        return self._storage.location or str(self._storage.root), name, sha256

    def _gone(self, error: BaseException) -> GenrelabError:
        where = self._scheduler or "the cluster on this machine"
        return GenrelabError(
            "the Dask scheduler does not answer",
            found=f"{where}: {first_line(error)}",
            allowed="the address of a running scheduler with at least one worker, such as tcp://host:8786",
            do="start `dask scheduler` and `dask worker`, or correct training.scheduler",
        )


def _do(work: Callable[..., Result], sent: list[Sent]) -> Result:
    """Run a job in a worker, on one thread unless the job itself takes more."""
    with threadpool_limits(1):
        return work(*map(received, sent))


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise GenrelabError(
            "training.engine is dask, and Dask is not installed",
            do="install it: pip install --require-hashes -r requirements-dask.lock",
        ) from None
    return distributed
