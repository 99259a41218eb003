"""Columns of lists: micro-genres, and artists where a file writes them as a list."""

import ast
import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.files import whole_characters


@dataclass(frozen=True)
class Form:
    """How a column writes its lists.

    Args:
        name: For people.
        caveat: What a reader should know before they trust the lists, or nothing.
    """

    name: str = "lists in brackets, or names between commas"
    caveat: str = ""


def find_form(_texts: Any) -> Form:
    """The form of a column, from its distinct cells."""
    return Form()


def parse_lists(texts: Any, _form: Form) -> Any:
    """Lists of the cells of a column, null where a cell is none; each distinct cell is parsed once."""
    encoded = pc.fill_null(texts, "").dictionary_encode()
    lists: list[list[str] | None] = []
    for text in encoded.dictionary.to_pylist():
        try:
            lists.append(parse_genres(text))
        except ValueError:
            lists.append(None)
    return pa.array(lists, pa.list_(pa.string())).take(encoded.indices)


def why_refused(text: str, _form: Form) -> str:
    """The reason why a cell is refused, or nothing."""
    try:
        parse_genres(text)
    except ValueError as error:
        return str(error)
    return ""


def first_of_list(text: str) -> str:
    """The first name of a list in brackets; nothing where it is none."""
    try:
        return next(iter(parse_genres(text)), "")
    except ValueError:
        return ""


def parse_genres(text: str) -> list[str]:
    r"""Micro-genres from a list in text.

    >>> parse_genres("['classic opm', \"children's music\"]")
    ['classic opm', "children's music"]
    >>> parse_genres("deep house, edm")
    ['deep house', 'edm']
    >>> parse_genres("[]")
    []

    Args:
        text: A Python or JSON list of text, or micro-genres with commas between them; blank for none.

    Raises:
        ValueError: It is none of these.
    """
    text = text.strip()
    if not text.startswith("["):
        if any(sign in text for sign in "[]{}"):
            raise ValueError("brackets without a list")
        return [part for part in (piece.strip() for piece in text.split(",")) if part]
    inner = text[2:-2]
    if text.startswith("['") and text.endswith("']") and '"' not in inner and "\\" not in inner:
        parts = inner.split("', '")
        if not any("'" in part for part in parts):
            return parts
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("not a list of text") from None
    if not all(isinstance(item, str) for item in value):
        raise ValueError("not a list of text")
    return [whole_characters(item) for item in value]
