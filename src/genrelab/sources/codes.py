"""Values as numbers, so that rows are compared and grouped without a copy of their text.

Conventions: a hash of 64 bits may stand for two values, but among 50 million values there are two such in one case of
10,000. Where a row is rejected or left out by it, its values are compared themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.stored_rows import Rows, batches_of

SEPARATOR = "\x1f"
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without a pattern in its bits, so that equal values of two columns do not cancel out."""
SHARES = 16
"""Parts in which rows are compared: all rows of a hash lie in one."""
MISSING = np.uint64(0x5851F42D4C957F2D)
"""The hash of a missing value."""


def value_codes(column: Any) -> npt.NDArray[np.int64]:
    """A number for each distinct value of a column; 0 for a missing one."""
    indices = _comparable(column).combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(indices, -1)).astype(np.int64) + 1


def counts_of(values: Any) -> dict[Any, int]:
    """How often each value of an array is there, None for missing ones, in the order in which they come.

    >>> counts_of(pa.array(["pop", None, "pop"]))
    {'pop': 2, None: 1}
    """
    return {row["values"]: row["counts"] for row in values.value_counts().to_pylist()}


def row_hashes(rows: Rows, columns: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A hash of some columns of each row, shape (rows,); 8 bytes a row are held.

    Args:
        rows: Their columns are texts, lists of texts, numbers or times.
        columns: Names of the columns.
    """
    hashes, start = np.zeros(len(rows), np.uint64), 0
    for part in batches_of(rows, columns):
        own = hashes[start : start + len(part)]
        for name in columns:
            add_to_hashes(own, _hashes(part[name]))
        start += len(part)
    return hashes


def add_to_hashes(hashes: npt.NDArray[np.uint64], more: npt.NDArray[np.uint64]) -> None:
    """Make each hash that of its values so far and of one more; it depends on their order."""
    hashes *= MULTIPLIER
    hashes += more


def come_again(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Mark the rows whose hash another row has.

    >>> come_again(np.array([7, 5, 7], np.uint64)).tolist()
    [True, False, True]
    """
    marked = np.zeros(len(hashes), dtype=bool)
    for rows in _shares(hashes):
        is_same = hashes[rows[1:]] == hashes[rows[:-1]]
        marked[rows[1:][is_same]] = marked[rows[:-1][is_same]] = True
    return marked


def contradict(groups: npt.NDArray[np.uint64], values: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Mark the rows whose group has several values.

    >>> contradict(np.array([7, 5, 7, 5], np.uint64), np.array([1, 1, 2, 1], np.uint64)).tolist()
    [True, False, True, False]

    Args:
        groups: Hash of the group of each row.
        values: Hash of the value of each row.
    """
    marked = np.zeros(len(groups), dtype=bool)
    for rows in _shares(groups):
        firsts = np.flatnonzero(np.append(True, groups[rows[1:]] != groups[rows[:-1]]))
        of_group = values[rows]
        differs = np.minimum.reduceat(of_group, firsts) != np.maximum.reduceat(of_group, firsts)
        marked[rows] = np.repeat(differs, np.diff(np.append(firsts, len(rows))))
    return marked


def share_of(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """The share of each hash, a number below `SHARES`, so that rows are compared a share at a time."""
    return np.asarray(hashes.view(np.uint8)[::8] % SHARES)  # by one byte of eight


def _shares(hashes: npt.NDArray[np.uint64]) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the rows in `SHARES` shares, in the order of the hash; at once they would take 30 bytes a row."""
    share = share_of(hashes)
    for number in range(SHARES):
        rows = np.flatnonzero(share == number)
        if len(rows):
            yield rows[np.argsort(hashes[rows])]


def _hashes(column: Any) -> npt.NDArray[np.uint64]:
    """A hash of each value; that of a missing one is `MISSING`."""
    column = _comparable(column)
    if pa.types.is_string(column.type):
        encoded = column.combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_numpy(zero_copy_only=False)
        of_texts = np.append(pd.util.hash_array(texts, categorize=False), MISSING)
        return np.asarray(of_texts[np.asarray(pc.fill_null(encoded.indices, len(texts)))])
    numbers = column if pa.types.is_floating(column.type) else column.cast(pa.int64())
    found = pd.util.hash_array(pc.fill_null(numbers, 0).to_numpy())
    return np.where(np.asarray(column.is_null()), MISSING, found)


def shared_texts(column: Any) -> npt.NDArray[Any]:
    """The texts of a column, None where one is missing, shape (rows,); each distinct text is in memory once.

    >>> shared_texts(pa.chunked_array([["pop", None], ["pop"]])).tolist()
    ['pop', None, 'pop']
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = column.dictionary_encode()
    texts = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(texts[np.asarray(pc.fill_null(encoded.indices, len(texts) - 1))], dtype=object)


def pair_codes(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each distinct pair, counted from 0."""
    pairs = pa.array(one * (int(other.max(initial=0)) + 1) + other)
    return np.asarray(pairs.dictionary_encode().indices).astype(np.int64)


def _comparable(column: Any) -> Any:
    """A column of lists or of encoded texts as text, which Arrow can encode; any other column as it is."""
    if pa.types.is_dictionary(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string())
    if not pa.types.is_list(column.type):
        return column
    lists = column.combine_chunks()
    escaped = pc.replace_substring(pc.replace_substring(lists.values, "\\", "\\\\"), SEPARATOR, "\\x")
    escaped = pc.fill_null(escaped, "\\0")
    text = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, escaped, mask=lists.is_null()), SEPARATOR)
    # An empty list and a list of one empty text both join to "": their lengths tell them apart.
    length = pc.cast(pc.list_value_length(lists), pa.string())
    return pa.chunked_array([pc.binary_join_element_wise(length, text, ":")])
