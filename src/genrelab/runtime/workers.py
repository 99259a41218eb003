"""Long work side by side, each piece in a process of its own, with progress that reaches this one.

Conventions: a worker does one piece at a time and is kept for the next, so that it imports its libraries once; it is
started when the first piece comes. It lives as long as a pipe to this process is open: whatever ends this process,
`kill -9` included, ends its workers too. Work, arguments and results are pickled: functions of a module, plain values.

Threads would share warning filters, limits of thread pools and Python's lock; processes share nothing.
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
    """A worker was killed in the middle of its work."""


class Workers:
    """Processes for long work, to be used from as many threads.

    Leaving the context by an error ends the workers at once; otherwise they end after their work.

    Args:
        count: How many work side by side.
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
        """Have all workers do pieces of work; yields the results in the order of the jobs.

        Args:
            work: A function that can be imported.
            jobs: Its arguments, once for each piece.

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

    def run(self, work: Callable[..., Result], *given: Any) -> Result:
        """Have a worker do a piece of work, and wait for it; waits for a free worker first.

        Args:
            work: A function that can be imported.
            given: Its arguments.

        Raises:
            WorkerLostError: The worker was killed; the next piece gets a new one.
            KeyboardInterrupt: The context was left by an error meanwhile.
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
                f"the process that did {work.__name__.strip('_')} was killed in the middle of it",
                found="no word from it; most often memory ran out",
                do="run it again; give it less to do at once by training.cores = 1 in genrelab.toml",
            ) from error
        finally:
            self._idle.put(worker)


class _Worker:
    """One process, as it is seen from here."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None

    def run(self, work: Callable[..., Result], given: tuple[Any, ...]) -> Result:
        """Do one piece of work in it."""
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
        """End the process: after its work, or in the middle of it."""
        pool, lifeline = self._pool, self._lifeline
        self._pool = self._lifeline = None
        if lifeline is not None and at_once:
            lifeline.close()
        if pool is not None:
            pool.shutdown()
        if lifeline is not None:
            lifeline.close()


def _hear(heard: Connection) -> None:
    """Show here what a worker tells of its progress, until it ends."""
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
    """Begin a worker; runs in it, as what follows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: the other process decides
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    progress.use(_Teller(told))


def _end_with(lifeline: Connection) -> None:
    """End this process, whatever it is doing, when the other end is closed."""
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
    """Whether an error survives pickling: one that does not would take the worker with it."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - written in this line
    except Exception:  # noqa: BLE001 - an exception's own code runs here
        return False
    return True


class _Teller:
    """Tells the process that started this one; when it is gone nobody listens, and this one ends too."""

    def __init__(self, told: Connection) -> None:
        self._told, self._lock, self._numbers = told, threading.Lock(), itertools.count()

    def started(self, label: str, total: float | None, unit: str) -> int:
        """Tell that work begins."""
        number = next(self._numbers)
        self._tell("started", number, label, total, unit)
        return number

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Tell how far it is."""
        self._tell("advanced", handle, done, note)

    def finished(self, handle: int) -> None:
        """Tell that it ended."""
        self._tell("finished", handle)

    def said(self, line: str) -> None:
        """Tell a line."""
        self._tell("said", line)

    def _tell(self, *words: Any) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._told.send(words)
