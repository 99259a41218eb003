"""Jobs of one training that may wait for each other: one after the other, or side by side in worker processes.

Conventions: a job runs once those it waits for have ended, whether or not they failed. A failure belongs to its job;
the others go on. Which process does the work is the job's own business: a thread here only waits for it.
"""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from typing import Any

from genrelab.runtime.errors import GenrelabError

Runner = Callable[..., Any]
"""Calls a function of a module with plain arguments in a worker process: `genrelab.runtime.workers.Workers.run`."""


@dataclass(frozen=True)
class Job:
    """A piece of work.

    Args:
        key: Its name among the jobs.
        do: Does it, and keeps what it found.
        after: Keys of the jobs before it in the list that must have ended.
    """

    key: Hashable
    do: Callable[[], Any]
    after: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of a job: its result, or why it failed."""

    key: Hashable
    result: Any = None
    error: GenrelabError | None = None


def run_jobs(jobs: Sequence[Job], *, side_by_side: bool) -> Iterator[Done]:
    """Run jobs and yield what became of each as soon as it has ended.

    Args:
        jobs: Each after those that it waits for.
        side_by_side: Whether jobs run in threads of their own; otherwise in this one, in order.

    Raises:
        Exception: Whatever a job raises that is no `GenrelabError`; jobs not yet begun are then dropped.
    """
    if not side_by_side or not jobs:
        yield from map(_done, jobs)
        return
    is_stopped = threading.Event()
    with ThreadPoolExecutor(len(jobs), thread_name_prefix="training-job") as threads:
        running: dict[Hashable, Future[Done]] = {}
        for job in jobs:
            before = [running[key] for key in job.after if key in running]
            running[job.key] = threads.submit(_after, before, job, is_stopped)
        try:
            for ended in as_completed(running.values()):
                yield ended.result()
        finally:
            is_stopped.set()


def _after(before: Sequence[Future[Done]], job: Job, is_stopped: threading.Event) -> Done:
    wait(before)
    return Done(job.key, error=GenrelabError("stopped")) if is_stopped.is_set() else _done(job)


def _done(job: Job) -> Done:
    try:
        return Done(job.key, job.do())
    except GenrelabError as error:
        return Done(job.key, error=error)
