"""Where the tracks of a genre lie among all tracks of their source, feature by feature.

Conventions: a place is a percentile rank: the share of all tracks with a lower value, plus half of those with the same.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from genrelab.analyses.look_up.result import FeaturePlace, GenreSound

FEWEST = 20
"""Tracks with a value that a genre needs; of fewer, quartiles are chance."""
MEASURED = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "liveness",
    "loudness",
    "speechiness",
    "tempo",
    "valence",
)
"""Features that are measured on a scale; key, mode and time signature have no order to lie in."""
QUARTILES = (0.25, 0.5, 0.75)


def sound_of_genres(features: pd.DataFrame, genres: pd.Series, source: str) -> list[GenreSound]:
    """Return where each genre lies among all tracks.

    Args:
        features: Columns of `MEASURED`, as far as the source has them.
        genres: Genre of each track; missing for none.
        source: `spotify` or `fma`.
    """
    ordered = {str(name): np.sort(features[name].dropna().to_numpy(float)) for name in features}
    return [
        GenreSound(source, str(genre), tuple(_places(features.loc[rows.index], ordered)))
        for genre, rows in genres.groupby(genres, sort=True)
    ]


def _places(own: pd.DataFrame, ordered: dict[str, np.ndarray]) -> list[FeaturePlace]:
    found = []
    for name, everyone in ordered.items():
        values = own[name].dropna().to_numpy(float)
        if len(values) >= FEWEST:
            quartiles = [float(value) for value in np.quantile(values, QUARTILES)]
            found.append(FeaturePlace(name, _three(quartiles), _three(percentiles(everyone, quartiles))))
    return found


def percentiles(everyone: np.ndarray, values: Sequence[float]) -> list[float]:
    """Return the percentile rank of values among all sorted values.

    >>> percentiles(np.array([0.0, 0.0, 1.0, 2.0]), [0.0, 1.0])
    [0.25, 0.625]
    """
    below, up_to = (np.searchsorted(everyone, values, side) for side in ("left", "right"))
    return [float(rank) for rank in (below + up_to) / (2 * len(everyone))]


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = (round(value, 5) for value in values)
    return low, middle, high
