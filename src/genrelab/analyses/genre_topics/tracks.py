"""The tracks that have genres: which set of genres each has, who they are by, and the genre tree.

Conventions
    - Genres are those of `genres_all`: what the artist named, with everything above it in the tree.
    - Tracks with the same genres are one *set*: 104,342 tracks of the archive have 4,043 different ones. Topics of a
      track depend on its set alone, so that work is done once for each set, weighted by its tracks.
    - A track without an artist counts as an artist of its own; so does each track of "Various Artists", whose id the
      archive does not mark.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.genre_tree import GenreTree, tree_of
from genrelab.evaluation.label_sets import label_matrix
from genrelab.evaluation.samples import group_codes
from genrelab.runtime.errors import GenrelabError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

COLUMNS = ("track_id", "genres_all", "artist_id", "artist_name", "track_title", "track_listens")


@dataclass(frozen=True)
class GenreTracks:
    """Tracks with genres.

    Args:
        known: `track_id`, `artist_id`, `artist_name`, `track_title`, `track_listens` of each track.
        artists: Number of the artist of each track, shape (tracks,).
        of_track: Number of the set of each track, shape (tracks,).
        sets: Which genres each set has, shape (sets, genres).
        genres: Ids of the columns, ascending.
        tree: The genre tree; genres that the table does not know are roots of it.
        without: Tracks without a genre.
        unknown: Tracks by id of the genres that the table does not know.
    """

    known: pd.DataFrame
    artists: IntArray
    of_track: IntArray
    sets: BoolArray
    genres: tuple[int, ...]
    tree: GenreTree
    without: int
    unknown: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.of_track)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the genres."""
        return tuple(self.tree.titles[genre] for genre in self.genres)

    def counts(self, rows: IntArray | None = None) -> IntArray:
        """Tracks of each set, among all or some of the tracks, shape (sets,)."""
        of_track = self.of_track if rows is None else self.of_track[rows]
        return np.bincount(of_track, minlength=len(self.sets)).astype(np.int64)

    @cached_property
    def above(self) -> BoolArray:
        """Whether the genre of the column lies above that of the row, shape (genres, genres)."""
        return np.array([np.isin(self.genres, self.tree.ancestors(genre)) for genre in self.genres])

    def leaves(self, number: int) -> tuple[str, ...]:
        """Genres of a set without those above others of it."""
        has = np.flatnonzero(self.sets[number])
        is_above = self.above[np.ix_(has, has)].any(axis=0)
        return tuple(self.names[genre] for genre in has[~is_above])


def read_tracks(tracks: pa.Table, genres: pa.Table | None) -> GenreTracks:
    """Return the tracks that have genres, in the order of the table.

    Args:
        tracks: With the columns `COLUMNS`.
        genres: The tree, with `TREE_COLUMNS`; None if the archive has none.

    Raises:
        GenrelabError: No track has a genre.
    """
    occurring, matrix = label_matrix(tracks["genres_all"])
    has = matrix.any(axis=1)
    if not has.any():
        raise GenrelabError(
            "there are no genres to find topics in",
            found=f"{len(tracks)} tracks, none with a genre in genres_all",
            allowed="tracks with at least one genre",
            do="import FMA metadata whose tracks.csv has the column track.genres_all",
        )
    matrix = matrix[has]
    packed = np.packbits(matrix, axis=1)
    _, first, of_track = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    tree = tree_of(genres)
    unknown = {
        genre: int(matrix[:, column].sum())
        for column, genre in enumerate(occurring)
        if genre not in tree.parents
    }
    known = tracks.drop_columns(["genres_all"]).filter(pa.array(has)).to_pandas()
    return GenreTracks(
        known=known,
        artists=group_codes(known["artist_id"].to_numpy(dtype=object)),
        of_track=of_track.reshape(-1).astype(np.int64),
        sets=matrix[first],
        genres=occurring,
        tree=tree.with_labels(occurring),
        without=int((~has).sum()),
        unknown=unknown,
    )
