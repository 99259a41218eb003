"""Guards for facts that are no typed results yet: what is missing or of another shape is left out."""

from collections.abc import Mapping
from typing import Any


def items(given: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; empty where there is none."""
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []
