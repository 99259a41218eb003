"""The tracks of `fma_tracks` with a number of plays, and what may be known of them in advance.

Conventions: rows are in the order of the source. A count or a rate of -1 or less is not known (FMA writes -1). Genres
are those of `genres_all`, so that a track of Punk is one of Rock too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.popularity.guard import REACTIONS
from genrelab.analyses.popularity.result import Counted
from genrelab.evaluation.label_sets import label_matrix

FloatArray = npt.NDArray[np.float64]

TABLE = "fma_tracks"
PLAYS = "track_listens"
LENGTH_COLUMNS = ("track_duration", "track_bit_rate")
COLUMNS = (
    "source",
    "source_row",
    "track_id",
    "artist_id",
    "split",
    "track_date_created",
    PLAYS,
    *LENGTH_COLUMNS,
    *REACTIONS,
)
GENRES = ("genres_all", "genre_all_names")


@dataclass(frozen=True)
class Tracks:
    """Tracks with a number of plays.

    Args:
        frame: `COLUMNS`; index 0, 1, 2, ...
        target: log(1 + plays), shape (rows,).
        genres: Which genres each track has, shape (rows, genres).
        genre_names: Names of the genres.
    """

    frame: pd.DataFrame
    target: FloatArray
    genres: csr_array
    genre_names: tuple[str, ...]

    @property
    def artists(self) -> npt.NDArray[np.int64]:
        """Return the artist of each track."""
        return self.frame["artist_id"].to_numpy()

    @property
    def plays(self) -> FloatArray:
        """Return how often each track was played."""
        return self.frame[PLAYS].to_numpy(dtype=np.float64)


def read_tracks(inputs: Inputs) -> tuple[Tracks, Counted]:
    """Return the tracks with a number of plays, and what became of the others."""
    data = inputs.read(TABLE, [*COLUMNS, *GENRES], is_ordered=True)
    return tracks_of(data)


def tracks_of(data: pa.Table) -> tuple[Tracks, Counted]:
    """Return the tracks of a table with a number of plays, and what became of the others.

    Args:
        data: `COLUMNS` and `GENRES`.
    """
    plays = data[PLAYS]
    unknown, negative = plays.null_count, pc.sum(pc.less(plays, 0)).as_py() or 0
    data = data.filter(pc.fill_null(pc.greater_equal(plays, 0), fill_value=False))
    frame = data.select(list(COLUMNS)).to_pandas()
    counts = frame[PLAYS].to_numpy(dtype=np.float64)
    genres, names = _genres(data["genres_all"], data["genre_all_names"])
    counted = Counted(
        read=unknown + negative + len(frame),
        used=len(frame),
        unknown=unknown,
        negative=negative,
        unplayed=int((counts == 0).sum()),
        artists=int(frame["artist_id"].nunique()),
        median=float(np.median(counts)) if len(frame) else None,
        most=int(counts.max()) if len(frame) else None,
    )
    return Tracks(frame, np.log1p(counts), genres, names), counted


def known_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns as numbers, NaN where FMA writes -1, without those that no track has."""
    values = frame[list(columns)].astype(np.float64)
    return values.where(values >= 0).dropna(axis=1, how="all")


def _genres(ids: pa.ChunkedArray, titles: pa.ChunkedArray) -> tuple[csr_array, tuple[str, ...]]:
    """Which genres each row has, and their names: those of `titles` where its lists fit those of `ids`."""
    labels, has = label_matrix(ids)
    values, named = (pc.list_flatten(lists).to_pylist() for lists in (ids, titles))
    known = dict(zip(values, named, strict=True)) if len(named) == len(values) else {}
    return csr_array(has.astype(np.float32)), tuple(known.get(label) or f"genre {label}" for label in labels)
