"""Scores of sets of labels, numbers and places, with intervals by artist: what they have in common.

Conventions
    - A score is prepared with the rows that it judges and returns a function of weights: how often each row counts,
      shape (rows,) or (resamples, rows). That function gives one value, or one for each resample.
    - Artists are the sampling unit of every interval: `genrelab.evaluation.sampling`.

The scores themselves are in `label_sets`, `numbers` and `places`. Those of one label per row are in
`genrelab.evaluation.scores`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Difference
from genrelab.evaluation.sampling import artist_numbers, interval, resample_weights, sampled

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ValidationTarget:
    """Truth and prediction of the same rows.

    Args:
        truth: The targets; first axis rows.
        predicted: The predictions: probabilities of shape (rows, labels), or values shaped as the targets.
        decided: What is answered, shaped as the targets: the labels that are named, or the predicted values.
    """

    truth: Array
    predicted: FloatArray
    decided: Array


OfWeights = Callable[[FloatArray], FloatArray]

MANY, FEW_RESAMPLES = 500_000, 200
"""From so many pairs of row and label on, intervals of rankings are those of so many resamples: 11,000 rows of 161
labels take 18 s with all of them."""


@dataclass(frozen=True)
class Score:
    """A score.

    Args:
        prepare: Takes the judged rows, returns the score as a function of weights.
        is_loss: Whether less is better.
        is_ranking: Whether rows are ranked by each label: of many, fewer resamples make its interval.
    """

    prepare: Callable[[ValidationTarget], OfWeights]
    is_loss: bool = False
    is_ranking: bool = False


def mean_of(of_row: Callable[[ValidationTarget], Array]) -> Callable[[ValidationTarget], OfWeights]:
    """The score that is the mean of a value of each row."""

    def prepare(judged: ValidationTarget) -> OfWeights:
        values = of_row(judged).astype(np.float64)
        return lambda weights: np.asarray(weights @ values / weights.sum(axis=-1))

    return prepare


def evaluate(
    split: str, scores: Mapping[str, Score], judged: ValidationTarget, groups: Array, seed: int
) -> dict[str, float]:
    """Every score with its interval.

    Args:
        split: Name of the split.
        scores: By metric name.
        judged: At least one row.
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        seed: Seed of the bootstrap.

    Returns:
        `<split>/<metric>`, `<split>/<metric>_low` and `<split>/<metric>_high`; `<split>/rows`, `<split>/artists` and
        `<split>/largest_artist`.
    """
    of_artist = artist_numbers(groups)
    prepared = {name: score.prepare(judged) for name, score in scores.items()}
    found = sampled(split, groups)
    found |= {f"{split}/{name}": float(of(np.ones(len(of_artist)))) for name, of in prepared.items()}
    resampled: dict[str, list[FloatArray]] = {name: [] for name in scores}
    is_large = judged.truth.size > MANY
    for drawn in resample_weights(of_artist.max() + 1, seed):
        weights = drawn[of_artist].T
        for name, values in resampled.items():
            is_enough = is_large and scores[name].is_ranking and sum(map(len, values)) >= FEW_RESAMPLES
            if not is_enough:
                values.append(prepared[name](weights))
    for name, values in resampled.items():
        if not values:  # all rows are one artist's
            continue
        low, high = interval(found[f"{split}/{name}"], np.concatenate(values))
        found |= {f"{split}/{name}_low": low, f"{split}/{name}_high": high}
    return found


def compare(
    scores: Mapping[str, Score], first: ValidationTarget, second: ValidationTarget, groups: Array, seed: int
) -> dict[str, Difference]:
    """First minus second, for every score, by a paired bootstrap: the same artists are drawn for both.

    Args:
        scores: By metric name.
        first: At least one row.
        second: The same rows.
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        seed: Seed of the bootstrap.

    Returns:
        Without an interval where all rows are one artist's.
    """
    of_artist = artist_numbers(groups)
    pairs = {name: (score.prepare(first), score.prepare(second)) for name, score in scores.items()}
    whole = np.ones(len(of_artist))
    apart: dict[str, list[FloatArray]] = {name: [] for name in scores}
    for drawn in resample_weights(of_artist.max() + 1, seed):
        weights = drawn[of_artist].T
        for name, (one, other) in pairs.items():
            apart[name].append(one(weights) - other(weights))
    found = {}
    for name, (one, other) in pairs.items():
        value = float(one(whole) - other(whole))
        ends = interval(value, np.concatenate(apart[name])) if apart[name] else (None, None)
        found[name] = Difference(value, *ends)
    return found
