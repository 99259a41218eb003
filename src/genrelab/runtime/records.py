"""The JSON form of results: the one place where a result is written to and read from a record.

A record that does not fit the type of its result (of an earlier version, or cut short) holds no result: its step counts
as one that never ran.
"""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

R = TypeVar("R")


def encode(result: object) -> Any:
    """A result, or a part of one, as JSON values."""
    kind: Any = type(result)
    return _adapter(kind).dump_python(result, mode="json", by_alias=True)


def decode(kind: type[R], values: object) -> R | None:
    """The result of which `encode` made these values; None where they do not fit its type."""
    given: Any = kind
    try:
        found: R = _adapter(given).validate_python(values)
    except ValidationError:
        return None
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
