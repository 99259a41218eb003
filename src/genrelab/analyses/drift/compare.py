"""Compare two versions of a table: every watched feature, class and word.

Conventions: columns are read in batches through a function, because a table may be too wide to be held twice.
Values are rounded; a histogram has the same bars in both versions, and what lies outside belongs to
the outermost bars.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.drift.measures import (
    FloatArray,
    came_and_went,
    distance,
    share_changes,
    stability_index,
)
from genrelab.analyses.drift.result import NO_CLASS, ClassDrift, FeatureDrift, Measured, ShareChange, Words
from genrelab.analyses.drift.watched import Watched
from genrelab.analyses.features.features import bar_of, round_edges
from genrelab.lake.schema import Column
from genrelab.runtime.files import digest

Read = Callable[[Sequence[str]], pa.Table]
"""Reads columns of one version."""

DRAWN = 16
"""Features whose histograms are kept: those that moved most."""
LISTED = 25
"""New and vanished words that are listed."""
BATCH = 4
"""Columns that are read together: of two versions of 5 million rows 160 MB."""
MOST_BARS, MOST_VALUES = 24, 16
SHOWN_FROM, SHOWN_TO = 0.005, 0.995
"""The part of both versions that a histogram spans; what is further out is in its outermost bars."""
DIGITS = 5


def compare(earlier: Read, later: Read, watched: Watched) -> Measured:
    """Measure how far the later version lies from the earlier one.

    Args:
        earlier: Reads columns of the version that is compared with.
        later: Reads columns of the version at hand.
        watched: Columns that both have.
    """
    features: list[FeatureDrift] = []
    for names in _batches(watched.features):
        data = earlier(names), later(names)
        features += [
            _feature(watched.column(name), *(numbers_of(version[name]) for version in data)) for name in names
        ]
    features.sort(key=lambda one: (-(one.psi or 0), -(one.ks or 0)))
    for place, moved in enumerate(features[:DRAWN]):
        before, after = (numbers_of(read([moved.feature])[moved.feature]) for read in (earlier, later))
        features[place] = _with_histogram(moved, watched.column(moved.feature), before, after)
    classes = [ClassDrift(name, _shares(earlier, later, name)) for name in watched.classes]
    words = _words(earlier, later, watched) if watched.words else None
    return Measured(tuple(features), tuple(classes), words)


def _shares(earlier: Read, later: Read, name: str) -> tuple[ShareChange, ...]:
    before, after = (classes_of(read([name])[name]) for read in (earlier, later))
    return tuple(
        ShareChange(
            one.name, *(round(value, DIGITS) for value in (one.earlier, one.later, one.change, one.chance))
        )
        for one in share_changes(before, after)
    )


def _words(earlier: Read, later: Read, watched: Watched) -> Words:
    before, after = (words_of(read([watched.words])[watched.words]) for read in (earlier, later))
    return came_and_went(before, after, LISTED, watched.word)


def content_of(read: Read, watched: Watched) -> str:
    """A fingerprint of what `compare` sees of a version: the same for the same values in any order of rows."""
    facts: list[object] = []
    for names in _batches(watched.features):
        data = read(names)
        for name in names:
            hashed = pd.util.hash_array(numbers_of(data[name]))
            facts.append((name, len(hashed), int(hashed.sum())))
    facts += [(name, sorted(classes_of(read([name])[name]).items())) for name in watched.classes]
    if watched.words:
        facts.append(sorted(words_of(read([watched.words])[watched.words]).items()))
    return digest(facts)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(names), BATCH):
        yield names[first : first + BATCH]


def numbers_of(column: pa.ChunkedArray) -> FloatArray:
    """A column as float64, NaN where a value is missing."""
    values: FloatArray = pc.cast(column, pa.float64()).to_numpy().astype(np.float64, copy=True)
    return values


def classes_of(column: pa.ChunkedArray) -> dict[str, int]:
    """Tracks per class; rows without one are a class of their own."""
    counts = column.value_counts().to_pylist()
    return {NO_CLASS if row["values"] is None else str(row["values"]): row["counts"] for row in counts}


def words_of(column: pa.ChunkedArray) -> dict[str, int]:
    """Tracks per word; a track counts once for a word."""
    lists = (words for chunk in column.chunks for words in chunk.to_pylist())
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
    """Shares of the known values per bar of both versions; a bar per value where there are few whole numbers."""
    known = [sample[np.isfinite(sample)] for sample in (earlier, later)]
    together = np.concatenate(known)
    if not len(together):
        return feature
    if pa.types.is_integer(column.type) and len(distinct := np.unique(together)) <= MOST_VALUES:
        places = [np.searchsorted(distinct, found) for found in known]
        edges, values = [], tuple(int(value) for value in distinct)
        bars = len(distinct)
    else:
        low, high = np.quantile(together, [SHOWN_FROM, SHOWN_TO])
        edges = round_edges(np.clip(together, low, high), column, MOST_BARS)
        places = [bar_of(found, edges) for found in known]
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
    known = sample[np.isfinite(sample)]
    return float(np.median(known)) if len(known) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
