"""Exact duplicates: the same track pulled more than once.

Conventions: two rows are exact duplicates when they agree in every column but where and when they were read
(`NOT_COMPARED`); the first in source order is kept. A missing value equals a missing
value. Rows that merely share their audio features are another matter (`MODEL_FEATURES`).

Columns are compared one by one, and only in the rows that no column before told apart: ten million rows fit that way.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake import in_source_order

NOT_COMPARED = ("source", "source_row", "genres_fetched_at", "features_fetched_at", "fetched_at")
MOST_DISTINCT = "track_id"
"""The column that leaves the fewest rows to compare."""
SEPARATOR = "\x1f"


def exact_duplicates(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows repeat an earlier one.

    Args:
        table: Rows with `source` and `source_row`; lists of text are compared element by element.

    Returns:
        Shape (rows,), in the order of the table: True for a repetition, False for the row to keep.
    """
    names = [name for name in table.column_names if name not in NOT_COMPARED]
    rows = np.arange(len(table))
    groups = np.zeros(len(table), dtype=np.int64)
    for name in sorted(names, key=lambda name: name != MOST_DISTINCT):
        codes = value_codes(table[name].take(rows) if len(rows) < len(table) else table[name])
        groups = pair_codes(groups, codes)
        comes_again = np.bincount(groups)[groups] > 1
        rows, groups = rows[comes_again], groups[comes_again]
    repeats = np.zeros(len(table), dtype=bool)
    repeats[rows] = True
    places = table.select(["source", "source_row"]).take(rows).append_column("group", pa.array(groups))
    ordered = in_source_order(places.append_column("row", pa.array(rows)))
    firsts = np.unique(np.asarray(ordered["group"]), return_index=True)[1]
    repeats[np.asarray(ordered["row"])[firsts]] = False
    return repeats


def value_codes(column: Any) -> npt.NDArray[np.int64]:
    """A number for each distinct value of a column; 0 for a missing one."""
    indices = _comparable(column).combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(indices, -1)).astype(np.int64) + 1


def pair_codes(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each distinct pair, counted from 0."""
    return pd.factorize(one * (int(other.max(initial=0)) + 1) + other)[0].astype(np.int64)


def _comparable(column: Any) -> Any:
    """A list column as text, which Arrow can encode; any other column as it is."""
    if not pa.types.is_list(column.type):
        return column
    lists = column.combine_chunks()
    escaped = pc.replace_substring(pc.replace_substring(lists.values, "\\", "\\\\"), SEPARATOR, "\\x")
    escaped = pc.fill_null(escaped, "\\0")
    text = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, escaped, mask=lists.is_null()), SEPARATOR)
    # An empty list and a list of one empty text both join to "": their lengths tell them apart.
    length = pc.cast(pc.list_value_length(lists), pa.string())
    return pa.chunked_array([pc.binary_join_element_wise(length, text, ":")])
