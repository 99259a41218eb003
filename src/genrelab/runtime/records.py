"""Converts results to JSON for the records of steps, and back.

A record that does not fit the type of its result (written by an earlier version, or truncated) holds no result: its
step counts as one that never ran.
"""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

R = TypeVar("R")


def encode(result: object) -> Any:
    """Return a result, or a part of one, as JSON values."""
    kind: Any = type(result)
    return _adapter(kind).dump_python(result, mode="json", by_alias=True)


def decode(kind: type[R], values: object) -> R | None:
    """Return the result that `encode` turned into these values; None if they do not fit its type."""
    given: Any = kind
    try:
        found: R = _adapter(given).validate_python(values)
    except ValidationError:
        return None
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
