"""Two sources under the same rules: does a genre of one sound like the genre of the same name in the other?

Conventions: a genre is compared where both sources hold enough of its tracks; the first source is what the second
is measured against, with Cliff's delta (see `genrelab.analyses.features.effects`).
"""

from collections.abc import Sequence

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
from genrelab.lake.schema import Column

Source = tuple[pd.DataFrame, Sequence[str | None]]
"""Features of tracks, one column each, and the genre of each track."""


def compare_sources(
    first: Source, second: Source, features: Sequence[Column], order: Sequence[str]
) -> SourceComparison:
    """Every feature of every genre in two sources, side by side.

    Args:
        first: The source to compare with.
        second: The source that is compared.
        features: Declarations of the features that both have.
        order: The genres, in the order of the report.
    """
    sizes = [pd.Series(list(genres), dtype="object").value_counts() for _, genres in (first, second)]
    counted = [GenreInSources(name, *(int(counts.get(name, 0)) for counts in sizes)) for name in order]
    enough = tuple(one for one in counted if min(one.first, one.second) >= SIZEABLE)
    names = [one.genre for one in enough]
    parts = [_by_genre(source, features, names) for source in (first, second)]
    return SourceComparison(
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


def _by_genre(
    source: Source, features: Sequence[Column], names: Sequence[str]
) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    """Values of each genre and feature, without gaps."""
    frame, genres = source
    given = np.asarray(list(genres), dtype=object)
    values = {
        column.name: frame[column.name].to_numpy(dtype=np.float64, na_value=np.nan) for column in features
    }
    found = {}
    for name in names:
        here = given == name
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
