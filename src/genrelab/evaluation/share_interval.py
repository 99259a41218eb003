"""The 95 % interval of a share of counted tracks."""

import math

Z = 1.959964
"""The 97.5 % quantile of the normal distribution."""


def share_interval(found: float, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson 1927), which takes the tracks as independent.

    Args:
        found: Tracks counted; a fraction where other units than tracks are counted.
        of: All tracks.

    >>> [round(end, 3) for end in share_interval(1, 125)]
    [0.001, 0.044]
    >>> share_interval(0, 0)
    (0.0, 1.0)
    """
    if not of:
        return 0.0, 1.0
    share = found / of
    middle = share + Z * Z / (2 * of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
