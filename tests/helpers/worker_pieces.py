"""Pieces of work for the tests of workers: functions that another process can import."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from genrelab.runtime import progress
from genrelab.runtime.errors import SourceError
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LONG_SECONDS = 300


class OddError(Exception):
    """An error that cannot be rebuilt from its text, as those of some libraries."""

    def __init__(self, code: int, *, place: str) -> None:
        super().__init__(f"code {code}")
        self.place = place


def pid_after(seconds: float) -> int:
    """Who did it."""
    time.sleep(seconds)
    return os.getpid()


def pid_of_two(folder: Path) -> int:
    """Who did it, once somebody else has begun too."""
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.02)
    return os.getpid()


def name_after(name: str, seconds: float) -> str:
    """A result that can be told from others."""
    time.sleep(seconds)
    return name


def fail_when_told(file: Path, sleeps: bool) -> None:
    """One sleeps and says so, the other fails when it has."""
    if sleeps:
        tell_pid_and_sleep(file)
    while not (file.exists() and file.read_text()):
        time.sleep(0.02)
    fail_plainly()


def report(label: str, total: int) -> str:
    """Work with a bar and a line."""
    with progress.track(label, total, "rows") as advance:
        progress.say("halfway")
        advance(total, "all")
    return "done"


def fail_plainly() -> None:
    """A user's mistake."""
    raise SourceError("it is gone", found="nothing", do="bring it back")


def fail_oddly() -> None:
    """A library's own error."""
    raise OddError(3, place="here")


def tell_pid_and_sleep(file: Path) -> None:
    """Work that is in the middle of something for long."""
    with progress.track("sleeping"):
        sleep_long(file, LONG_SECONDS)
        rested(file).touch()


def rested(file: Path) -> Path:
    """What lies beside the file when the work was not ended in the middle."""
    return file.with_suffix(".rested")


def sleep_long(file: Path, seconds: float) -> str:
    """Tell who sleeps, then do."""
    file.write_text(str(os.getpid()))
    time.sleep(seconds)
    return "rested"


def sum_of(rows: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
    """Sums whose last bit depends on the order of the additions."""
    return (rows @ rows.T[:, :50]).sum(axis=0)


def size_and_process(rows: "npt.NDArray[np.float64]") -> tuple[int, int]:
    """How many values arrived where."""
    return rows.size, os.getpid()


def die_once(file: Path) -> str:
    """The first process that gets it dies as by kill -9."""
    if file.exists():
        return "done"
    file.touch()
    os._exit(1)


def tell_home(home: Home) -> tuple[int, Path]:
    """Whose child does it, and in which home."""
    return os.getppid(), home.root


def sleep_on() -> None:
    """Work that does not end by itself."""
    time.sleep(LONG_SECONDS)
