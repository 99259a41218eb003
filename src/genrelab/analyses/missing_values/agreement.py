"""Do the tracks of one artist agree in what is missing?

The intraclass correlation is the share of the variance of a gap that lies between artists: 1 where all tracks of an
artist have the gap or none has it, 0 where tracks of one artist are no more alike than any others. It is estimated by
the one-way analysis of variance for groups of unequal size, which is not biased upwards by artists with one track, as
the plain share of sums of squares is.

Source: Donner, "A review of inference procedures for the intraclass correlation coefficient in the one-way random
effects model", International Statistical Review 54, 1986; for binary values: Ridout, Demetrio and Firth, "Estimating
intraclass correlation for binary data", Biometrics 55, 1999.
"""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def intraclass(missing: BoolArray, groups: IntArray) -> float | None:
    """Return the intraclass correlation of a gap, at least 0.

    Args:
        missing: Shape (rows,).
        groups: Number of the group of each row, from 0, shape (rows,).

    Returns:
        None where it is not defined: the gap never or always occurs, there is one group, or no group has two rows.

    >>> intraclass(np.array([True, True, False, False]), np.array([0, 0, 1, 1]))
    1.0
    """
    sizes = np.bincount(groups).astype(np.float64)
    sizes = sizes[sizes > 0]
    rows, kinds = len(missing), len(sizes)
    if kinds < 2 or rows == kinds or missing.all() or not missing.any():  # noqa: PLR2004 - one group has no other
        return None
    values = missing.astype(np.float64)
    counts = np.bincount(groups)
    means = np.bincount(groups, weights=values) / np.maximum(counts, 1)
    between = float((counts * (means - values.mean()) ** 2).sum()) / (kinds - 1)
    within = float(((values - means[groups]) ** 2).sum()) / (rows - kinds)
    typical = (rows - float((sizes**2).sum()) / rows) / (kinds - 1)
    total = between + (typical - 1) * within
    return max(0.0, (between - within) / total) if total > 0 else None


def all_or_none(missing: BoolArray, groups: IntArray) -> float | None:
    """Return the share of the groups with several rows of which all or none miss it; None without such a group."""
    sizes = np.bincount(groups)
    found = np.bincount(groups, weights=missing)
    several = sizes > 1
    return float(((found == 0) | (found == sizes))[several].mean()) if several.any() else None
