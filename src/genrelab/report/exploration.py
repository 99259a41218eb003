"""Guards for facts that are no typed results yet: what is missing or of another shape is left out."""

from collections.abc import Mapping
from typing import Any


def mapping(given: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return given if isinstance(given, Mapping) else {}


def items(given: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; empty where there is none."""
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []
