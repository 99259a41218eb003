"""The lock that commands take beside the flows: what writes to a home waits for a run, or is refused, as configured."""

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
    """Hold the lock of a home for the length of a command.

    Args:
        home: Whose lock.
        name: Name of the command, for those who wait.
        say: Told once for whom this one waits.

    Raises:
        BusyError: Another run holds it, and `schedule.when_busy` is `refuse`.
        GenrelabError: A setting is not allowed, or the lock file cannot be opened.
    """
    return one_run(
        home,
        name,
        when_busy=load_operations(home).schedule.when_busy,
        on_wait=lambda holder: say(f"waiting for another run to end: {holder or 'its lock is held'}"),
    )
