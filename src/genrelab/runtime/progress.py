"""Progress that the library reports and the program shows.

The library calls `track` and `say`; a sink decides what becomes of it. Without a sink they log plain lines.
The command line puts a sink with bars in place when a terminal looks on.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

log = logging.getLogger("genrelab")
LOG_EVERY_SECONDS = 10.0


class Sink(Protocol):
    """Receives progress."""

    def started(self, label: str, total: float | None, unit: str) -> int:
        """A piece of long work begins; returns a handle for it."""

    def advanced(self, handle: int, done: float, note: str) -> None:
        """`done` units of it are finished."""

    def finished(self, handle: int) -> None:
        """It ended, well or not."""

    def said(self, line: str) -> None:
        """A line that a person should read."""


class LogSink:
    """Plain log lines, at most one every ten seconds for each piece of work."""

    def __init__(self) -> None:
        self._work: dict[int, tuple[str, float | None, str, float]] = {}
        self._numbers = itertools.count()

    def started(self, label: str, total: float | None, unit: str) -> int:
        """Remember the work."""
        number = next(self._numbers)
        self._work[number] = (label, total, unit, time.monotonic())
        return number

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Log it if the last line is long enough ago."""
        label, total, unit, last = self._work[handle]
        if time.monotonic() - last >= LOG_EVERY_SECONDS:
            share = f" of {total:,.0f}" if total else ""
            log.info("%s: %s%s %s %s", label, f"{done:,.0f}", share, unit, note)
            self._work[handle] = (label, total, unit, time.monotonic())

    def finished(self, handle: int) -> None:
        """Forget the work."""
        self._work.pop(handle, None)

    def said(self, line: str) -> None:
        """Log the line."""
        log.info("%s", line)


_sink: Sink = LogSink()


def use(sink: Sink) -> None:
    """Send progress of this process to `sink`."""
    global _sink  # noqa: PLW0603 - one process has one terminal
    _sink = sink


def sink() -> Sink:
    """Where progress of this process goes."""
    return _sink


def say(line: str) -> None:
    """Tell the person a line."""
    _sink.said(line)


@contextmanager
def track(label: str, total: float | None = None, unit: str = "") -> Iterator[Callable[..., None]]:
    """Report progress on a piece of long work.

    Args:
        label: What is being done, e.g. `reading fma_features`.
        total: How many units it has, where that is known.
        unit: What is counted: `rows`, `MB`, `artists`.

    Yields:
        A function `advance(done, note="")` to call with the units finished so far.
    """
    to = _sink
    handle = to.started(label, total, unit)
    try:
        yield lambda done, note="": to.advanced(handle, done, note)
    finally:
        to.finished(handle)
