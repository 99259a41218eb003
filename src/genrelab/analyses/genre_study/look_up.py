"""The student project's nearest neighbours under every protocol, on features and on principal components.

The rule itself is in `genrelab.analyses.genre_study.neighbours`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from genrelab.analyses.genre_study import components
from genrelab.analyses.genre_study.neighbours import (
    Found,
    K,
    Nearest,
    by_k,
    look,
    most_frequent,
    nearest,
    scaled,
    spread,
)
from genrelab.analyses.genre_study.protocols import Division
from genrelab.analyses.genre_study.result import (
    ALL,
    COMPONENTS,
    FEATURES,
    GIVEN,
    RANDOM,
    ByNeighbours,
    Components,
    Spread,
)
from genrelab.analyses.genre_study.tracks import Tracks
from genrelab.runtime.engine import call, run_all

Floats = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
LABELS = (GIVEN, ALL)


@dataclass(frozen=True)
class LookUp:
    """What neighbours tell of the test tracks."""

    curves: tuple[ByNeighbours, ...]
    spreads: tuple[Spread, ...]
    components: Components


def look_up(
    tracks: Tracks, divisions: Sequence[Division], *, cores: int, advance: Callable[..., None]
) -> LookUp:
    """Judge the student project's rule on every division.

    Args:
        tracks: The tracks.
        divisions: One random division at least, the random ones first.
        cores: Divisions at once.
        advance: Is called after each division.
    """
    means: dict[tuple[str, str, str], list[FloatArray]] = defaultdict(list)
    baselines: dict[tuple[str, str], list[float]] = defaultdict(list)
    looks: dict[str, list[Nearest]] = defaultdict(list)
    last: dict[str, Division] = {}
    jobs = [(_neighbours, tracks.features, one.train, one.test) for one in divisions]
    first = divisions[0]
    results = run_all(
        call, [*jobs, (_fitted_on_all, tracks.features, first.train, first.test)], cores, in_threads=True
    )
    explained: list[tuple[tuple[float, ...], int]] = []
    for number, (one, (found, reduced, *held)) in enumerate(
        zip(divisions, islice(results, len(jobs)), strict=True)
    ):
        for column in LABELS:
            has = tracks.about.labels[column].has
            index = by_k(has[one.test], has[one.train], found)
            means[one.protocol, FEATURES, column].append(index.mean(axis=1))
            means[one.protocol, COMPONENTS, column].append(
                by_k(has[one.test], has[one.train], reduced).mean(axis=1)
            )
            baselines[one.protocol, column].append(most_frequent(has[one.test], has[one.train]))
            if column == GIVEN:
                looks[one.protocol].append(look(index[0], found, tracks.about, one.train, one.test))
        explained.append(tuple(held))
        last[one.protocol] = one
        advance(number + 1, f"neighbours, {one.protocol}")
    shares, needed = explained[0]
    (on_all,) = results
    has = tracks.about.labels[GIVEN].has
    return LookUp(
        curves=tuple(
            ByNeighbours(
                protocol=protocol,
                inputs=inputs,
                labels=column,
                k=K,
                mean=tuple(np.mean(values, axis=0).tolist()),
                sd=tuple(np.std(values, axis=0).tolist()),
                repeats=len(values),
                train=len(last[protocol].train),
                test=len(last[protocol].test),
                baseline=float(np.mean(baselines[protocol, column])),
            )
            for (protocol, inputs, column), values in means.items()
        ),
        spreads=tuple(spread(protocol, found) for protocol, found in looks.items()),
        components=Components(
            shares=shares,
            needed=needed,
            share=components.SHARE,
            on_all=tuple(by_k(has[first.test], has[first.train], on_all).mean(axis=1).tolist()),
            on_training=tuple(means[RANDOM, COMPONENTS, GIVEN][0].tolist()),
        ),
    )


def _neighbours(
    features: Floats, train: IntArray, test: IntArray
) -> tuple[Found, Found, tuple[float, ...], int]:
    """Return the neighbours on features and on components, the shares of variance, and the components needed."""
    with threadpool_limits(1):  # divisions are done side by side
        values, others = scaled(features[train], features[test])
        fitted = components.fit(values)
        reduced = nearest(fitted.of(values), fitted.of(others))
        return nearest(values, others), reduced, fitted.shares, fitted.needed


def _fitted_on_all(features: Floats, train: IntArray, test: IntArray) -> Found:
    """Return the neighbours where scaling and components have seen the test tracks too, as in the student project."""
    with threadpool_limits(1):
        values = scaled(features)[0]
        reduced = components.fit(values).of(values)
        return nearest(reduced[train], reduced[test])
