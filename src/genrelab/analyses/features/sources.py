"""Two sources under the same rules: does a genre of one sound like the genre of the same name in the other?

Conventions: a genre is compared where both sources hold enough of its tracks; the first source is what the second
is measured against, with Cliff's delta (see `genrelab.analyses.features.effects`). Of more than `MOST_ROWS` tracks
with a genre (`genrelab.evaluation.samples`) a sample is compared; genres are counted over all.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.features.effects import cliffs_delta
from genrelab.analyses.features.features import DIGITS, QUARTILES, rounded
from genrelab.analyses.features.outliers import SIZEABLE
from genrelab.analyses.features.result import (
    FeatureInSources,
    GenreInSources,
    Quartiles,
    SoundInSources,
    SourceComparison,
)
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.schema import Column
from genrelab.lake.stored_rows import Rows, rows_at

Source: TypeAlias = "tuple[Rows, pd.Series[str]]"
"""Tracks with one column for each feature, and the genre of each track, missing where it has none."""


def compare_sources(
    first: Source, second: Source, features: Sequence[Column], order: Sequence[str], *, seed: int = 0
) -> SourceComparison:
    """Every feature of every genre in two sources, side by side.

    Args:
        first: The source to compare with.
        second: The source that is compared.
        features: Declarations of the features that both have.
        order: The genres, in the order of the report.
        seed: Seed of the samples.
    """
    sizes = [Counter(genres.value_counts().to_dict()) for _, genres in (first, second)]
    counted = [GenreInSources(name, *(counts[name] for counts in sizes)) for name in order]
    drawn = [_sample(source, features, seed) for source in (first, second)]
    compared = [Counter(genres.tolist()) for _, genres in drawn]
    enough = tuple(one for one in counted if min(counts[one.genre] for counts in compared) >= SIZEABLE)
    names = [one.genre for one in enough]
    parts = [_by_genre(source, features, names) for source in drawn]
    return SourceComparison(
        rows=(compared[0].total(), compared[1].total()),
        of=(sizes[0].total(), sizes[1].total()),
        fewest=SIZEABLE,
        genres=enough,
        too_few=tuple(one for one in counted if one not in enough and one.first + one.second),
        features=tuple(
            FeatureInSources(
                column.name,
                column.meaning,
                column.unit,
                tuple(_side_by_side(name, *(found[name, column.name] for found in parts)) for name in names),
            )
            for column in features
        ),
    )


def _sample(source: Source, features: Sequence[Column], seed: int) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """The rows that have a genre, or a sample of them."""
    rows, genres = source
    labelled = np.flatnonzero(genres.notna())
    drawn = labelled[sample_rows(len(labelled), seed)]
    frame = rows_at(rows, drawn, [column.name for column in features]).to_pandas()
    return frame, genres.iloc[drawn].to_numpy(dtype=object)


def _by_genre(
    source: tuple[pd.DataFrame, npt.NDArray[Any]], features: Sequence[Column], names: Sequence[str]
) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    """Values of each genre and feature, without gaps."""
    frame, genres = source
    values = {
        column.name: frame[column.name].to_numpy(dtype=np.float64, na_value=np.nan) for column in features
    }
    found = {}
    for name in names:
        here = genres == name
        for feature, column in values.items():
            known = column[here]
            found[name, feature] = known[~np.isnan(known)]
    return found


def _side_by_side(
    genre: str, first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> SoundInSources:
    groups = np.repeat(np.arange(2), [len(first), len(second)])
    (delta,) = rounded(cliffs_delta(np.concatenate([first, second]), groups, 2)[1, :1])
    return SoundInSources(genre, _quartiles(first), _quartiles(second), delta)


def _quartiles(values: npt.NDArray[np.float64]) -> Quartiles | None:
    if not len(values):
        return None
    low, middle, high = (round(float(value), DIGITS) for value in np.quantile(values, QUARTILES))
    return low, middle, high
