"""How test tracks are drawn: at random, by whole artists, or as FMA's own split has them.

Conventions: a part is positions of tracks. The student project draws tracks at random, so other tracks of an artist,
and of the album, are in training; `apart` draws whole artists until there are as many test tracks; `official` is FMA's
split.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.analyses.genre_study.result import APART, OFFICIAL, RANDOM
from genrelab.evaluation.samples import sample_groups

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Division:
    """Training and test tracks of one repeat.

    Args:
        protocol: How they were drawn.
        train: Positions.
        test: Positions.
    """

    protocol: str
    train: IntArray
    test: IntArray


def divisions(
    artists: npt.NDArray[Any], parts: npt.NDArray[Any], *, share: float, repeats: int, seed: int, fewest: int
) -> Iterator[Division]:
    """Every repeat of every protocol, if it has a test track and training tracks enough.

    Args:
        artists: Artist of each track.
        parts: Part of FMA's split of each track.
        share: Share of the tracks that is held out.
        repeats: How often tracks and artists are drawn.
        seed: Seed of the first repeat; each next one counts up.
        fewest: Training tracks that are needed.
    """
    wanted = round(share * len(artists))
    drawn = [draw(len(artists), wanted, seed + repeat) for repeat in range(repeats)]
    drawn += [draw_artists(artists, wanted, seed + repeat) for repeat in range(repeats)]
    drawn.append(official(parts))
    yield from (one for one in drawn if len(one.test) and len(one.train) >= fewest)


def official(parts: npt.NDArray[Any], test: str = "test") -> Division:
    """FMA's split: its training part, and the part that is named."""
    return Division(OFFICIAL, np.flatnonzero(parts == "training"), np.flatnonzero(parts == test))


def draw(tracks: int, wanted: int, seed: int) -> Division:
    """So many test tracks at random."""
    order = np.random.default_rng(seed).permutation(tracks)
    return Division(RANDOM, np.sort(order[wanted:]), np.sort(order[:wanted]))


def draw_artists(artists: npt.NDArray[Any], wanted: int, seed: int) -> Division:
    """Test tracks of randomly drawn whole artists, about so many.

    >>> found = draw_artists(np.array([1, 1, 2, 2, 3, 3]), 2, seed=0)
    >>> len(found.test), len(found.train)
    (2, 4)
    """
    rows = np.arange(len(artists))
    test = sample_groups(rows, artists, wanted, seed)
    return Division(APART, np.setdiff1d(rows, test), test)
