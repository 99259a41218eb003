"""Shares of tracks: with artists as clusters of their interval, and with every artist counted once."""

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Score
from genrelab.evaluation.sampling import mean_and_interval

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def share_of(is_it: BoolArray, artists: IntArray) -> Score:
    """Return a share of tracks with its 95 % interval; without one where all tracks are one artist's.

    Args:
        is_it: Which tracks are counted, shape (tracks,), at least one track.
        artists: Number of each track's artist, from 0, shape (tracks,).
    """
    mean, *ends = mean_and_interval(is_it.astype(np.float64), artists)
    low, high = (None if end is None else min(max(end, 0.0), 1.0) for end in ends)
    return Score(mean, low, high)


def once(artists: IntArray) -> FloatArray:
    """Return weights by which every artist counts once, however many tracks they have; they sum to 1.

    >>> once(np.array([7, 9, 9])).tolist()
    [0.5, 0.25, 0.25]
    """
    _, numbers, sizes = np.unique(artists, return_inverse=True, return_counts=True)
    return np.asarray(1 / sizes[numbers] / len(sizes), dtype=np.float64)
