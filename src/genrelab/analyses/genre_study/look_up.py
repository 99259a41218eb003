"""The student project's nearest neighbours under every protocol, on features and on principal components.

The rule itself is in `genrelab.analyses.genre_study.neighbours`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.analyses.genre_study import components
from genrelab.analyses.genre_study.neighbours import (
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

Floats = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]
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
        cores: Processor cores.
        advance: Is called after each division.
    """
    means: dict[tuple[str, str, str], list[FloatArray]] = defaultdict(list)
    baselines: dict[tuple[str, str], list[float]] = defaultdict(list)
    looks: dict[str, list[Nearest]] = defaultdict(list)
    last: dict[str, Division] = {}
    fitted: components.Fitted | None = None
    for number, one in enumerate(divisions):
        train, test = scaled(tracks.features[one.train], tracks.features[one.test])
        found = nearest(train, test, cores)
        on_components = components.fit(train)
        reduced = nearest(on_components.of(train), on_components.of(test), cores)
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
        fitted, last[one.protocol] = fitted or on_components, one
        advance(number + 1, f"neighbours, {one.protocol}")
    assert fitted is not None  # noqa: S101 - there is one division
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
            shares=fitted.shares,
            needed=fitted.needed,
            share=components.SHARE,
            on_all=_fitted_on_all(tracks, divisions[0], cores),
            on_training=tuple(means[RANDOM, COMPONENTS, GIVEN][0].tolist()),
        ),
    )


def _fitted_on_all(tracks: Tracks, one: Division, cores: int) -> tuple[float, ...]:
    """Index by k where scaling and components have seen the test tracks too, as in the student project."""
    values = scaled(tracks.features)[0]
    reduced = components.fit(values).of(values)
    has = tracks.about.labels[GIVEN].has
    found = nearest(reduced[one.train], reduced[one.test], cores)
    return tuple(by_k(has[one.test], has[one.train], found).mean(axis=1).tolist())
