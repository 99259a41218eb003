"""Exact duplicates: the same track pulled more than once.

Conventions: two rows are exact duplicates when they agree in every column but where and when they were read
(`NOT_COMPARED`); the first in source order is kept. A missing value equals a missing
value. Rows that merely share their audio features are another matter (`MODEL_FEATURES`).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake import in_source_order

NOT_COMPARED = ("source", "source_row", "genres_fetched_at", "features_fetched_at", "fetched_at")
SEPARATOR = "\x1f"


def exact_duplicates(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows repeat an earlier one.

    Args:
        table: Rows with `source` and `source_row`; lists of text are compared element by element.

    Returns:
        Shape (rows,), in the order of the table: True for a repetition, False for the row to keep.
    """
    position = np.arange(len(table))
    ordered = in_source_order(
        table.select(["source", "source_row"]).append_column("position", pa.array(position))
    )
    rank = np.empty(len(table), dtype=np.int64)
    rank[np.asarray(ordered["position"])] = position

    names = [name for name in table.column_names if name not in NOT_COMPARED]
    keys = pa.table({name: _comparable(table[name]) for name in names}).append_column("rank", pa.array(rank))
    first = keys.group_by(names).aggregate([("rank", "min")])["rank_min"]
    repeats = np.ones(len(table), dtype=bool)
    repeats[np.isin(rank, np.asarray(first), assume_unique=True)] = False
    return repeats


def _comparable(column: Any) -> Any:
    """A list column as text, which Arrow can group by; any other column as it is."""
    if not pa.types.is_list(column.type):
        return column
    lists = column.combine_chunks()
    escaped = pc.replace_substring(pc.replace_substring(lists.values, "\\", "\\\\"), SEPARATOR, "\\x")
    escaped = pc.fill_null(escaped, "\\0")
    text = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, escaped, mask=lists.is_null()), SEPARATOR)
    # An empty list and a list of one empty text both join to "": their lengths tell them apart.
    length = pc.cast(pc.list_value_length(lists), pa.string())
    return pc.binary_join_element_wise(length, text, ":")
