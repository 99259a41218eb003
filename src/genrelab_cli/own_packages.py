"""Our own packages, found where this program lies, whatever else is called like them.

`flows`, `tasks` and `expectations` are common names: a project of the user's own may hold a module `flows` in the
current folder or on PYTHONPATH, where Python looks first. Only these five names are looked up here. This module is
imported before any of them, and imports none.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

NAMES = ("expectations", "flows", "genrelab", "genrelab_cli", "tasks")
HERE = Path(__file__).resolve().parents[1]
PLACES = [str(HERE), *([str(HERE.parent)] if (HERE.parent / "pyproject.toml").is_file() else [])]
"""The folder of this package, and in a checkout its root beside `src/`."""


class OwnPackages:
    """Finds our packages before Python looks along its path."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a package of ours lies; None for anything else."""
        if path is not None or name not in NAMES:
            return None
        found = PathFinder.find_spec(name, PLACES, target)
        return found if found is not None and found.origin else None  # no origin: a mere folder of that name


def come_first() -> None:
    """Let this process find our packages first."""
    if OwnPackages not in sys.meta_path:
        sys.meta_path.insert(0, OwnPackages)


def come_first_in_children() -> None:
    """Let the processes that this one starts find our packages first, where anything else is called like them."""
    os.environ.setdefault("PYTHONSAFEPATH", "1")  # the current folder is none of the places to import from
    value = os.environ.get("PYTHONPATH", "")
    given = [each or os.curdir for each in value.split(os.pathsep)] if value else []
    if any(_is_called(name, Path(place)) for name in NAMES for place in given if place not in PLACES):
        os.environ["PYTHONPATH"] = os.pathsep.join([*PLACES, *(each for each in given if each not in PLACES)])


def _is_called(name: str, place: Path) -> bool:
    return (place / f"{name}.py").exists() or (place / name).exists()
