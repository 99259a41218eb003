"""What runs in which order: one Prefect flow per file, names and order only; those of the analyses are in `studies`."""

from importlib import import_module
from typing import Any

from genrelab.analyses.registry import STUDIES


def find_flow(name: str) -> Any:
    """The flow of a name, imported now: one that cannot be imported takes no other with it."""
    return getattr(import_module(f"flows.{'studies' if name in STUDIES else name}"), name)
