"""Values far from the rest: zeros that mean "none found", z-scores over 3, rows that share all features.

A z-score is the distance from the mean in standard deviations (of the population, as `scipy.stats.zscore`
does by default); values beyond 3 are listed because the source projects do. Of a normal distribution 0.27 % lie there.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.features.result import Example, GenrePart, OutlierValues, Repeats, Zeros
from genrelab.sources.codes import pair_codes

LIMIT = 3.0
SIZEABLE = 30
"""Tracks from which on a share of a genre says something."""
EXAMPLES = 8


def zeros_by_genre(
    feature: str,
    values: npt.NDArray[np.float64],
    groups: npt.NDArray[np.int64],
    genres: Sequence[str | None],
    example: Callable[[int], tuple[str, str]] = lambda _: ("", ""),
) -> Zeros:
    """Where a feature is exactly 0.

    Args:
        feature: Its name.
        values: Shape (tracks,).
        groups: Shape (tracks,), the genre of each.
        genres: Name of each genre, None for tracks without one.
        example: Returns what to call the track at a place, and its id in its source.
    """
    is_zero = values == 0
    zeros = np.bincount(groups[is_zero], minlength=len(genres))
    sizes = np.bincount(groups, minlength=len(genres))
    order = sorted(np.flatnonzero(zeros).tolist(), key=lambda group: (-zeros[group], group))
    return Zeros(
        feature,
        int(is_zero.sum()),
        tuple(GenrePart(genres[group], int(zeros[group]), int(sizes[group])) for group in order),
        tuple(
            Example(name, genres[groups[place]], track_id)
            for place in np.flatnonzero(is_zero)[:EXAMPLES].tolist()
            for name, track_id in [example(place)]
        ),
    )


def outlier_values(
    feature: str,
    values: npt.NDArray[np.float64],
    groups: npt.NDArray[np.int64],
    genres: Sequence[str | None],
) -> OutlierValues:
    """Values more than three standard deviations from the mean.

    Args:
        feature: Its name.
        values: Shape (tracks,), NaN where missing.
        groups: Shape (tracks,), the genre of each.
        genres: Name of each genre, None for tracks without one.
    """
    known = ~np.isnan(values)
    values, groups = values[known], groups[known]
    if not len(values):
        return OutlierValues(feature, 0, None, None, 0, 0, None, None)
    mean, deviation = float(values.mean()), float(values.std())
    scores = (values - mean) / deviation if deviation else np.zeros_like(values)
    is_far = np.abs(scores) > LIMIT
    far = np.bincount(groups[is_far], minlength=len(genres))
    sizes = np.bincount(groups, minlength=len(genres))
    shares = np.divide(far, sizes, out=np.zeros(len(genres)), where=sizes >= SIZEABLE)
    home = int(shares.argmax())
    return OutlierValues(
        feature=feature,
        tracks=len(values),
        mean=round(mean, 5),
        deviation=round(deviation, 5),
        below=int((scores < -LIMIT).sum()),
        above=int((scores > LIMIT).sum()),
        lowest=round(float(scores.min()), 2),
        highest=round(float(scores.max()), 2),
        home=GenrePart(genres[home], int(far[home]), int(sizes[home])) if far[home] else None,
    )


def count_repeats(values: npt.NDArray[np.float64], groups: npt.NDArray[np.int64]) -> Repeats:
    """Rows that share all their features with another row.

    Args:
        values: Shape (tracks, features); a row with a gap is compared with none.
        groups: Shape (tracks,), the genre of each.
    """
    features = values.shape[1]
    whole = ~np.isnan(values).any(axis=1) & bool(features)
    values, groups = values[whole], groups[whole]
    if not len(values):
        return Repeats(features, 0, 0, 0, 0, 0, ())
    # by hashing: sorting whole rows, as numpy's unique does, takes more than linear time
    place = np.zeros(len(values), dtype=np.int64)
    for column in values.T:
        place = pair_codes(place, pd.factorize(column)[0].astype(np.int64))
    sizes = np.bincount(place)
    kinds = int(groups.max()) + 1
    low, high = np.full(len(sizes), kinds - 1), np.zeros(len(sizes), dtype=np.int64)
    np.minimum.at(low, place, groups)
    np.maximum.at(high, place, groups)
    return Repeats(
        features=features,
        tracks=len(values),
        distinct=len(sizes),
        sharing=int(sizes[sizes > 1].sum()),
        largest=int(sizes.max()),
        contested=int(sizes[low != high].sum()),
        by_genre=tuple(np.bincount(np.unique(place * kinds + groups) % kinds).tolist()),
    )
