"""Exact duplicates: the same track pulled more than once.

Conventions: two rows are exact duplicates when all columns agree except those that say where and when the row was read
(`NOT_COMPARED`). The first row in source order is kept. Two missing values are equal. Rows that only share their audio
features are not exact duplicates (`MODEL_FEATURES`).

Columns are compared one by one, each only in rows that all earlier columns left equal. A hash of the most distinct
column comes first, so that of most rows 24 bytes are held.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.lake.lake import in_source_order
from genrelab.lake.stored_rows import Rows
from genrelab.sources.codes import pair_codes, text_hashes, value_codes

NOT_COMPARED = ("source", "source_row", "genres_fetched_at", "features_fetched_at", "fetched_at")
MOST_DISTINCT = "track_id"
"""The column with the most distinct values; it is compared first."""


def exact_duplicates(table: Rows) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows that repeat an earlier row.

    Args:
        table: Rows with `source` and `source_row`; lists of text are compared element by element.

    Returns:
        Shape (rows,), in table order: True for a repeated row, False for a row to keep.
    """
    names = [name for name in table.column_names if name not in NOT_COMPARED]
    rows = _may_repeat(table)
    groups = np.zeros(len(rows), dtype=np.int64)
    for name in sorted(names, key=lambda name: name != MOST_DISTINCT):
        codes = value_codes(table[name].take(rows))
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


def _may_repeat(table: Rows) -> npt.NDArray[np.int64]:
    """Rows whose track id has the hash of another row's."""
    hashes = text_hashes(table, MOST_DISTINCT)
    in_order = np.sort(hashes)
    repeated = np.unique(in_order[1:][in_order[1:] == in_order[:-1]])
    place = np.searchsorted(repeated, hashes)
    return np.flatnonzero(np.append(repeated, 0)[place] == hashes) if len(repeated) else np.empty(0, np.int64)
