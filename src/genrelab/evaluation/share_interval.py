"""The 95 % interval of a share of counted tracks."""

import math

from genrelab.evaluation.sampling import NORMAL


def share_interval(found: float, of: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson 1927), which takes the tracks as independent.

    Args:
        found: Tracks counted; a fraction where other units than tracks are counted.
        of: All tracks; a fraction where it is the effective number of tracks that depend on one another.

    >>> [round(end, 3) for end in share_interval(1, 125)]
    [0.001, 0.044]
    >>> share_interval(0, 0)
    (0.0, 1.0)
    """
    if not of:
        return 0.0, 1.0
    share = found / of
    middle = share + NORMAL**2 / (2 * of)
    half = NORMAL * math.sqrt(share * (1 - share) / of + NORMAL**2 / (4 * of * of))
    scale = 1 + NORMAL**2 / of
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
