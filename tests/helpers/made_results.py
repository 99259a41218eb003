"""A made-up result of each analysis whose tests bring one: `RESULTS` in the module `<its folder>_facts`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from genrelab.analyses.registry import ANALYSES


def made_results() -> dict[str, Any]:
    """What makes the result of an analysis, by its name."""
    modules = {f"{analysis.folder}_facts" for analysis in ANALYSES}
    return {
        name: make
        for module in sorted(modules)
        if find_spec(module)
        for name, make in getattr(import_module(module), "RESULTS", {}).items()
    }
