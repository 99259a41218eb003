"""Which features go together: correlation matrices, and two features at a time as a density.

Pearson's r measures how close two features are to a straight line; Spearman's rho (Spearman, C. (1904), The
proof and measurement of association between two things, American Journal of Psychology 15 (1), 72-101) the same
of their ranks, so that bends and long tails do no harm. Both over the tracks that have every feature.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from genrelab.analyses.features.features import bar_of, count_cells, round_edges, rounded
from genrelab.analyses.features.result import Correlations, Density
from genrelab.lake.schema import Column

CELLS = 48
"""Cells of a density along one axis, at the most."""


def correlate(values: npt.NDArray[np.float64], names: Sequence[str]) -> Correlations:
    """Pearson's and Spearman's correlation of every two features.

    Args:
        values: Shape (tracks, features); rows with a NaN are left out.
        names: Names of the features.
    """
    whole = values[~np.isnan(values).any(axis=1)]
    ranks = rankdata(whole, axis=0) if len(whole) else whole
    return Correlations(
        features=tuple(names),
        tracks=len(whole),
        pearson=tuple(rounded(row) for row in _matrix(whole)),
        spearman=tuple(rounded(row) for row in _matrix(ranks)),
    )


def _matrix(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pearson's r; NaN where a column is constant."""
    size = values.shape[1]
    if len(values) < 2:  # noqa: PLR2004 - one track has no spread
        return np.full((size, size), np.nan)
    centred = values - values.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    spread[spread == 0] = np.nan
    matrix = (centred.T @ centred) / np.outer(spread, spread)
    return np.asarray(np.clip(matrix, -1, 1), dtype=np.float64)


def density(
    across: npt.NDArray[np.float64], up: npt.NDArray[np.float64], across_column: Column, up_column: Column
) -> Density:
    """Tracks per cell of two features.

    Args:
        across: Shape (tracks,), NaN where missing.
        up: Shape (tracks,), NaN where missing.
        across_column: Declaration of the feature across.
        up_column: Declaration of the feature upwards.
    """
    both = ~(np.isnan(across) | np.isnan(up))
    across, up = across[both], up[both]
    across_edges = round_edges(across, across_column, CELLS)
    up_edges = round_edges(up, up_column, CELLS)
    shape = (len(up_edges) - 1, len(across_edges) - 1)
    correlated = correlate(np.column_stack([across, up]), [across_column.name, up_column.name])
    counts = count_cells(bar_of(up, up_edges), bar_of(across, across_edges), shape)
    return Density(
        across=across_column.name,
        up=up_column.name,
        across_unit=across_column.unit,
        up_unit=up_column.unit,
        across_edges=tuple(across_edges),
        up_edges=tuple(up_edges),
        counts=tuple(tuple(row) for row in counts.tolist()),
        tracks=len(across),
        pearson=correlated.pearson[0][1],
        spearman=correlated.spearman[0][1],
    )
