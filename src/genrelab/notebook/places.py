"""The home that the Python interface reads, and the warning about sample data."""

import warnings
from pathlib import Path
from types import TracebackType
from typing import Self

from genrelab.lake.version import TableVersion
from genrelab.runtime.home import Home

_chosen: list[Home] = []
"""Homes that `gl.home` set, the last one in use. Of the process: a notebook may run cells in contexts of their own."""
_announced: set[tuple[Path, str]] = set()


class SampleDataWarning(UserWarning):
    """What was read was made from synthetic sample data: its numbers say nothing about music."""


class home:  # noqa: N801 - it is called like a function: gl.home(path)
    """Read from another home than `GENRELAB_HOME`, from here on or within a `with` block.

    Args:
        path: The folder, as GENRELAB_HOME names it.

    Raises:
        SettingsError: The path cannot be a home.
    """

    def __init__(self, path: Path | str) -> None:
        self._home = Home.at(path)
        _chosen.append(self._home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for place in reversed(range(len(_chosen))):
            if _chosen[place] is self._home:
                del _chosen[place]
                return

    def __repr__(self) -> str:
        return f"genrelab.home({str(self._home.root)!r})"


def current_home() -> Home:
    """The home in use: the last one that `gl.home` set, else that of `GENRELAB_HOME`."""
    return _chosen[-1] if _chosen else Home.find()


def warn_of_sample(version: TableVersion) -> None:
    """Warn, once for each version, that a table was made from sample data."""
    if version.is_sample:
        warn_once(
            f"{version.table} version {version.id}",
            f"{version.table} version {version.version} was made from synthetic sample data",
            callers=2,
        )


def warn_once(subject: str, message: str, callers: int = 1) -> None:
    """Show a `SampleDataWarning` the first time a subject of the current home is read.

    Args:
        subject: What is read, with its version.
        message: The warning.
        callers: Functions of the library between this one and the line of the user that it names.
    """
    key = (current_home().root, subject)
    if key not in _announced:
        _announced.add(key)
        warnings.warn(message, SampleDataWarning, stacklevel=2 + callers)
