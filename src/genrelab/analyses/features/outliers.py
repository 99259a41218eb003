"""Values far from the rest: zeros that mean "none found", z-scores over 3, rows that share all features.

A z-score is the distance from the mean in standard deviations (of the population, as `scipy.stats.zscore`
does by default); values beyond 3 are listed because the source projects do. Of a normal distribution 0.27 % lie there.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.features.result import Example, GenrePart, OutlierValues, Repeats, Zeros
from genrelab.lake.stored_rows import BATCH
from genrelab.sources.codes import add_to_hashes, come_again, pair_codes

LIMIT = 3.0
SIZEABLE = 30
"""Tracks from which on a share of a genre says something."""
EXAMPLES = 8


def zeros_by_genre(
    feature: str,
    values: npt.NDArray[np.float64],
    groups: npt.NDArray[np.integer],
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
    groups: npt.NDArray[np.integer],
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
    if not known.all():  # a copy
        values, groups = values[known], groups[known]
    if not len(values):
        return OutlierValues(feature, 0, None, None, 0, 0, None, None)
    mean, deviation = float(values.mean()), float(values.std())
    scores = values - mean
    scores = np.divide(scores, deviation, out=scores) if deviation else np.zeros_like(values)
    is_below, is_above = scores < -LIMIT, scores > LIMIT
    far = np.bincount(groups[is_below | is_above], minlength=len(genres))
    sizes = np.bincount(groups, minlength=len(genres))
    shares = np.divide(far, sizes, out=np.zeros(len(genres)), where=sizes >= SIZEABLE)
    home = int(shares.argmax())
    return OutlierValues(
        feature=feature,
        tracks=len(values),
        mean=round(mean, 5),
        deviation=round(deviation, 5),
        below=int(is_below.sum()),
        above=int(is_above.sum()),
        lowest=round(float(scores.min()), 2),
        highest=round(float(scores.max()), 2),
        home=GenrePart(genres[home], int(far[home]), int(sizes[home])) if far[home] else None,
    )


def count_repeats(
    features: Sequence[str],
    numbers: Callable[[str], npt.NDArray[np.float64]],
    groups: npt.NDArray[np.integer],
) -> Repeats:
    """Rows that share all their features with another row.

    Equal rows have equal hashes, so that only rows whose hash is another's too are compared by their features. Of all
    rows the hash and one feature are held.

    Args:
        features: Names of the features; a row with a gap is compared with none.
        numbers: Returns a feature of all rows, shape (rows,), NaN where it is missing; called twice for each.
        groups: Shape (rows,), the genre of each; negative for a row that is not counted.
    """
    hashes, counted = np.zeros(len(groups), dtype=np.uint64), groups >= 0
    for name in features:
        values = numbers(name)
        for start in range(0, len(values), BATCH):
            part, values_of_part = hashes[start : start + BATCH], values[start : start + BATCH]
            add_to_hashes(part, pd.util.hash_array(values_of_part + 0.0))  # -0.0 and 0.0 are the same value
            counted[start : start + BATCH] &= ~np.isnan(values_of_part)
    if not (features and counted.any()):
        return Repeats(len(features), 0, 0, 0, 0, 0, ())
    rows = np.flatnonzero(counted)
    kinds = int(groups[rows].max()) + 1
    is_shared = come_again(hashes[rows])
    alone, rows = groups[rows[~is_shared]], rows[is_shared]
    del hashes, counted, is_shared
    place = np.zeros(len(rows), dtype=np.int64)
    for name in features:
        place = pair_codes(place, pd.factorize(numbers(name)[rows])[0].astype(np.int64))
    among = groups[rows].astype(np.int64)
    sizes = np.bincount(place)
    low, high = np.full(len(sizes), kinds - 1), np.zeros(len(sizes), dtype=np.int64)
    np.minimum.at(low, place, among)
    np.maximum.at(high, place, among)
    of_genre = np.bincount(alone, minlength=kinds) + np.bincount(
        np.unique(place * kinds + among) % kinds, minlength=kinds
    )
    return Repeats(
        features=len(features),
        tracks=len(alone) + len(rows),
        distinct=len(alone) + len(sizes),
        sharing=int(sizes[sizes > 1].sum()),
        largest=int(sizes.max(initial=1)),
        contested=int(sizes[low != high].sum()),
        by_genre=tuple(of_genre.tolist()),
    )
