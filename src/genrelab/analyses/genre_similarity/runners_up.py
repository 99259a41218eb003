"""The runner-up of each track, and how often each genre is one, beside what the priors alone would give.

Conventions
    - `proba` has shape (rows, labels) and comes from models that were fitted on other artists. `carries` says which
      labels a row has, shape (rows, labels); every row has at least one.
    - By the priors alone the runner-up would be drawn from the labels that a track does not carry, by how many rows
      carry each. Of one label per row: the share of genre b in the tracks of genre a is n(b) / (n - n(a)).
    - Intervals of shares are those of Wilson (Journal of the American Statistical Association, 1927) with the effective
      number of tracks (Korn and Graubard, Survey Methodology, 1998): as many independent ones as would have the
      standard error that is found with artists as clusters. So a pair that never occurs has an interval, too.
    - The p-value of a pair is that of the same test: how far its share lies from the priors, with the error that these
      many independent draws by the priors have. All pairs of a collection are corrected by Holm (1979).
    - A genre of fewer than `FEWEST_ARTISTS` artists is not judged.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from genrelab.analyses.genre_similarity.result import FEWEST_ARTISTS, Genre, Pair
from genrelab.evaluation.results import Score
from genrelab.evaluation.sampling import FEWEST_ARTISTS as FEWEST_FOR_INTERVAL
from genrelab.evaluation.sampling import artist_numbers, mean_and_error
from genrelab.evaluation.share_interval import share_interval
from genrelab.models.comparison import holm

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def runners_up(proba: FloatArray, carries: BoolArray) -> IntArray:
    """Return the most probable label that each row does not carry, shape (rows,); -1 for a row with all labels.

    >>> runners_up(np.array([[0.5, 0.3, 0.2]]), np.array([[False, True, False]])).tolist()
    [0]
    """
    found = np.where(carries, -np.inf, proba).argmax(axis=1)
    return np.where(carries.all(axis=1), -1, found).astype(np.int64)


def second_highest(proba: FloatArray) -> IntArray:
    """Return the label with the second highest probability of each row, as the student project, shape (rows,).

    >>> second_highest(np.array([[0.5, 0.3, 0.2]])).tolist()
    [1]
    """
    return np.argsort(-proba, axis=1, kind="stable")[:, 1].astype(np.int64)


def by_priors(carries: BoolArray) -> FloatArray:
    """Return how probable each runner-up is by the priors alone, shape (rows, labels).

    >>> by_priors(np.array([[True, False, False], [False, True, False], [False, False, True], [False, False, True]]))[0]
    array([0.        , 0.33333333, 0.66666667])
    """
    weights = np.where(carries, 0.0, carries.sum(axis=0))
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))


def count_pairs(
    proba: FloatArray, carries: BoolArray, groups: Sequence[object] | IntArray, names: Sequence[str]
) -> tuple[Genre, ...]:
    """Return every genre with the runners-up of its tracks, the genre with most tracks first.

    Args:
        proba: Shape (rows, labels).
        carries: Shape (rows, labels).
        groups: Artist of each row, shape (rows,).
        names: Names of the labels; those that no row carries are left out.
    """
    artists, runner, expected = artist_numbers(groups), runners_up(proba, carries), by_priors(carries)
    second = second_highest(proba) if (carries.sum(axis=1) == 1).all() else None
    sizes = carries.sum(axis=0)
    order = [int(label) for label in np.argsort(-sizes, kind="stable") if sizes[label]]
    made: dict[int, list[Pair]] = {}
    for own in order:
        rows = np.flatnonzero(carries[:, own])
        made[own] = [
            _pair(
                names[other],
                runner[rows] == other,
                float(expected[rows, other].mean()),
                artists[rows],
                None if second is None else float((second[rows] == other).mean()),
            )
            for other in order
            if other != own
        ]
    corrected = iter(holm([pair.p for pairs in made.values() for pair in pairs]))
    return tuple(
        Genre(
            names[own],
            int(sizes[own]),
            len(np.unique(artists[carries[:, own]])),
            None if second is None else float((second[carries[:, own]] == own).mean()),
            tuple(
                sorted((replace(pair, p=next(corrected)) for pair in pairs), key=lambda pair: -pair.tracks)
            ),
        )
        for own, pairs in made.items()
    )


def _pair(other: str, is_other: BoolArray, prior: float, artists: IntArray, second: float | None) -> Pair:
    """Return a pair, with its p-value not corrected."""
    share, size = float(is_other.mean()), effective_tracks(is_other, artists)
    judged = len(np.unique(artists))
    ends = share_interval(share * size, size) if judged >= FEWEST_FOR_INTERVAL else (None, None)
    error = float(np.sqrt(prior * (1 - prior) / size))
    p = float(2 * norm.sf(abs(share - prior) / error)) if error and judged >= FEWEST_ARTISTS else 1.0
    return Pair(other, int(is_other.sum()), Score(share, *ends), prior, p, second)


def effective_tracks(values: BoolArray, artists: IntArray) -> float:
    """Return how many independent tracks would know a share as well as these tracks of these artists.

    Where all tracks agree, nothing shows how alike those of an artist are: there each artist counts once.

    Args:
        values: Shape (rows,), at least one row.
        artists: Number of each row's artist, shape (rows,).

    >>> effective_tracks(np.array([True, True, False, False]), np.array([0, 0, 1, 1]))
    2.0
    >>> effective_tracks(np.array([False, False, False]), np.array([0, 0, 1]))
    2.0
    """
    share, error = mean_and_error(values.astype(np.float64), artists)
    if not error:
        return float(len(np.unique(artists)))
    return min(share * (1 - share) / error**2, float(len(values)))
