"""Exact duplicates: the same track pulled more than once.

Conventions: two rows are exact duplicates when all columns agree except those that say where and when the row was read
(`NOT_COMPARED`). The first row in source order is kept. Two missing values are equal. Rows that only share their audio
features are not exact duplicates (`MODEL_FEATURES`).

Columns are compared one by one, each only in rows that all earlier columns left equal. A hash of the most distinct
column comes first, so that of most rows 8 bytes are held; then numbers, so that the texts of few rows are read.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.lake.lake import in_source_order
from genrelab.lake.stored_rows import Rows, marked_rows
from genrelab.sources.codes import come_again, pair_codes, row_hashes, value_codes

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
    in_turn = sorted(
        (name for name in table.column_names if name not in NOT_COMPARED),
        key=lambda name: (name != MOST_DISTINCT, not pa.types.is_primitive(table.schema.field(name).type)),
    )
    repeats = come_again(row_hashes(table, [MOST_DISTINCT]))
    groups = np.zeros(repeats.sum(), dtype=np.int64)
    for name in in_turn:
        codes = value_codes(marked_rows(table, repeats, [name])[name])
        groups = pair_codes(groups, codes)
        comes_again = np.bincount(groups)[groups] > 1
        repeats[repeats], groups = comes_again, groups[comes_again]
    rows = np.flatnonzero(repeats)
    places = marked_rows(table, repeats, ["source", "source_row"]).append_column("group", pa.array(groups))
    ordered = in_source_order(places.append_column("row", pa.array(rows)))
    firsts = np.unique(np.asarray(ordered["group"]), return_index=True)[1]
    repeats[np.asarray(ordered["row"])[firsts]] = False
    return repeats
