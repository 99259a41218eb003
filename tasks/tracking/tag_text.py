"""Lists and named values in the tags of registered versions, as text that people read in MLflow.

Conventions: a list is joined by `, `, named values are `name: value` joined by `; `. What holds these signs itself is
written as JSON, as earlier versions wrote everything; both are read.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

COMMA, SEMICOLON, COLON = ", ", "; ", ": "
JSON_BEGINS = ("[", "{")


def join_list(values: Sequence[str | int]) -> str:
    """Return the text of a list; numbers, such as the ids of FMA's genres, stay numbers.

    >>> join_list(["pop", "r&b"]), join_list(["rock, hard"]), join_list([17, 21])
    ('pop, r&b', '["rock, hard"]', '[17, 21]')
    """
    text = COMMA.join(map(str, values))
    is_plain = text.split(COMMA) == list(values) and not text.startswith(JSON_BEGINS)
    return text if is_plain else json.dumps(values)


def split_list(text: str) -> tuple[Any, ...]:
    """Return the list that `join_list` wrote.

    Raises:
        json.JSONDecodeError: The text begins as JSON and is none.
    """
    return tuple(json.loads(text)) if text.startswith(JSON_BEGINS) else tuple(text.split(COMMA))


def join_named(values: Mapping[str, str]) -> str:
    """Return the text of named values.

    >>> join_named({"macro_f1": "+0.02", "accuracy": "+0.01"})
    'macro_f1: +0.02; accuracy: +0.01'
    """
    text = SEMICOLON.join(f"{name}{COLON}{value}" for name, value in values.items())
    is_plain = not text or (not text.startswith(JSON_BEGINS) and _split(text) == dict(values))
    return text if is_plain else json.dumps(values)


def split_named(text: str) -> dict[str, str]:
    """Return the values that `join_named` wrote; none of a text that is damaged."""
    if text.startswith(JSON_BEGINS):
        try:
            return dict(json.loads(text))
        except (json.JSONDecodeError, TypeError, ValueError):
            return {}
    return _split(text)


def _split(text: str) -> dict[str, str]:
    parts = (part.partition(COLON) for part in text.split(SEMICOLON))
    return {name: value for name, colon, value in parts if colon}
