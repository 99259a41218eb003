"""Phi coefficients of gaps, and how large they can be at all.

Phi of two binary variables is Pearson's correlation of their indicators. With shares p and q of ones it cannot exceed
`sqrt(p (1 - q) / ((1 - p) q))` for p <= q, nor be less than `-sqrt(p q / ((1 - p) (1 - q)))` for p + q <= 1 (and its
inverse beyond): a gap in one row of ten cannot follow one in every second row closely. So a small phi may be as large
as the margins allow. phi / phi_max says which share of the way it goes.

Source: Cureton, "Note on phi/phi max", Psychometrika 24, 1959; Davenport and El-Sanhury, "Phi/phimax: review and
synthesis", Educational and Psychological Measurement 51, 1991.
"""

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SMALLEST = 1e-12


def phi_coefficients(missing: BoolArray, weights: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Return phi of every two columns, and its bound on the same side of 0.

    Args:
        missing: Shape (rows, columns).
        weights: Weight of each row, shape (rows,); None for equal weights.

    Returns:
        Two matrices of shape (columns, columns): phi from -1 to 1, and the largest absolute value that the margins
        allow with its sign. Both are NaN where a column is always or never missing.

    >>> phi, bound = phi_coefficients(np.array([[1, 1], [0, 1], [0, 0], [0, 0]], dtype=bool))
    >>> float(round(phi[0, 1], 4)), float(round(bound[0, 1], 4))
    (0.5774, 0.5774)
    """
    rows = np.full(len(missing), 1 / max(len(missing), 1)) if weights is None else weights / weights.sum()
    ones = missing.astype(np.float64)
    share = rows @ ones
    variance = share * (1 - share)
    covariance = (ones * rows[:, None]).T @ ones - np.outer(share, share)
    is_constant = variance < SMALLEST
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = covariance / np.sqrt(np.outer(variance, variance))
        odds = share / (1 - share)
        ratio, product = odds[:, None] / odds[None, :], np.outer(odds, odds)
        high = np.sqrt(np.minimum(ratio, 1 / ratio))
        low = -np.sqrt(np.minimum(product, 1 / product))
    phi[is_constant, :] = phi[:, is_constant] = np.nan
    bound = np.where(phi < 0, low, high)
    bound[is_constant, :] = bound[:, is_constant] = np.nan
    return np.clip(phi, -1, 1), bound


def of_bounds(phi: FloatArray, bound: FloatArray) -> FloatArray:
    """Return phi as a share of its bound, with the sign of phi; NaN where phi is not defined."""
    return np.clip(np.sign(phi) * phi / bound, -1, 1)


def largest(first: float, second: float) -> float | None:
    """Return the largest phi of two columns with these shares; None where one is constant.

    >>> round(largest(0.341209, 0.582037), 3)
    0.61
    """
    if not (0 < first < 1 and 0 < second < 1):
        return None
    low, high = sorted((first, second))
    return float(np.sqrt(low * (1 - high) / ((1 - low) * high)))


def clustered(phi: FloatArray) -> list[int]:
    """Return the order of the columns in which similar gaps are neighbours: average linkage on 1 - |phi|.

    Args:
        phi: Shape (columns, columns), without NaN.
    """
    if len(phi) < 3:  # noqa: PLR2004 - two columns have one order
        return list(range(len(phi)))
    distance = np.clip(1 - np.abs(phi), 0, None)
    np.fill_diagonal(distance, 0)
    condensed = squareform((distance + distance.T) / 2)
    return leaves_list(optimal_leaf_ordering(linkage(condensed, "average"), condensed)).tolist()  # type: ignore[no-any-return]
