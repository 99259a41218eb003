"""Probabilities of a track averaged with those of the same artist's other tracks.

Conventions
    - `proba` has shape (rows, labels). Only predictions are averaged; no label is read.
    - `groups` names the artist of each row. A row without one (None, NaN) is averaged with nothing.
    - Rows of the same track count as one track: a track that was delivered ten times is not averaged with itself.

Which column names the artist is declared by `genrelab.models.task.Task.group`. Scores do not belong here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation.sampling import as_array
from genrelab.sources.codes import pair_codes

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
    return ArtistMeans(proba, groups, tracks=tracks).of(slice(None), own_weight)


class ArtistMeans:
    """The sums that artist means are made of: computed once of all rows, then used for any of them.

    Args:
        proba: As for `artist_means`; kept, not copied.
        groups: As for `artist_means`.
        tracks: As for `artist_means`.
    """

    def __init__(
        self,
        proba: FloatArray,
        groups: Sequence[Any] | npt.NDArray[Any],
        *,
        tracks: Sequence[Any] | npt.NDArray[Any] | None = None,
    ) -> None:
        self.proba = proba
        self._artists, self._own, self.others = _tracks_of_artists(groups, tracks)
        self._means = np.zeros((int(self._own.max(initial=-1)) + 1, proba.shape[1]))
        np.add.at(self._means, self._own, proba)
        self._means /= np.bincount(self._own, minlength=len(self._means))[:, None]
        self._sums = np.zeros((int(self._artists.max(initial=-1)) + 1, proba.shape[1]))
        np.add.at(self._sums, _first_of(self._artists, self._own), self._means)

    def of(self, rows: slice, own_weight: float = OWN_WEIGHT) -> FloatArray:
        """The artist means of some rows, shape (those rows, labels)."""
        proba, counts = self.proba[rows], self.others[rows, None]
        others = (self._sums[self._artists[rows]] - self._means[self._own[rows]]) / np.maximum(counts, 1)
        mixed = own_weight * proba + (1 - own_weight) * np.clip(others, 0.0, 1.0)
        return np.where(counts > 0, mixed, proba)


def other_tracks(
    groups: Sequence[Any] | npt.NDArray[Any], tracks: Sequence[Any] | npt.NDArray[Any] | None = None
) -> IntArray:
    """How many other tracks of its artist each row is averaged with, shape (rows,).

    >>> other_tracks(["a", "a", None, "b"]).tolist()
    [1, 1, 0, 0]
    """
    return _tracks_of_artists(groups, tracks)[2]


def _tracks_of_artists(
    groups: Sequence[Any] | npt.NDArray[Any], tracks: Sequence[Any] | npt.NDArray[Any] | None
) -> tuple[IntArray, IntArray, IntArray]:
    """Number of each row's artist, number of its track, and how many other tracks the artist has; shape (rows,)."""
    artists = pd.factorize(as_array(groups))[0].astype(np.int64)
    alone = np.flatnonzero(artists < 0)
    artists[alone] = artists.max(initial=-1) + 1 + np.arange(len(alone))
    names = np.arange(len(artists)) if tracks is None else pd.factorize(np.asarray(tracks))[0]
    own = pair_codes(artists, names)
    counts = np.bincount(_first_of(artists, own), minlength=int(artists.max(initial=-1)) + 1)
    return artists, own, counts[artists] - 1


def _first_of(artists: IntArray, own: IntArray) -> IntArray:
    """Artist of each distinct track, in the order of their numbers."""
    return artists[np.unique(own, return_index=True)[1]]
