"""Probabilities of a track averaged with those of the same artist's other tracks.

Conventions
    - `proba` has shape (rows, labels). Only predictions are averaged; no label is read.
    - `groups` names the artist of each row. A row without one (None, NaN) is averaged with nothing.
    - Rows of the same track count as one track: a track that was delivered ten times is not averaged with itself.

`ArtistMeans` holds 9 bytes of each row, and the sums of each artist of several tracks; the
probabilities may wait in a file.

Which column names the artist is declared by `genrelab.models.task.Task.group`. Scores do not belong here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation.sampling import as_array
from genrelab.lake.number_file import NumberFile
from genrelab.lake.stored_rows import parts_of
from genrelab.sources.codes import come_again, pair_codes

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OWN_WEIGHT = 0.5
"""Weight of the track itself; the artist's other tracks share the rest. Chosen on folds by artist."""


def artist_means(
    proba: FloatArray,
    groups: Sequence[Any] | npt.NDArray[Any],
    own_weight: float = OWN_WEIGHT,
    *,
    tracks: Sequence[Any] | npt.NDArray[Any] | None = None,
) -> FloatArray:
    """Each row's probabilities averaged with the mean of the artist's other tracks, shape (rows, labels).

    A row whose artist has no other track keeps its own probabilities.

    Args:
        proba: Probability of each label, shape (rows, labels).
        groups: Artist of each row; None or NaN for none.
        own_weight: Weight of the row itself, 0 to 1.
        tracks: What rows of the same track have in common; None when every row is another track.

    >>> artist_means(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.2, 0.8]]), ["a", "a", "a", "b"]).tolist()
    [[0.5, 0.5], [0.25, 0.75], [0.25, 0.75], [0.2, 0.8]]
    """
    return ArtistMeans(proba, artist_codes(groups), tracks=tracks).of(slice(None), own_weight)


def artist_codes(groups: Sequence[Any] | npt.NDArray[Any]) -> IntArray:
    """Number of each row's artist, from 0; -1 for a row without one.

    >>> artist_codes(["b", None, "a", "b"]).tolist()
    [0, -1, 1, 0]
    """
    return np.asarray(pd.factorize(as_array(groups))[0], dtype=np.int64)


class ArtistMeans:
    """The sums that artist means are made of: computed once of all rows, then used for any of them.

    Args:
        proba: As for `artist_means`, in memory or in a file; kept, not copied.
        artists: Number of each row's artist, as `artist_codes` returns it.
        tracks: As for `artist_means`.
    """

    def __init__(
        self,
        proba: FloatArray | NumberFile,
        artists: npt.NDArray[np.integer],
        *,
        tracks: Sequence[Any] | npt.NDArray[Any] | None = None,
    ) -> None:
        self.proba, self._tracks = proba, _TracksOfArtists(artists, tracks)
        width, known = proba.shape[1], self._tracks
        self._means = np.zeros((known.repeated, width))
        for rows in parts_of(len(artists) if known.repeated else 0):
            is_shared = known.shared[rows] >= 0
            np.add.at(self._means, known.shared[rows][is_shared], proba[rows][is_shared])
        self._means /= np.bincount(known.shared[known.shared >= 0], minlength=known.repeated)[:, None]
        self._sums = np.zeros((len(known.counts), width))
        for rows in parts_of(len(artists)):
            is_first = known.is_first[rows]
            np.add.at(self._sums, known.artists[rows][is_first], self._of_tracks(rows)[is_first])

    def others(self, rows: slice) -> IntArray:
        """Return how many other tracks of its artist each of some rows is averaged with."""
        return self._tracks.others(rows)

    def of(self, rows: slice, own_weight: float = OWN_WEIGHT) -> FloatArray:
        """The artist means of some rows, shape (those rows, labels)."""
        proba, counts = self.proba[rows], self.others(rows)[:, None]
        others = (self._sums[self._tracks.artists[rows]] - self._of_tracks(rows)) / np.maximum(counts, 1)
        mixed = own_weight * proba + (1 - own_weight) * np.clip(others, 0.0, 1.0)
        return np.where(counts > 0, mixed, proba)

    def _of_tracks(self, rows: slice) -> FloatArray:
        """The mean over all rows of its track of each of some rows."""
        found, shared = np.array(self.proba[rows]), self._tracks.shared[rows]
        found[shared >= 0] = self._means[shared[shared >= 0]]
        return found


def other_tracks(
    groups: Sequence[Any] | npt.NDArray[Any], tracks: Sequence[Any] | npt.NDArray[Any] | None = None
) -> IntArray:
    """How many other tracks of its artist each row is averaged with, shape (rows,).

    >>> other_tracks(["a", "a", None, "b"]).tolist()
    [1, 1, 0, 0]
    """
    return _TracksOfArtists(artist_codes(groups), tracks).others(slice(None))


class _TracksOfArtists:
    """Which rows are the same track of the same artist.

    Attributes:
        artists: Number of each row's artist; -1 for none, and for one of a single track.
        shared: Number of the track of each row whose track may have other rows; -1 for any other row.
        repeated: How many such tracks there are.
        is_first: Whether a row is the first one of its track, and has such an artist.
        counts: Tracks of each artist; at the end 1, for rows without one.
    """

    def __init__(
        self, artists: npt.NDArray[np.integer], tracks: Sequence[Any] | npt.NDArray[Any] | None
    ) -> None:
        self.artists = artists.astype(np.int32)
        self.shared = np.full(len(artists), -1, dtype=np.int32)
        self.repeated, self.is_first = 0, self.artists >= 0
        if tracks is not None:
            names = np.asarray(tracks)
            hashes = names if names.dtype == np.uint64 else pd.util.hash_array(names)
            rows = np.flatnonzero(come_again(hashes) & self.is_first)
            codes = pair_codes(
                self.artists[rows].astype(np.int64), pd.factorize(names[rows])[0].astype(np.int64)
            )
            self.shared[rows], self.repeated = codes, int(codes.max(initial=-1)) + 1
            self.is_first[rows] = False
            self.is_first[rows[np.unique(codes, return_index=True)[1]]] = True
        counts = np.bincount(self.artists[self.is_first])
        has_several = counts > 1
        numbers = np.append(np.where(has_several, np.cumsum(has_several) - 1, -1), -1).astype(np.int32)
        for part in parts_of(len(artists)):
            self.artists[part] = numbers[self.artists[part]]
            self.is_first[part] &= self.artists[part] >= 0
        self.counts = np.append(counts[has_several], 1)

    def others(self, rows: slice) -> IntArray:
        """As `other_tracks`, of some rows."""
        return np.asarray(self.counts[self.artists[rows]] - 1, dtype=np.int64)
