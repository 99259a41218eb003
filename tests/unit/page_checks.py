"""What tests ask of a page of the report: the words that it shows, and whether it bears any missing fact."""

import json
import re
from collections.abc import Iterator
from typing import Any

Steps = tuple[str | int, ...]
"""The keys and places that lead to a fact."""


def text_of(html: str) -> str:
    """The words that a reader sees, one blank between them."""
    return " ".join(re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL).split())


def says_none(html: str) -> bool:
    """Whether a reader meets the word None."""
    return bool(re.search(r"\bNone\b", text_of(html)))


def places(value: Any, path: Steps = (), *, both_ends: bool = False) -> list[Steps]:
    """The path of every value, of lists only the first, or the first and the last."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key in value:
            found += places(value[key], (*path, key), both_ends=both_ends)
    elif isinstance(value, list) and value:
        for place in sorted({0, len(value) - 1} if both_ends else {0}):
            found += places(value[place], (*path, place), both_ends=both_ends)
    return found


def each_missing(facts: Any, paths: list[Steps]) -> Iterator[tuple[Steps, Any]]:
    """The facts without the one at each path, then with null there; nothing is taken out of a list."""
    whole = json.dumps(facts)
    for path in paths:
        for is_absent in (True, False):
            given = json.loads(whole)
            inner = given
            for step in path[:-1]:
                inner = inner[step]
            if is_absent and isinstance(path[-1], str):
                del inner[path[-1]]
            else:
                inner[path[-1]] = None
            yield path, given
