"""Decides where independent work runs: on this machine, or on the workers of Dask (`training.engine`).

Conventions: trainings, analyses and the features of audio give their jobs to `run_all` or to `workers`, and do not
know the engine. A job is a function of a module with plain arguments; it uses one thread, so that its result is the
same to the last bit on every engine. Only the thread that entered `use` has its jobs on Dask: what a job starts itself
runs where the job runs.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import starmap
from typing import Any, TypeVar

from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.settings import Settings
from genrelab.runtime.workers import EngineLostError, Workers

Result = TypeVar("Result")

_dask: ContextVar[Callable[[], DaskWorkers] | None] = ContextVar("dask", default=None)
"""Returns the workers of Dask, started by the first call; None runs everything on this machine."""


def workers_of(settings: Settings, count: int) -> Workers | DaskWorkers:
    """Return the workers of `training.engine`, to be entered.

    Args:
        settings: Settings of the run.
        count: Workers of this machine.
    """
    if settings.engine == "processes":
        return Workers(count)
    return DaskWorkers(settings.home, count, settings.scheduler)


@contextmanager
def use(settings: Settings) -> Iterator[None]:
    """Run the jobs of this block on `training.engine`; Dask starts with the first one.

    Args:
        settings: Settings of the run.
    """
    if settings.engine == "processes":
        yield
        return
    with ExitStack() as ends:

        @cache
        def start() -> DaskWorkers:
            try:
                return ends.enter_context(DaskWorkers(settings.home, settings.cores, settings.scheduler))
            except GenrelabError as error:
                raise EngineLostError from error

        with on_dask(start):
            yield


@contextmanager
def on_dask(start: Callable[[], DaskWorkers]) -> Iterator[None]:
    """Run the jobs of this block on the workers of Dask.

    Args:
        start: Returns the workers; called by each job that needs them.
    """
    before = _dask.set(start)
    try:
        yield
    finally:
        _dask.reset(before)


@contextmanager
def workers(count: int) -> Iterator[Workers | DaskWorkers]:
    """Yield the workers of Dask if this block runs on it, otherwise processes of this machine.

    Args:
        count: Number of processes.

    Raises:
        EngineLostError: Dask cannot be used.
    """
    start = _dask.get()
    if start is not None:
        yield start()
        return
    with Workers(count) as local:
        yield local


def run_all(
    work: Callable[..., Result], jobs: Sequence[tuple[Any, ...]], cores: int, *, in_threads: bool = False
) -> Iterator[Result]:
    """Run independent jobs and yield their results in the order of the jobs.

    Args:
        work: A function of a module.
        jobs: Its arguments, one tuple for each job; the longest jobs first use the workers best.
        cores: Jobs of this machine at once; one runs them in this thread.
        in_threads: Whether threads do on this machine: for work of libraries that let go of Python's lock, on rows
            that need not be copied to processes.

    Raises:
        EngineLostError: Dask cannot be used.
        WorkerLostError: A worker was killed.
    """
    count = min(cores, len(jobs))
    if _dask.get() is None and count < 2:  # noqa: PLR2004 - one job after the other
        yield from starmap(work, jobs)
    elif _dask.get() is None and in_threads:
        with ThreadPoolExecutor(count) as threads:
            yield from threads.map(lambda given: work(*given), jobs)
    else:
        with workers(count) as pool:
            yield from pool.map(work, jobs)


def call(work: Callable[..., Result], *given: Any) -> Result:
    """Call a function: the `work` of `run_all` for jobs of different kinds, each a function and its arguments."""
    return work(*given)
