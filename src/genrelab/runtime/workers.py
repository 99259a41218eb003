"""Runs long jobs in parallel, each in its own worker process, and reports their progress in this process.

Conventions: a worker runs one job at a time and is reused for the next, so it imports its libraries once. It starts
with its first job and ends when the pipe to this process closes, even if this process is killed with `kill -9`. Jobs,
arguments and results are pickled: functions of a module, plain values.

Processes rather than threads: threads would share warning filters, thread pool limits and Python's lock.
"""

import contextlib
import itertools
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError

Result = TypeVar("Result")


class WorkerLostError(GenrelabError):
    """A worker process was killed during a job."""


class EngineLostError(RuntimeError):
    """What all jobs run on is gone; its cause is the `GenrelabError` that says so.

    It is none itself, because a failure of one job is reported and the others go on: here no other can.
    """


class Workers:
    """A pool of worker processes that several threads may use.

    Leaving the context with an error ends the workers at once; otherwise they finish their jobs.

    Args:
        count: Number of workers.
    """

    def __init__(self, count: int) -> None:
        self._workers = [_Worker() for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._is_interrupted = False
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(at_once=error is not None)

    def _end(self, *, at_once: bool) -> None:
        self._is_interrupted |= at_once
        for worker in self._workers:
            worker.end(at_once=at_once)

    def map(self, work: Callable[..., Result], jobs: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """Run jobs on all workers; yield the results in the order of the jobs.

        Args:
            work: A function that can be imported.
            jobs: Its arguments, one tuple for each job.

        Raises:
            WorkerLostError: A worker was killed.
        """
        with ThreadPoolExecutor(len(self._workers)) as threads:
            try:
                yield from threads.map(lambda given: self.run(work, *given), jobs)
            except BaseException:
                self._end(at_once=True)  # or leaving this block would wait for every job
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    @property
    def size(self) -> int:
        """Return how many jobs run at once."""
        return len(self._workers)

    def run_here(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run one job on this machine: as `run`."""
        return self.run(work, *given)

    def run(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run one job on the next free worker and return its result.

        Args:
            work: A function that can be imported.
            given: Its arguments.

        Raises:
            WorkerLostError: The worker was killed; the next job gets a new one.
            KeyboardInterrupt: The context was left with an error meanwhile.
        """
        worker = self._idle.get()
        try:
            if self._is_interrupted:
                raise KeyboardInterrupt
            return worker.run(work, given)
        except BrokenProcessPool as error:
            if self._is_interrupted:
                raise KeyboardInterrupt from error
            worker.end(at_once=True)
            raise WorkerLostError(
                f"the worker process of {work.__name__.strip('_')} was killed",
                found="no answer; the usual cause is too little memory",
                do="run it again; training.cores = 1 in genrelab.toml needs less memory",
            ) from error
        finally:
            self._idle.put(worker)


class _Worker:
    """One worker process, controlled from this process."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None

    def run(self, work: Callable[..., Result], given: tuple[Any, ...]) -> Result:
        """Run one job in the worker."""
        if self._pool is not None:
            return self._pool.submit(_do, work, given).result()
        spawn = get_context("spawn")
        theirs, self._lifeline = spawn.Pipe(duplex=False)
        heard, told = spawn.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(1, spawn, _begin, (theirs, told))
        doing = self._pool.submit(_do, work, given)  # starts the process
        theirs.close()
        told.close()
        threading.Thread(target=_hear, args=(heard,), daemon=True).start()
        return doing.result()

    def end(self, *, at_once: bool) -> None:
        """End the worker after its job, or at once."""
        pool, lifeline = self._pool, self._lifeline
        self._pool = self._lifeline = None
        if lifeline is not None and at_once:
            lifeline.close()
        if pool is not None:
            pool.shutdown()
        if lifeline is not None:
            lifeline.close()


def _hear(heard: Connection) -> None:
    """Show the progress messages of a worker in this process until the worker ends."""
    sink, handles = progress.sink(), dict[int, int]()
    with contextlib.suppress(EOFError, OSError), heard:
        while True:
            match heard.recv():
                case "started", number, *words:
                    handles[number] = sink.started(*words)
                case "advanced", number, *words:
                    sink.advanced(handles[number], *words)
                case "finished", number:
                    sink.finished(handles.pop(number))
                case "said", line:
                    sink.said(line)
    for handle in handles.values():
        sink.finished(handle)


def _begin(lifeline: Connection, told: Connection) -> None:
    """Initialise a worker; this function and the following ones run in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both processes; the parent decides
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    progress.use(_Teller(told))


def _end_with(lifeline: Connection) -> None:
    """End this process at once when the parent closes the pipe."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)


def _do(work: Callable[..., Result], given: tuple[Any, ...]) -> Result:
    try:
        return work(*given)
    except Exception as error:
        if _can_travel(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def _can_travel(error: Exception) -> bool:
    """Whether an error can be pickled: one that cannot would end the worker."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - written in this line
    except Exception:  # noqa: BLE001 - an exception's own code runs here
        return False
    return True


class _Teller:
    """Sends progress to the parent process."""

    def __init__(self, told: Connection) -> None:
        self._told, self._lock, self._numbers = told, threading.Lock(), itertools.count()

    def started(self, label: str, total: float | None, unit: str) -> int:
        """Report that a piece of work starts."""
        number = next(self._numbers)
        self._tell("started", number, label, total, unit)
        return number

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Report how much of it is done."""
        self._tell("advanced", handle, done, note)

    def finished(self, handle: int) -> None:
        """Report that it ended."""
        self._tell("finished", handle)

    def said(self, line: str) -> None:
        """Send a line."""
        self._tell("said", line)

    def _tell(self, *words: Any) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._told.send(words)
