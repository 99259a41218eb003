"""How much of the variance of a number lies between artists, with an interval by artist.

The model is that of one-way random effects: value = mean + effect of the artist + rest. Two shares are told apart:

- the **correlation ratio**, the artists' part of the sum of squares (Fisher, "Statistical Methods for Research
  Workers", 1925, section 42). It is what the artists' own means explain of these rows, and is too large where artists
  have few rows each: an artist with one row explains it whole;
- the **variance component**, the share of the variance that the artists' true effects have: the intraclass correlation
  by the method of analysis of variance for unequal sizes (Searle, Casella and McCulloch, "Variance Components", 1992,
  section 3.6). It needs an artist with two rows; a negative estimate counts as 0.

Conventions: artists are the sampling unit (`genrelab.evaluation.sampling`); one that is drawn twice counts as
two.
"""

import numpy as np

from genrelab.evaluation.results import Score, VarianceShares
from genrelab.evaluation.sampling import FloatArray, Groups, artist_numbers, interval, resample_weights


def variance_between(values: FloatArray, groups: Groups, seed: int) -> VarianceShares | None:
    """Shares of the variance that lie between artists; None for one artist, and where all values are the same.

    Args:
        values: Shape (rows,).
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        seed: Seed of the bootstrap.
    """
    artists = artist_numbers(groups)
    rows = np.bincount(artists).astype(np.float64)
    if len(rows) < 2 or np.ptp(values) == 0:  # noqa: PLR2004 - one artist differs from nobody
        return None
    centred = values - values.mean()
    means = np.bincount(artists, weights=centred) / rows
    within = np.asarray(np.bincount(artists, weights=(centred - means[artists]) ** 2), dtype=np.float64)
    once = _shares(np.ones((len(rows), 1)), rows, means, within)
    drawn = [_shares(weights, rows, means, within) for weights in resample_weights(len(rows), seed)]
    ratio, component = (
        Score(float(value[0]), *interval(float(value[0]), np.concatenate(resampled), is_mean=True))
        for value, resampled in zip(once, zip(*drawn, strict=True), strict=True)
    )
    return VarianceShares(len(values), len(rows), ratio, component if rows.max() > 1 else None)


def _shares(
    weights: FloatArray, rows: FloatArray, means: FloatArray, within: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Correlation ratio and variance component of each resample, shape (resamples,).

    Args:
        weights: How often each artist is drawn, shape (artists, resamples).
        rows: Rows of each artist.
        means: Their means.
        within: Their sums of squared distances to that mean.
    """
    artists, drawn = weights.sum(axis=0), rows @ weights
    inside = within @ weights
    between = (rows * means**2) @ weights - ((rows * means) @ weights) ** 2 / drawn
    mean_inside = _ratio(inside, drawn - artists)
    mean_between = between / (artists - 1)
    # what an artist with as many rows as all others would have
    size = (drawn - (rows**2) @ weights / drawn) / (artists - 1)
    effect = np.maximum(_ratio(mean_between - mean_inside, size), 0.0)
    return _ratio(between, between + inside), _ratio(effect, effect + mean_inside)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))
