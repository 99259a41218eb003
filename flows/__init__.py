"""The Prefect flows: one per file, which only define the order of tasks; those of the analyses are in `studies`."""

from importlib import import_module
from typing import Any

from genrelab.analyses.registry import STUDIES


def find_flow(name: str) -> Any:
    """Import and return the flow of a name, so that a flow that cannot be imported does not affect the others."""
    return getattr(import_module(f"flows.{'studies' if name in STUDIES else name}"), name)
