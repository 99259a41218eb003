"""The lock of commands that write outside the flows: they wait for a run, or are refused, as configured."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.run_lock import HeldLock, one_run


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def command_lock(
    home: Home, name: str, *, say: Callable[[str], None] = _say
) -> AbstractContextManager[HeldLock]:
    """Hold the lock of a home while a command runs.

    Args:
        home: Whose lock.
        name: Name of the command, shown to waiting runs.
        say: Called once with a message that names the run waited for.

    Raises:
        BusyError: Another run holds it, and `schedule.when_busy` is `refuse`.
        GenrelabError: A setting is not allowed, or the lock file cannot be opened.
    """
    return one_run(
        home,
        name,
        when_busy=load_operations(home).schedule.when_busy,
        on_wait=lambda holder: say(f"waiting for another run to end: {holder or 'unknown run'}"),
    )
