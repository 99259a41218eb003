"""Guards for untyped facts: values that are missing or have another shape are left out."""

from collections.abc import Mapping
from typing import Any


def items(given: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; empty if there is no list."""
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []
