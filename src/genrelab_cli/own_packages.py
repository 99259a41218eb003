"""Our own packages, found where this program lies, whatever else is called like them.

`flows`, `tasks` and `expectations` are common names: a project of the user's own may hold a module `flows` in the
current folder or on PYTHONPATH, where Python looks first. Only then is the order of places changed, here and for the
processes that this one starts. This module is imported before any of our packages, and imports none.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

NAMES = ("expectations", "flows", "genrelab", "genrelab_cli", "tasks")
HERE = Path(__file__).resolve().parents[1]
PLACES = [str(HERE), *([str(HERE.parent)] if (HERE.parent / "pyproject.toml").is_file() else [])]
"""The folder of this package, and in a checkout its root beside `src/`."""


def come_first() -> None:
    """Let this process, and the workers that take over its list of places, find our packages first."""
    if _is_hidden(sys.path):
        sys.path[:] = [*PLACES, *(place for place in sys.path if place not in PLACES)]


def come_first_in_children() -> None:
    """Let the programs that this one starts find our packages first."""
    os.environ.setdefault("PYTHONSAFEPATH", "1")  # the current folder is no place to import from
    value = os.environ.get("PYTHONPATH", "")
    given = value.split(os.pathsep) if value else []
    if _is_hidden(given):
        os.environ["PYTHONPATH"] = os.pathsep.join([*PLACES, *(each for each in given if each not in PLACES)])


def _is_hidden(places: Iterable[str]) -> bool:
    """Whether something called like a package of ours lies in one of the places before our own."""
    ours = set(PLACES)
    for place in places:
        folder = Path(place or os.curdir)
        if (resolved := str(folder.resolve())) in PLACES:
            ours.discard(resolved)
        elif ours and any((folder / f"{name}.py").exists() or (folder / name).exists() for name in NAMES):
            return True
    return False
