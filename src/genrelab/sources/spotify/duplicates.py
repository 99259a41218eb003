"""Exact duplicates: the same track pulled more than once.

Conventions: two rows are exact duplicates when they agree in every column but where and when they were read
(`NOT_COMPARED`); the first in source order is kept. A missing value equals a missing
value. Rows that merely share their audio features are another matter (`MODEL_FEATURES`).

Columns are compared one by one, and only in the rows that no column before told apart: ten million rows fit that way.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.lake.lake import in_source_order
from genrelab.sources.codes import pair_codes, value_codes

NOT_COMPARED = ("source", "source_row", "genres_fetched_at", "features_fetched_at", "fetched_at")
MOST_DISTINCT = "track_id"
"""The column that leaves the fewest rows to compare."""


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
