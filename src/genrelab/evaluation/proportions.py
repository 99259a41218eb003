"""The interval of a share.

Conventions: shares are fractions of 1.
"""

from math import sqrt

NORMAL = 1.959964
"""Quantile of the normal distribution for a 95 % interval."""


def wilson(share: float, size: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `size` independent units (Wilson 1927); 0 to 1 without any.

    Unlike the normal interval it is right for few units and for shares near 0 or 1 (Brown, Cai and DasGupta, "Interval
    Estimation for a Binomial Proportion", Statistical Science 2001).

    >>> [round(end, 3) for end in wilson(0.0, 10)]
    [0.0, 0.278]
    """
    if size <= 0:
        return 0.0, 1.0
    square = NORMAL**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = NORMAL / (1 + square / size) * sqrt(share * (1 - share) / size + square / (4 * size**2))
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))
