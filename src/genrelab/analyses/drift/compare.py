"""Compare two versions of a table: every watched feature, class and word.

Conventions: one column of both versions is held at a time. Values are rounded; a histogram has the same bars in both
versions, and what lies outside belongs to the outermost bars.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.analyses.drift.measures import (
    FloatArray,
    came_and_went,
    distance,
    known_of,
    share_changes,
    stability_index,
)
from genrelab.analyses.drift.result import NO_CLASS, ClassDrift, FeatureDrift, Measured, ShareChange
from genrelab.analyses.drift.watched import Watched
from genrelab.analyses.features.features import bar_of, round_edges
from genrelab.lake.schema import Column
from genrelab.lake.stored_rows import Rows, batches_of, numbers_of
from genrelab.runtime.files import digest
from genrelab.sources.codes import counts_of

DRAWN = 16
"""Features whose histograms are kept: those that moved most."""
LISTED = 25
"""New and vanished words that are listed."""
MOST_BARS, MOST_VALUES = 24, 16
SHOWN_FROM, SHOWN_TO = 0.005, 0.995
"""The part of both versions that a histogram spans; what is further out is in its outermost bars."""
DIGITS = 5


def compare(earlier: Rows, later: Rows, watched: Watched) -> Measured:
    """Measure how far the later version lies from the earlier one.

    Args:
        earlier: The version that is compared with.
        later: The version at hand.
        watched: Columns that both have.
    """
    both = earlier, later
    features = [
        _feature(watched.column(name), *(numbers_of(rows, name) for rows in both))
        for name in watched.features
    ]
    features.sort(key=lambda one: (-(one.psi or 0), -(one.ks or 0)))
    for place, moved in enumerate(features[:DRAWN]):
        known = (known_of(numbers_of(rows, moved.feature)) for rows in both)
        features[place] = _with_histogram(moved, watched.column(moved.feature), *known)
    classes = [
        ClassDrift(name, _shares(*(classes_of(rows, name) for rows in both))) for name in watched.classes
    ]
    words = None
    if watched.words:
        before, after = (words_of(rows, watched.words) for rows in both)
        words = came_and_went(before, after, LISTED, watched.word)
    return Measured(tuple(features), tuple(classes), words)


def _shares(earlier: dict[str, int], later: dict[str, int]) -> tuple[ShareChange, ...]:
    return tuple(
        ShareChange(
            one.name, *(round(value, DIGITS) for value in (one.earlier, one.later, one.change, one.chance))
        )
        for one in share_changes(earlier, later)
    )


def content_of(rows: Rows, watched: Watched) -> str:
    """Return a fingerprint of what `compare` sees of a version: the same for the same values in any order of rows."""
    facts: list[object] = []
    for name in watched.features:
        hashed = pd.util.hash_array(numbers_of(rows, name))
        facts.append((name, len(hashed), int(hashed.sum())))
    facts += [(name, sorted(classes_of(rows, name).items())) for name in watched.classes]
    if watched.words:
        facts.append(sorted(words_of(rows, watched.words).items()))
    return digest(facts)


def classes_of(rows: Rows, column: str) -> dict[str, int]:
    """Return the tracks of each class; rows without one are a class of their own."""
    found: Counter[str] = Counter()
    for batch in batches_of(rows, [column]):
        for value, rows_of in counts_of(batch[column]).items():
            found[NO_CLASS if value is None else str(value)] += rows_of
    return dict(found)


def words_of(rows: Rows, column: str) -> dict[str, int]:
    """Return the tracks of each word; a track counts once for a word."""
    lists = (words for batch in batches_of(rows, [column]) for words in batch[column].to_pylist())
    return dict(Counter(str(word) for words in lists for word in set(words or ())))


def _feature(column: Column, earlier: FloatArray, later: FloatArray) -> FeatureDrift:
    index = stability_index(earlier, later) or (None, None)
    apart = distance(earlier, later) or (None, None)
    return FeatureDrift(
        feature=column.name,
        unit=column.unit,
        psi=_rounded(index[0]),
        psi_chance=_rounded(index[1]),
        ks=_rounded(apart[0]),
        ks_chance=_rounded(apart[1]),
        missing=(_rounded(_missing(earlier)), _rounded(_missing(later))),
        medians=(_rounded(_median(earlier)), _rounded(_median(later))),
    )


def _with_histogram(
    feature: FeatureDrift, column: Column, earlier: FloatArray, later: FloatArray
) -> FeatureDrift:
    """Add the shares of the known values per bar of both versions; few whole numbers get a bar each."""
    together = np.concatenate([earlier, later])
    if not len(together):
        return feature
    if pa.types.is_integer(column.type) and len(distinct := np.unique(together)) <= MOST_VALUES:
        places = [np.searchsorted(distinct, found) for found in (earlier, later)]
        edges, values = [], tuple(int(value) for value in distinct)
        bars = len(distinct)
    else:
        # only the least and the greatest value count for the edges
        outer = np.clip([together.min(), together.max()], *np.quantile(together, [SHOWN_FROM, SHOWN_TO]))
        edges = round_edges(outer, column, MOST_BARS)
        places = [bar_of(found, edges) for found in (earlier, later)]
        values = ()
        bars = len(edges) - 1
    shares = [
        (np.bincount(place, minlength=bars) / max(len(place), 1)).round(DIGITS).tolist() for place in places
    ]
    return replace(
        feature, edges=tuple(edges), values=values, earlier=tuple(shares[0]), later=tuple(shares[1])
    )


def _missing(sample: FloatArray) -> float | None:
    return float(1 - np.isfinite(sample).mean()) if len(sample) else None


def _median(sample: FloatArray) -> float | None:
    known = known_of(sample)
    return float(np.median(known)) if len(known) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
