"""Guards for facts that are no typed results yet: what is missing or of another shape is left out."""

from collections.abc import Mapping
from typing import Any

from genrelab.report.heatmap import Matrix
from genrelab.report.wording import number


def mapping(given: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return given if isinstance(given, Mapping) else {}


def items(given: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; empty where there is none."""
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []


def numbers(given: Any) -> list[float]:
    """A list of numbers, empty when one of them is none."""
    if not isinstance(given, list | tuple):
        return []
    found = [number(value) for value in given]
    return [value for value in found if value is not None] if None not in found else []


def matrix(given: Any, rows: int, columns: int) -> Matrix:
    """A table of numbers of this shape, empty when it has another one."""
    if not isinstance(given, list | tuple) or len(given) != rows:
        return []
    found = [numbers(row) for row in given]
    return found if all(len(row) == columns for row in found) else []
