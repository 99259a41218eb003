"""Tests of cross tables: independence, equal counts, and a permutation of clusters.

Conventions: a table holds counts, shape (rows, columns), without a row or column of zeros (`trimmed`); p values are
those of the upper tail. The chi-squared approximation requires at least 5 expected in a cell (Cochran
1954, "Some methods for strengthening the common chi-squared tests"), and independent units. Tracks of one artist are
not independent, so `permute_clusters` moves whole artists.

What the rows and columns mean does not belong here.
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

from genrelab.evaluation.association import ROUNDING, ChiSquared, Permuted

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

DIGITS = 4


def trimmed(counts: npt.ArrayLike) -> tuple[IntArray, BoolArray, BoolArray]:
    """Return the table without rows and columns of zeros, and which rows and columns were kept."""
    table = np.asarray(counts, np.int64)
    rows, columns = np.asarray(table.any(axis=1)), np.asarray(table.any(axis=0))
    return table[rows][:, columns], rows, columns


def expected(counts: npt.ArrayLike) -> FloatArray:
    """Return the counts expected if rows and columns were independent: row total x column total / total.

    >>> expected([[10, 20], [30, 60]]).tolist()
    [[10.0, 20.0], [30.0, 60.0]]
    """
    table = np.asarray(counts, float)
    return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum())


def independence(counts: npt.ArrayLike) -> ChiSquared:
    """Test whether rows and columns are independent (Pearson 1900), without a continuity correction.

    Raises:
        ValueError: A table of one row or one column, or with a row or column of zeros.
    """
    table = np.asarray(counts, np.int64)
    if min(table.shape) < 2 or not (table.any(axis=0).all() and table.any(axis=1).all()):  # noqa: PLR2004 - one row has nothing to compare
        raise ValueError(
            f"a test of independence requires two rows and columns without zeros: {table.tolist()}"
        )
    found = stats.chi2_contingency(table, correction=False)
    return ChiSquared(
        float(found.statistic), int(found.dof), float(found.pvalue), float(found.expected_freq.min())
    )


def divided(test: ChiSquared, inflation: float) -> ChiSquared:
    """Return the test with its statistic divided by a design effect (first-order correction, Rao and Scott 1981)."""
    statistic = test.statistic / inflation
    p = float(stats.chi2.sf(statistic, test.freedom))
    return ChiSquared(statistic, test.freedom, p, test.fewest_expected)


def equal_counts(counts: npt.ArrayLike) -> ChiSquared:
    """Test whether the counts are equal (`scipy.stats.chisquare`): a test of one column, not of independence.

    >>> equal_counts([10, 30]).statistic
    10.0
    """
    column = np.asarray(counts, np.int64)
    found = stats.chisquare(column)
    return ChiSquared(float(found.statistic), len(column) - 1, float(found.pvalue), float(column.mean()))


def fisher(counts: npt.ArrayLike) -> float | None:
    """Return the p value of Fisher's exact test of a 2 x 2 table; None for a larger one."""
    table = np.asarray(counts, np.int64)
    return float(stats.fisher_exact(table)[1]) if table.shape == (2, 2) else None


def adjusted_residuals(counts: npt.ArrayLike) -> FloatArray:
    """Return how many standard errors each cell lies from its expected count (Haberman 1973).

    (observed - expected) / sqrt(expected (1 - row share) (1 - column share)): standard normal if rows and columns are
    independent and units too.
    """
    table = np.asarray(counts, float)
    by_chance, total = expected(table), table.sum()
    rows = 1 - table.sum(axis=1, keepdims=True) / total
    columns = 1 - table.sum(axis=0, keepdims=True) / total
    return np.asarray((table - by_chance) / np.sqrt(by_chance * rows * columns))


def cramers_v(statistic: float, counts: npt.ArrayLike) -> float:
    """Return Cramer's V: sqrt(chi-squared / (n (min(rows, columns) - 1))), 0 for none and 1 for a complete association.

    Cramer 1946, "Mathematical Methods of Statistics", section 21.9. By chance alone it is above 0.

    >>> cramers_v(independence([[10, 0], [0, 10]]).statistic, [[10, 0], [0, 10]])
    1.0
    """
    table = np.asarray(counts, float)
    return float(np.sqrt(statistic / (table.sum() * (min(table.shape) - 1))))


def corrected_v(statistic: float, counts: npt.ArrayLike) -> float:
    """Return Cramer's V less what chance adds (Bergsma 2013, "A bias-correction for Cramer's V and Tschuprow's T")."""
    table = np.asarray(counts, float)
    rows, columns = table.shape
    total = table.sum()
    phi = max(0.0, statistic / total - (rows - 1) * (columns - 1) / (total - 1))
    smaller = min(rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1)) - 1
    return float(np.sqrt(phi / smaller)) if smaller > 0 else 0.0


def permute_clusters(rows: IntArray, counts: npt.ArrayLike, permutations: int, seed: int) -> Permuted:
    """Test independence by giving the rows of the clusters to one another at random.

    Args:
        rows: Row of the table that each cluster (artist) belongs to, shape (clusters,), numbered from 0.
        counts: Units (tracks) of each cluster by column, shape (clusters, columns).
        permutations: How many to draw.
        seed: Random seed.

    Returns:
        The test of the chi-squared statistic.
    """
    table = np.asarray(counts, float)
    order = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.diff(rows[order], prepend=-1))
    observed = np.add.reduceat(table[order], starts, axis=0)
    generator = np.random.default_rng(seed)
    found = np.empty(permutations)
    total, squares = np.zeros_like(observed), np.zeros_like(observed)
    for at in range(permutations):
        permuted = np.add.reduceat(table[generator.permutation(len(table))], starts, axis=0)
        found[at] = _statistic(permuted)
        total += permuted
        squares += permuted**2
    # sums in another order differ in the last digit
    extreme = int((found >= _statistic(observed) * (1 - ROUNDING)).sum())
    freedom = (len(starts) - 1) * (int(table.any(axis=0).sum()) - 1)
    mean, center = float(found.mean()), total / permutations
    spread = np.sqrt(np.maximum(squares / permutations - center**2, 0))
    residuals = np.divide(observed - center, spread, out=np.zeros_like(center), where=spread > ROUNDING)
    return Permuted(
        (1 + extreme) / (1 + permutations),
        permutations,
        mean,
        mean / freedom,
        tuple(map(tuple, residuals.round(DIGITS).tolist())),
    )


def _statistic(table: FloatArray) -> float:
    """Return n (sum of observed^2 / (row total x column total) - 1); rows and columns of zeros add 0."""
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    squares = np.divide(table**2, by_chance, out=np.zeros_like(table), where=by_chance > 0)
    return float(table.sum() * (squares.sum() - 1))
