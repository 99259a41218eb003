"""Which features rows have: the sets that occur together, and the set that keeps the most values.

Conventions: a set of features is a tuple in the order in which they were asked for. A row that has none of them
counts in no set. Nothing is ever filled in: a row takes part where it has every feature of a set.

Which models are trained on which set does not belong here but in `genrelab.models.feature_sets`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.lake.stored_rows import Rows, numbers_of

COMBINED = 6
"""The most frequent sets whose intersections are tried, 63 at the most."""


@dataclass(frozen=True)
class Present:
    """Features that occur together.

    Args:
        features: Their names.
        rows: Rows that have exactly these.
        able: Rows that have at least these.
    """

    features: tuple[str, ...]
    rows: int
    able: int


def fullest_rows(
    rows: Rows, features: Sequence[str], takes_part: npt.NDArray[np.bool_]
) -> tuple[tuple[str, ...], npt.NDArray[np.bool_]]:
    """The features that keep the most values, see `fullest_of`, and which rows have them all; read batch by batch.

    Args:
        rows: Rows with the features.
        features: Their names.
        takes_part: Which rows count, shape (rows,); no other row is marked.
    """
    known = np.zeros(len(rows), np.min_scalar_type((1 << len(features)) - 1))  # a bit for each feature
    for place, name in enumerate(features):
        known |= np.isfinite(numbers_of(rows, name)).astype(known.dtype) << known.dtype.type(place)
    known[~takes_part] = 0
    patterns, counts = np.unique(known, return_counts=True)
    kinds = patterns[:, None] >> np.arange(len(features), dtype=known.dtype) & 1 == 1
    found = fullest_of(sets_of(kinds, counts, features), features)
    needed = known.dtype.type(sum(1 << place for place, name in enumerate(features) if name in found))
    return found, (known & needed == needed) & bool(found)


def present_sets(frame: pd.DataFrame, features: Sequence[str]) -> list[Present]:
    """The sets of features that rows have, that of the most rows first; of as many rows, the larger set.

    >>> frame = pd.DataFrame({"energy": [0.1, 0.2, None], "tempo": [90.0, None, None]})
    >>> [(one.features, one.rows, one.able) for one in present_sets(frame, ["energy", "tempo"])]
    [(('energy', 'tempo'), 1, 1), (('energy',), 1, 2)]
    """
    has = frame[list(features)].notna().to_numpy()
    return sets_of(*np.unique(has, axis=0, return_counts=True), features)


def sets_of(
    kinds: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64], features: Sequence[str]
) -> list[Present]:
    """The same from counts of rows.

    Args:
        kinds: Whether rows of a kind have a feature, shape (kinds, features); each kind is there once.
        counts: Rows of each kind, shape (kinds,).
        features: Their names.
    """
    found = [
        Present(
            tuple(name for name, there in zip(features, kind, strict=True) if there),
            int(rows),
            int(counts[kinds[:, kind].all(axis=1)].sum()),
        )
        for kind, rows in zip(kinds, counts, strict=True)
        if kind.any()
    ]
    return sorted(found, key=lambda one: (-one.rows, -len(one.features), one.features))


def fullest(frame: pd.DataFrame, features: Sequence[str]) -> tuple[str, ...]:
    """The features of a frame that keep the most values, see `fullest_of`."""
    return fullest_of(present_sets(frame, features), features)


def fullest_of(sets: Sequence[Present], features: Sequence[str]) -> tuple[str, ...]:
    """The features that keep the most values: rows that have them all, times their number.

    Where every row has every feature these are all of them. A feature that one row in ten lacks costs those rows
    rather than the feature; one that most rows lack is left out. Empty where no row has any feature.

    Args:
        sets: The sets of features that rows have.
        features: The names of all features.
    """
    candidates: set[frozenset[str]] = set()
    for one in sets[:COMBINED]:
        names = frozenset(one.features)
        candidates |= {names & other for other in candidates} | {names}
    candidates |= {frozenset(one.features) for one in sets}

    def values(names: frozenset[str]) -> int:
        return len(names) * sum(one.rows for one in sets if names.issubset(one.features))

    best = max(candidates, key=lambda names: (values(names), len(names), sorted(names)), default=frozenset())
    return tuple(name for name in features if name in best)
