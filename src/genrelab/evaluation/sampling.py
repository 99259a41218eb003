"""Artists as the sampling unit: intervals that allow for tracks of one artist being alike.

Conventions
    - Another test part would hold other artists, not other tracks of the same ones. So a resample draws as many whole
      artists as there are, with replacement: the bootstrap over groups (Davison and Hinkley, "Bootstrap Methods and
      their Application", 1997, section 3.8). Intervals are 95 % percentile intervals.
    - Intervals of calibration error and of means over labels are shifted by the mean of the resampled values: a
      resample holds fewer different artists and labels, which makes these look larger than they are, and a score
      outside its own interval is of no use. Means over rows are not shifted: they lean only where one artist has most
      of the rows, and there a shift would call a lead that rests on this artist real.
    - Rows without an artist count as one artist's. That is the safe side: whatever their artists are, an interval may
      be too wide and is not too narrow.
    - One artist has no interval: nothing is known of how much another one would differ.

Which rows are an artist's is decided in `genrelab.evaluation.groups`; the scores are in `genrelab.evaluation.scores`
and `genrelab.evaluation.judged`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Groups = Sequence[Any] | npt.NDArray[Any]

RESAMPLES = 1_000
INTERVAL = (2.5, 97.5)
CHUNK = 200
"""Resamples at a time, so that the weights of 9,000 rows stay below 15 MB."""

FEWEST_ARTISTS = 2
"""Fewer artists have no interval."""

NORMAL = 1.959964
"""Standard errors from a mean to the ends of its 95 % interval."""


def as_array(groups: Groups) -> npt.NDArray[Any]:
    """The artists of rows as an array: numbers as they are, anything else as objects."""
    if isinstance(groups, np.ndarray) and np.issubdtype(groups.dtype, np.number):
        return groups
    return np.asarray(groups, dtype=object)


def artist_numbers(groups: Groups) -> IntArray:
    """Number of each row's artist: 0, 1, 2, ... in the order of their first rows, shape (rows,).

    >>> artist_numbers(["b", None, "a", "b", None]).tolist()
    [0, 1, 2, 0, 1]
    """
    numbers, _ = pd.factorize(as_array(groups), use_na_sentinel=False)
    return np.asarray(numbers, dtype=np.int64)


def resample_weights(artists: int, seed: int) -> Iterator[FloatArray]:
    """How often each artist is drawn, shape (artists, resamples), `CHUNK` resamples at a time.

    Nothing for fewer than `FEWEST_ARTISTS`.
    """
    generator = np.random.default_rng(seed)
    for start in range(0, RESAMPLES if artists >= FEWEST_ARTISTS else 0, CHUNK):
        drawn = generator.integers(artists, size=(min(CHUNK, RESAMPLES - start), artists))
        yield np.stack([np.bincount(one, minlength=artists) for one in drawn], axis=1).astype(np.float64)


def interval(value: float, resampled: FloatArray, *, is_mean: bool = False) -> tuple[float, float]:
    """The 95 % interval of a score from its resampled values.

    Args:
        value: The score; its interval holds it.
        resampled: The same of each resample.
        is_mean: Whether it is a mean over rows, which is not shifted: see the conventions above.
    """
    low, high = np.percentile(resampled, INTERVAL) + (0.0 if is_mean else value - resampled.mean())
    return float(min(low, value)), float(max(high, value))


def mean_and_error(values: FloatArray, artists: IntArray) -> tuple[float, float]:
    """Mean over rows, and its standard error with artists as clusters (Liang and Zeger, Biometrika 1986).

    Args:
        values: Shape (rows,), at least one row.
        artists: Number of each row's artist, shape (rows,).

    >>> mean, error = mean_and_error(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0, 0, 1, 2]))
    >>> mean, round(error, 4)
    (0.5, 0.1768)
    """
    mean = float(values.mean())
    of_artist = np.bincount(artists, weights=values - mean)
    return mean, float(np.sqrt(np.sum(of_artist**2)) / len(values))


def mean_and_interval(values: FloatArray, artists: IntArray) -> tuple[float, float | None, float | None]:
    """Mean over rows and its 95 % interval, that of a normal distribution with the error of `mean_and_error`.

    Args:
        values: Shape (rows,), at least one row.
        artists: Number of each row's artist, shape (rows,). Fewer than `FEWEST_ARTISTS` have no interval.
    """
    mean, error = mean_and_error(values, artists)
    if len(np.unique(artists)) < FEWEST_ARTISTS:
        return mean, None, None
    return mean, mean - NORMAL * error, mean + NORMAL * error


def geometric_mean(logarithms: FloatArray, artists: IntArray) -> tuple[float, float | None, float | None]:
    """Geometric mean over rows of the values with these logarithms, and its interval by `mean_and_interval`."""
    mean, *ends = mean_and_interval(logarithms, artists)
    low, high = (None if end is None else float(np.exp(end)) for end in ends)
    return float(np.exp(mean)), low, high


def sampled(split: str, groups: Groups) -> dict[str, float]:
    """How much evidence a split is, by MLflow metric name.

    Args:
        split: Name of the split.
        groups: Artist of each row, shape (rows,).

    Returns:
        `<split>/rows`, `<split>/artists`, and `<split>/largest_artist`: the largest share of the rows that one artist
        has.
    """
    counts = np.bincount(artist_numbers(groups))
    return {
        f"{split}/rows": float(counts.sum()),
        f"{split}/artists": float(len(counts)),
        f"{split}/largest_artist": float(counts.max() / counts.sum()),
    }
