"""Room on the disk, before a run and in mid-write."""

import errno
import sqlite3

import pytest

from genrelab.runtime.disk import DiskFullError, is_full, require_room
from genrelab.runtime.home import Home
from tasks.run.step import Outcome, failures, run_step


def chained() -> BaseException:
    """As SQLAlchemy and Delta Lake tell it: the cause stands behind another error."""
    error = RuntimeError("could not commit")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EDQUOT, "x"),
        sqlite3.OperationalError("database or disk is full"),
        RuntimeError("Generic LocalFileSystem error: No space left on device (os error 28)"),
        chained(),
    ],
)
def test_a_full_disk_is_known_by_any_name(error: BaseException) -> None:
    """The system, SQLite, Delta Lake and what wraps them."""

    assert is_full(error)


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "x"), ValueError("full of errors")])
def test_other_errors_are_not_taken_for_it(error: BaseException) -> None:
    """A wrong message would send a person looking in the wrong place."""

    assert not is_full(error)


def test_a_run_does_not_start_without_room(home: Home) -> None:
    """The message says how much there is and how much is needed."""

    require_room(home, least=1)
    words = r"free on the disk of .*; allowed: at least 8,192.0 TB; to do: free disk space"
    with pytest.raises(DiskFullError, match=words):
        require_room(home, least=1 << 53)


def test_a_step_that_meets_a_full_disk_fails_with_a_message(home: Home) -> None:
    """No traceback: the state and the record of the failure say what to do."""

    def work() -> Outcome:
        raise OSError(errno.ENOSPC, "No space left on device")

    state = run_step("s", home, {}, work)
    assert state.is_failed()
    assert "the disk is full" in state.message
    assert "genrelab clean" in failures(home)["s"].message
