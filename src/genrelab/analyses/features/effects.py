"""How well one feature tells two genres apart: Cliff's delta.

Delta is the chance that a track of the first genre has the higher value, less the chance that it has the lower
one: 1 when every track of the first lies above every track of the second, 0 when neither tends to be higher.
With ties counted half, (delta + 1) / 2 is the common language effect size: how often the first of two tracks
drawn at random, one from each genre, has the higher value. It assumes no distribution, which Cohen's d does;
most audio features are far from normal.

Sources: Cliff, N. (1993), Dominance statistics: ordinal analyses to answer ordinal questions, Psychological
Bulletin 114 (3), 494-509; McGraw, K. O. and Wong, S. P. (1992), A common language effect size statistic,
Psychological Bulletin 111 (2), 361-365; with ties: Vargha, A. and Delaney, H. D. (2000), A critique and
improvement of the CL common language effect size statistics, Journal of Educational and Behavioral Statistics
25 (2), 101-132.
"""

import numpy as np
import numpy.typing as npt


def cliffs_delta(
    values: npt.NDArray[np.float64], groups: npt.NDArray[np.integer], count: int
) -> npt.NDArray[np.float64]:
    """Cliff's delta of every pair of groups, exact, ties included.

    All pairs come from one product of matrices over the distinct values: with `n[g, u]` tracks of group g at
    value u and `below[g, u]` tracks of group g under it, the tracks of h under those of g are
    `n[g] @ below[h]`.

    Args:
        values: Shape (tracks,), no gaps.
        groups: Shape (tracks,), the group of each, 0 to `count` - 1.
        count: How many groups there are.

    Returns:
        Shape (count, count): at [g, h], how much group g lies above group h, -1 to 1; NaN for a group without
        tracks.

    >>> cliffs_delta(np.array([1.0, 2.0, 3.0, 2.0]), np.array([0, 0, 1, 1]), 2)[1, 0]
    np.float64(0.75)
    """
    distinct, place = np.unique(values, return_inverse=True)
    tracks = np.zeros((count, len(distinct)))
    np.add.at(tracks, (groups, place), 1)
    below = np.cumsum(tracks, axis=1) - tracks
    under = tracks @ below.T
    pairs = np.outer(tracks.sum(axis=1), tracks.sum(axis=1))
    delta = np.full((count, count), np.nan)
    np.divide(under - under.T, pairs, out=delta, where=pairs > 0)
    return delta
