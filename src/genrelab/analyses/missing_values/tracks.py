"""The rows of `fma_tracks`, reduced to what is missing.

A column is read, reduced to whether each of its values is missing, and dropped: texts of 106,574 tracks together would
take far more memory than the answer. Reads of one version of a table return its rows in one order.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.tables import blocks
from genrelab.analyses.missing_values.whole import NUMBERS, blanks, whole_rows
from genrelab.evaluation.samples import group_codes
from genrelab.tables.fma import FMA_TRACKS

NO_ALBUM = -1

NEEDED = ("track_id", "artist_id", "album_id", "subset", "genre_top", "track_date_created")
"""Columns whose values are needed, not only their gaps."""


@dataclass(frozen=True)
class Tracks:
    """The whole rows, in the order of the source.

    Args:
        is_whole: Which rows of the table are whole, shape (rows of the table,).
        emptied: See `genrelab.analyses.missing_values.whole.blanks`.
        columns: Official names of columns.
        missing: Whether each is missing, shape (rows, columns).
        track_ids: Shape (rows,).
        artists: Number of each row's artist, shape (rows,).
        albums: Number of its album; a track without an album is alone.
        has_album: Whether it has one.
        subsets: Subset of each row.
        genres: Top genre, None without one.
        added: When it was added, NaT if not known.
    """

    is_whole: npt.NDArray[np.bool_]
    emptied: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    missing: npt.NDArray[np.bool_]
    track_ids: npt.NDArray[np.int64]
    artists: npt.NDArray[np.int64]
    albums: npt.NDArray[np.int64]
    has_album: npt.NDArray[np.bool_]
    subsets: npt.NDArray[np.object_]
    genres: npt.NDArray[np.object_]
    added: npt.NDArray[np.datetime64]


def read_tracks(inputs: Inputs, table: str) -> Tracks:
    """Return the whole rows of a table declared as `fma_tracks`."""
    numbers = inputs.read(table, NUMBERS)
    is_whole, emptied = whole_rows(numbers), blanks(numbers)
    official = [column for column in FMA_TRACKS if column.official and column.name != "track_id"]
    missing = np.empty((int(is_whole.sum()), len(official)), dtype=bool)
    place = 0
    for block in blocks(official):
        data = inputs.read(table, [column.name for column in block])
        for column in block:
            missing[:, place] = data[column.name].is_null().to_numpy(zero_copy_only=False)[is_whole]
            place += 1
    kept = inputs.read(table, NEEDED).filter(pa.array(is_whole))
    albums = kept["album_id"].to_numpy(zero_copy_only=False).astype(np.int64)
    alone = albums.astype(object)
    alone[albums == NO_ALBUM] = None
    order = np.argsort(kept["track_id"].to_numpy(), kind="stable")
    return Tracks(
        is_whole=is_whole,
        emptied=emptied,
        columns=tuple(column.name for column in official),
        missing=missing[order],
        track_ids=kept["track_id"].to_numpy()[order],
        artists=group_codes(kept["artist_id"].to_numpy())[order],
        albums=group_codes(alone)[order],
        has_album=(albums != NO_ALBUM)[order],
        subsets=np.asarray(kept["subset"].to_pylist(), dtype=object)[order],
        genres=np.asarray(kept["genre_top"].to_pylist(), dtype=object)[order],
        added=kept["track_date_created"].to_numpy(zero_copy_only=False)[order],
    )
