"""Progress bars on a terminal."""

import threading

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class TerminalSink:
    """Shows each long operation as a progress bar, which is removed when the operation ends."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]} {task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._running = 0
        self._lock = threading.Lock()

    def started(self, label: str, total: float | None, unit: str) -> int:
        """Show a bar and return its handle."""
        with self._lock:
            if self._running == 0:
                self._bars.start()
            self._running += 1
        return int(self._bars.add_task(label, total=total, unit=unit, note=""))

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Update the bar."""
        self._bars.update(handle, completed=done, note=note)  # type: ignore[arg-type]

    def finished(self, handle: int) -> None:
        """Remove the bar."""
        self._bars.remove_task(handle)  # type: ignore[arg-type]
        with self._lock:
            self._running -= 1
            if self._running == 0:
                self._bars.stop()

    def said(self, line: str) -> None:
        """Print the line above the bars."""
        self._console.print(line, markup=False, soft_wrap=True)
