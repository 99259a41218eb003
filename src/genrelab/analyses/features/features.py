"""Every feature by genre: binned distribution, quartiles, and how far it tells genres apart.

Conventions: a feature of whole numbers (key, mode, time signature) is counted per value, any other one in bars
of equal width with round edges, the upper edge of the last bar included. Quartiles are Tukey's with linear
interpolation (numpy's default).
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.analyses.features.effects import cliffs_delta
from genrelab.analyses.features.result import FeatureByGenre
from genrelab.lake.schema import Column

MOST_BARS = 32
"""Bars of a histogram at the most."""
STEPS = (1.0, 2.0, 2.5, 4.0, 5.0, 10.0, 20.0)
"""Widths of a bar that read well on an axis, times a power of ten."""
SMALLEST_SPAN = 1e-6
"""Values nearer to each other than this are one value."""
QUARTILES = (0.25, 0.5, 0.75)
NOMINAL = ("key",)
"""Features whose values have no order: pitch classes lie on a circle, so no median or "higher" exists."""
DIGITS = 5


def describe_feature(
    values: npt.NDArray[np.float64], groups: npt.NDArray[np.integer], count: int, column: Column
) -> FeatureByGenre:
    """One feature of all genres.

    Args:
        values: Shape (tracks,), NaN where the feature is missing.
        groups: Shape (tracks,), the genre of each, 0 to `count` - 1.
        count: How many genres there are.
        column: Its declaration: meaning, unit and range.
    """
    known = ~np.isnan(values)
    values, groups = values[known], groups[known]
    is_whole = bool(pa.types.is_integer(column.type))
    kind = "nominal" if column.name in NOMINAL else "whole" if is_whole else "measured"
    if is_whole:
        distinct, place = np.unique(values, return_inverse=True)
        edges: list[float] = []
        counts = count_cells(groups, place, (count, len(distinct)))
    else:
        distinct, edges = np.empty(0), round_edges(values, column)
        counts = count_cells(groups, bar_of(values, edges), (count, len(edges) - 1))
    found = FeatureByGenre(
        feature=column.name,
        meaning=column.meaning,
        unit=column.unit,
        kind=kind,
        missing=int((~known).sum()),
        tracks=tuple(np.bincount(groups, minlength=count).tolist()),
        counts=tuple(tuple(row) for row in counts.tolist()),
        edges=tuple(edges),
        values=tuple(int(value) for value in distinct),
    )
    if kind == "nominal":
        return found
    parts = [values[groups == group] for group in range(count)]
    return replace(
        found,
        quartiles=tuple(rounded(np.quantile(part, QUARTILES)) if len(part) else None for part in parts),
        means=tuple(round(float(part.mean()), DIGITS) if len(part) else None for part in parts),
        delta=tuple(rounded(row) for row in cliffs_delta(values, groups, count)),
    )


def round_edges(values: npt.NDArray[np.float64], column: Column, most: int = MOST_BARS) -> list[float]:
    """Edges of equal bars at round numbers, over the declared range of a share, else over the values.

    >>> from genrelab.tables.spotify import SPOTIFY_BINNED
    >>> round_edges(np.array([0.0, 231.0]), SPOTIFY_BINNED["tempo"], most=6)
    [0.0, 40.0, 80.0, 120.0, 160.0, 200.0, 240.0]
    """
    if (column.low, column.high) == (0, 1):
        low, high = 0.0, 1.0
    elif len(values):
        low, high = float(values.min()), float(values.max())
    else:
        low, high = float(column.low or 0), float(column.high or 1)
    span = high - low if high - low > SMALLEST_SPAN else 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    for size in STEPS:
        step = size * power
        first = math.floor(low / step + 1e-9)
        last = max(math.ceil(high / step - 1e-9), first + 1)
        if last - first <= most:
            break
    return [round(place * step, 10) for place in range(first, last + 1)]


def bar_of(values: npt.NDArray[np.float64], edges: Sequence[float]) -> npt.NDArray[np.int64]:
    """The bar of each value; one on the outermost edges belongs to the outermost bars."""
    place = np.searchsorted(np.asarray(edges), values, side="right") - 1
    return np.clip(place, 0, len(edges) - 2).astype(np.int64)


def count_cells(
    rows: npt.NDArray[np.integer], columns: npt.NDArray[np.int64], shape: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """How many tracks fall into each cell of a table."""
    flat = np.bincount(rows.astype(np.int64) * shape[1] + columns, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.int64)


def rounded(values: npt.NDArray[np.float64]) -> tuple[float | None, ...]:
    """The numbers with a fixed count of digits, NaN as None."""
    return tuple(None if math.isnan(value) else round(float(value), DIGITS) for value in values)
