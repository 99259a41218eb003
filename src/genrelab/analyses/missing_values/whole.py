"""Which rows of `fma_tracks` are whole: no copy on the way has emptied cells that FMA filled.

FMA writes every whole number of tracks.csv: what is unknown is -1 (its `creation.ipynb`). A blank among them therefore
proves that a partial copy lost the cell, and that other blanks of the row may be lost values too. Only whole rows tell
what is missing in the FMA itself.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.tables.fma import FMA_TRACKS

NUMBERS = tuple(
    column.name for column in FMA_TRACKS if column.official and column.nullable and column.type == pa.int64()
)
"""Columns that FMA never leaves blank."""


def blanks(data: pa.Table) -> tuple[tuple[str, int], ...]:
    """Return the columns of `NUMBERS` with blanks, and how many.

    Args:
        data: At least the columns of `NUMBERS`.
    """
    return tuple((name, data[name].null_count) for name in NUMBERS if data[name].null_count)


def whole_rows(data: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which rows have a value in every column of `NUMBERS`, shape (rows,)."""
    found = np.ones(len(data), dtype=bool)
    for name in NUMBERS:
        found &= pc.is_valid(data[name]).to_numpy(zero_copy_only=False)
    return found
