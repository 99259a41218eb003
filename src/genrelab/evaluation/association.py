"""What a test of a cross table finds, as plain values; `genrelab.evaluation.contingency` computes it."""

from dataclasses import dataclass

FEWEST_EXPECTED = 5.0
"""Expected count of a cell below which the chi-squared approximation is not to be trusted (Cochran 1954)."""
ROUNDING = 1e-9
"""Relative difference of two sums of the same numbers in another order."""


@dataclass(frozen=True)
class ChiSquared:
    """A chi-squared test.

    Args:
        statistic: Sum of (observed - expected)^2 / expected.
        freedom: Degrees of freedom.
        p: Probability of at least this statistic under the hypothesis; 0 where it is too small for a float.
        fewest_expected: Smallest expected count.
    """

    statistic: float
    freedom: int
    p: float
    fewest_expected: float

    @property
    def is_trusted(self) -> bool:
        """Return whether every expected count is large enough for the approximation."""
        return self.fewest_expected >= FEWEST_EXPECTED


@dataclass(frozen=True)
class Permuted:
    """A permutation test of independence in which whole clusters change their row.

    Args:
        p: (1 + permutations at least as extreme) / (1 + permutations) (Phipson and Smyth 2010).
        permutations: How many were drawn.
        mean: Mean chi-squared statistic of the permuted tables.
        inflation: `mean` over the degrees of freedom, the statistic's mean if all units were independent: how many
            times too large the chi-squared statistic is because units come in clusters (a design effect, Rao and Scott
            1981).
        residuals: How many standard deviations of the permuted tables each cell lies from their mean; 0 for a cell
            that never changes.
    """

    p: float
    permutations: int
    mean: float
    inflation: float
    residuals: tuple[tuple[float, ...], ...]

    @property
    def is_smallest(self) -> bool:
        """Return whether no permutation was as extreme: p is at most what is stated."""
        return self.p * (1 + self.permutations) < 1 + ROUNDING
