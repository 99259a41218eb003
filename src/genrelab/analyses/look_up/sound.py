"""Where the tracks of a genre lie among all tracks of their source, feature by feature.

Conventions: a place is a percentile rank: the share of all tracks with a lower value, plus half of those with the same.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
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
FloatArray = npt.NDArray[np.float64]


def sound_of_genres(
    features: Iterable[tuple[str, FloatArray]], genres: pd.Categorical, source: str
) -> list[GenreSound]:
    """Return where each genre lies among all tracks.

    Args:
        features: Names of `MEASURED`, as far as the source has them, with a value of each track, NaN for none. They are
            sorted in place.
        genres: Genre of each track; missing for none.
        source: `spotify` or `fma`.
    """
    places: dict[str, list[FeaturePlace]] = {str(genre): [] for genre in sorted(genres.categories)}
    for name, values in features:
        own = (values[genres.codes == genres.categories.get_loc(genre)] for genre in places)
        known = (each[~np.isnan(each)] for each in own)
        quartiles = [np.quantile(each, QUARTILES) if len(each) >= FEWEST else None for each in known]
        values.sort()
        everyone = values[: np.count_nonzero(~np.isnan(values))]
        for found, of_genre in zip(places.values(), quartiles, strict=True):
            if of_genre is not None:
                found.append(FeaturePlace(name, _three(of_genre), _three(percentiles(everyone, of_genre))))
    return [GenreSound(source, genre, tuple(found)) for genre, found in places.items()]


def percentiles(everyone: FloatArray, values: npt.ArrayLike) -> list[float]:
    """Return the percentile rank of values among all sorted values.

    >>> percentiles(np.array([0.0, 0.0, 1.0, 2.0]), [0.0, 1.0])
    [0.25, 0.625]
    """
    below, up_to = (np.searchsorted(everyone, values, side) for side in ("left", "right"))
    return [float(rank) for rank in (below + up_to) / (2 * len(everyone))]


def _three(values: Iterable[float]) -> tuple[float, float, float]:
    low, middle, high = (round(float(value), 5) for value in values)
    return low, middle, high
