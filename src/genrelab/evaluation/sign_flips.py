"""The exact paired test of two models on the same rows, with artists as the sampling unit, and its interval.

Conventions
    - Were two models exchangeable, an artist's tracks could as well have been predicted the other way round: the sign
      of the artist's summed difference is then a fair coin, whatever its size. Flipping signs at random therefore holds
      its level even where one artist has most of the rows and losses have long tails, as the bootstrap does not
      (Fisher, "The Design of Experiments", 1935; Good, "Permutation, Parametric and Bootstrap Tests", 2005, ch. 3).
    - The interval inverts the test: a mean difference is refused by the signs exactly if it lies outside the quantiles
      of the means over random halves of the artists (Hartigan, "Using Subsample Values as Typical Values", Journal of
      the American Statistical Association 1969). So interval and decision never contradict each other.
    - A difference is beyond noise at `LEVEL` on either side. `FEWEST_ARTISTS` is what the test needs to be able to say
      so: of n artists, one sign pattern in 2^n is the extreme one.

What follows from a difference does not belong here but in `genrelab.models.champion`.
"""

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Difference
from genrelab.evaluation.sampling import Groups, artist_numbers

FloatArray = npt.NDArray[np.float64]

LEVEL = 0.025
FLIPS = 9_999
CHUNK = 1_111
FEWEST_ARTISTS = 6
"""2^-6 is the first below `LEVEL`."""


def mean_difference(difference: FloatArray, groups: Groups, seed: int) -> Difference:
    """Mean over rows with the 95 % interval of the sign-flip test; without one for fewer than `FEWEST_ARTISTS`.

    Args:
        difference: One model minus the other, shape (rows,), at least one row.
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        seed: Seed of the flips.
    """
    artists = artist_numbers(groups)
    value = float(difference.mean())
    rows = np.bincount(artists).astype(np.float64)
    sums = np.bincount(artists, weights=difference)
    if len(rows) < FEWEST_ARTISTS:
        return Difference(value, None, None)
    means = _means_of_halves(np.asarray(sums), rows, seed)
    place = round(LEVEL * (FLIPS + 1)) - 1
    # a half without an artist refuses no mean: it counts on either side
    low = np.sort(np.where(np.isnan(means), -np.inf, means))[place]
    high = np.sort(np.where(np.isnan(means), np.inf, means))[-1 - place]
    if not (np.isfinite(low) and np.isfinite(high)):
        return Difference(value, None, None)
    return Difference(value, float(min(low, value)), float(max(high, value)))


def _means_of_halves(sums: FloatArray, rows: FloatArray, seed: int) -> FloatArray:
    """Mean over the rows of random halves of the artists, shape (FLIPS,); not a number for one without an artist."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(FLIPS // CHUNK):
        half = generator.integers(0, 2, size=(CHUNK, len(rows)), dtype=np.int8).astype(np.float64)
        counts = half @ rows
        found.append(np.divide(half @ sums, counts, out=np.full(CHUNK, np.nan), where=counts > 0))
    return np.concatenate(found)
