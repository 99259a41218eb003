"""From text cells to declared types, column by column, without losing sight of what does not fit.

Conventions: an empty cell is a missing value, and among numbers, dates and lists so is every word of
`genrelab.sources.missing`; among texts they are words: `NA`, `None` and `null` are titles that artists gave. A whole
number may be written `12.0`, as pandas does beside missing values, or `192e3`, as some copies of tracks.csv do. What
is no number (text, but also `inf`) makes its record illegal. A list is one of Python, JSON or NumPy; every distinct
list is parsed once.

Legal ranges do not belong here.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.sources.missing import MISSING_WORDS, is_missing

WHOLE_NUMBER = r"^[+-]?[0-9]{1,18}$"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?$"
NUMPY_WHOLES = re.compile(r"\[\s*([0-9]+(\s+[0-9]+)*)?\s*\]")
NEIGHBOURS = re.compile(r"""['"]\s+[uUbB]?['"]""")
"""Two quotes with nothing but blanks between them: maybe two strings that Python would join."""
LONGEST_LIST = 1 << 20
MISFITS = (
    ValueError,
    SyntaxError,
    MemoryError,
    RecursionError,
    TypeError,
    OverflowError,
    tokenize.TokenError,
)
"""What parsing a cell may raise."""
LARGEST_EXACT = 2.0**53
"""Whole numbers below this are exact as floats."""

Converted = tuple[pa.Array, np.ndarray]
"""An array of the declared type, and a mask of the cells that do not fit it (they are null in the array)."""


def convert(cells: pa.Array, kind: pa.DataType, decimal: str = ".") -> Converted:
    """Text cells as values of type `kind`.

    Args:
        cells: As they stand in the file.
        kind: Declared type.
        decimal: Decimal sign of numbers.

    >>> array, bad = convert(pa.array(["1", "x", None, "3.0", "nan"]), pa.int64())
    >>> array.to_pylist(), bad.tolist()
    ([1, None, None, 3, None], [False, True, False, False, False])
    """
    if pa.types.is_string(kind):
        return cells, np.zeros(len(cells), dtype=bool)
    if pa.types.is_list(kind):
        return _lists(cells, kind)
    if decimal != "." and not pa.types.is_timestamp(kind):
        cells = pc.replace_substring(pc.replace_substring(cells, ".", "'"), decimal, ".")
    if pa.types.is_integer(kind):
        return _whole(cells, kind)
    if pa.types.is_floating(kind):
        return _real(cells, kind)
    if pa.types.is_timestamp(kind):
        return _dates(cells, kind)
    raise TypeError(f"no conversion from text to {kind}")


def expected(kind: pa.DataType) -> str:
    """What a cell of this type must be, in words."""
    if pa.types.is_integer(kind):
        return "a whole number"
    if pa.types.is_floating(kind):
        return "a number"
    if pa.types.is_timestamp(kind):
        return "a date"
    return "a list" if pa.types.is_list(kind) else "text"


def _real(cells: pa.Array, kind: pa.DataType) -> Converted:
    text = pc.utf8_trim_whitespace(cells)
    other = _unlike(text, NUMBER)
    values = _without(text, other).cast(pa.float64())
    return values.cast(kind, safe=False) if kind != pa.float64() else values, _not_missing(text, other)


def _whole(cells: pa.Array, kind: pa.DataType) -> Converted:
    text = pc.utf8_trim_whitespace(cells)
    other = _unlike(text, WHOLE_NUMBER)
    values = pc.utf8_ltrim(_without(text, other), "+").cast(kind)  # Arrow knows no plus
    if not other.any():
        return values, other
    reals, _ = _real(text, pa.float64())
    real = np.asarray(pc.fill_null(reals, np.nan))
    is_whole = other & (np.abs(real) < LARGEST_EXACT) & (real == np.floor(real))
    found = pa.array(np.where(is_whole, real, 0).astype(np.int64)).cast(kind)
    return pc.if_else(pa.array(is_whole), found, values), _not_missing(text, other & ~is_whole)


def _unlike(text: pa.Array, pattern: str) -> np.ndarray:
    """Which cells are present and do not have this form."""
    return np.asarray(pc.fill_null(pc.invert(pc.match_substring_regex(text, pattern)), fill_value=False))


def _not_missing(text: pa.Array, other: np.ndarray) -> np.ndarray:
    """Those of the cells that do not say in a word that there is no value."""
    return other & ~np.asarray(is_missing(text)) if other.any() else other


def _dates(cells: pa.Array, kind: pa.DataType) -> Converted:
    other = _unlike(cells, DATE)
    text, bad = _without(cells, other), _not_missing(cells, other)
    try:
        return text.cast(kind), bad
    except pa.ArrowInvalid:  # a thirteenth month looks like a date
        distinct = text.dictionary_encode()
        values, wrong = _each(distinct.dictionary, lambda cell: pa.scalar(cell).cast(kind).as_py(), kind)
        return _taken(values, wrong, distinct.indices, bad)


def _lists(cells: pa.Array, kind: pa.DataType) -> Converted:
    distinct = cells.dictionary_encode()
    item = int if pa.types.is_integer(kind.value_type) else str
    values, wrong = _each(distinct.dictionary, lambda cell: _list(cell, item), kind)
    return _taken(values, wrong, distinct.indices, np.zeros(len(cells), dtype=bool))


def _list(cell: str, item: type) -> list[Any] | None:
    if len(cell) > LONGEST_LIST:
        raise ValueError("too long")
    if cell.strip().lower() in MISSING_WORDS:
        return None
    if item is int and NUMPY_WHOLES.fullmatch(cell):
        return [int(number) for number in cell.strip("[]").split()]
    found = _strings_of_numpy(cell) if NEIGHBOURS.search(cell) else None
    found = found if found is not None else ast.literal_eval(cell)
    if isinstance(found, tuple):
        found = list(found)
    if not isinstance(found, list) or any(type(value) is not item for value in found):
        raise ValueError("no list")
    return found


def _strings_of_numpy(cell: str) -> list[str] | None:
    """The strings of a list without commas; None where no two strings are neighbours.

    >>> _strings_of_numpy("['a' 'b']"), _strings_of_numpy("['a', 'b']")
    (['a', 'b'], None)
    """
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(cell).readline) if token.string.strip()]
    kinds = [token.type for token in tokens]
    if (tokenize.STRING, tokenize.STRING) not in pairwise(kinds):
        return None
    if cell.strip()[:1] + cell.strip()[-1:] != "[]" or set(kinds[1:-1]) != {tokenize.STRING}:
        raise ValueError("strings beside each other")
    return [ast.literal_eval(token.string) for token in tokens[1:-1]]


def _each(cells: pa.Array, parse: Callable[[str], Any], kind: pa.DataType) -> Converted:
    found, wrong = [], np.zeros(len(cells), dtype=bool)
    for index, cell in enumerate(cells.to_pylist()):
        try:
            value = parse(cell)
            pa.scalar(value, kind)  # what is too large, or half a character, fits no table
            found.append(value)
        except MISFITS:
            found.append(None)
            wrong[index] = True
    return pa.array(found, type=kind), wrong


def _taken(values: pa.Array, wrong: np.ndarray, indices: pa.Array, bad: np.ndarray) -> Converted:
    present = np.asarray(pc.is_valid(indices))
    of_row = np.zeros(len(indices), dtype=bool)
    of_row[present] = wrong[np.asarray(indices.drop_null())]
    return values.take(indices), bad | of_row


def _without(cells: pa.Array, bad: np.ndarray) -> pa.Array:
    return pc.if_else(pa.array(bad), pa.scalar(None, cells.type), cells) if bad.any() else cells
