"""Import order: genrelab's own packages come before other modules of the same name.

`flows`, `tasks` and `expectations` are common names: the user may have a module `flows` in the current folder or on
PYTHONPATH, where Python looks first. Only then is the search path reordered, for this process and for those that it
starts. This module is imported before any of our packages, and imports none of them.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

NAMES = ("expectations", "flows", "genrelab", "genrelab_cli", "tasks")
HERE = Path(__file__).resolve().parents[1]
PLACES = [str(HERE), *([str(HERE.parent)] if (HERE.parent / "pyproject.toml").is_file() else [])]
"""The folder of this package, and in a checkout also its root folder."""


def come_first() -> None:
    """Put our packages first on the search path of this process and of the workers that inherit it."""
    if _is_hidden(sys.path):
        sys.path[:] = [*PLACES, *(place for place in sys.path if place not in PLACES)]


def come_first_in_children() -> None:
    """Put our packages first on the search path of the programs that this one starts."""
    os.environ.setdefault("PYTHONSAFEPATH", "1")  # do not import from the current folder
    value = os.environ.get("PYTHONPATH", "")
    given = value.split(os.pathsep) if value else []
    if _is_hidden(given):
        os.environ["PYTHONPATH"] = os.pathsep.join([*PLACES, *(each for each in given if each not in PLACES)])


def _is_hidden(places: Iterable[str]) -> bool:
    """Whether a folder before ours on the search path has a module with the name of one of our packages."""
    ours = set(PLACES)
    for place in places:
        folder = Path(place or os.curdir)
        if (resolved := str(folder.resolve())) in PLACES:
            ours.discard(resolved)
        elif ours and any((folder / f"{name}.py").exists() or (folder / name).exists() for name in NAMES):
            return True
    return False
