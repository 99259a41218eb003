"""Progress: the library reports it, the program shows it.

The library calls `track` and `say`; a sink shows the messages. The default sink logs plain lines. In a terminal the
command line uses a sink with progress bars.
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
        """Called when a long piece of work starts; returns a handle for it."""

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Called when `done` units are finished."""

    def finished(self, handle: int) -> None:
        """Called when it ended, successfully or not."""

    def said(self, line: str) -> None:
        """Called with a line for the user."""


class LogSink:
    """A sink of plain log lines, at most one every ten seconds for each piece of work."""

    def __init__(self) -> None:
        self._work: dict[int, tuple[str, float | None, str, float]] = {}
        self._numbers = itertools.count()

    def started(self, label: str, total: float | None, unit: str) -> int:
        """Register the work."""
        number = next(self._numbers)
        self._work[number] = (label, total, unit, time.monotonic())
        return number

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Log the progress if the last line is old enough."""
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
    """Return the sink of this process."""
    return _sink


def say(line: str) -> None:
    """Show the user a line."""
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
