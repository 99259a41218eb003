"""Blends of the country models, chosen on one half of the tracks and scored on the other.

A blend is a weighted mean of the country models' probabilities. The candidates are declared here. The tracks
are cut into two halves at random, evenly by country. For each question the best candidate on the held-out
answers of one half (all repeats) answers for the other half, and the other way round; so no track is scored by
a choice that its own answer had a part in. The models behind the answers are those of the folds: a model that
answers for one half was trained on tracks of both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import train_test_split

from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE
from genrelab.analyses.origin.scores import hits
from genrelab.analyses.origin.tracks import OriginTracks
from genrelab.evaluation.geography import great_circle_km, least_expected_place
from genrelab.models.cross_validation import HeldOut

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

WEIGHTS: tuple[dict[str, int], ...] = (
    {"extra_trees": 1},
    {"svm_country": 1},
    {"lda": 1},
    {"qda": 1},
    {"extra_trees": 1, "svm_country": 1},
    {"extra_trees": 2, "svm_country": 1},
    {"extra_trees": 3, "svm_country": 1},
    {"extra_trees": 1, "lda": 1, "qda": 1},
    {"extra_trees": 1, "svm_country": 1, "lda": 1, "qda": 1},
    {"extra_trees": 2, "svm_country": 1, "lda": 1, "qda": 1},
    {"extra_trees": 3, "svm_country": 1, "lda": 1, "qda": 1},
)
POWERS = (1.0, 2.0, 3.0)
"""To which probabilities are raised before the place of least expected distance is chosen."""


@dataclass(frozen=True)
class Candidate:
    """A way to answer a question from the country models.

    Args:
        weights: Of the models.
        power: For a place: what probabilities are raised to first; 1 elsewhere.
    """

    weights: dict[str, int]
    power: float = 1.0

    @property
    def label(self) -> str:
        """The candidate in words."""
        models = " + ".join(f"{weight} {name}" for name, weight in self.weights.items())
        return f"{models}, power {self.power:g}" if self.power != 1 else models


@dataclass(frozen=True)
class Chosen:
    """What the choice by halves comes to for one question.

    Args:
        task: The question.
        answers: Side (bool), place (index) or degrees, shape (repeats, tracks) or (repeats, tracks, 2).
        score_of_answer: Score of each answer, right or km, shape (repeats, tracks).
        candidates: The candidate that answers for the first and for the second half, each chosen on the other.
        on_choice: Score of each of the two on the half that chose it.
        places: For a place: index of the answer, shape (repeats, tracks).
    """

    task: str
    answers: npt.NDArray[np.generic]
    score_of_answer: FloatArray
    candidates: tuple[Candidate, Candidate]
    on_choice: tuple[float, float]
    places: IntArray


def halves(tracks: OriginTracks, seed: int) -> BoolArray:
    """Which tracks are in the first half, evenly by country where each has several, shape (tracks,)."""
    strata = tracks.place if tracks.sizes.min() > 1 else tracks.is_north
    first, _ = train_test_split(np.arange(len(tracks)), test_size=0.5, stratify=strata, random_state=seed)
    chosen = np.zeros(len(tracks), dtype=np.bool_)
    chosen[first] = True
    return chosen


def candidates_for(task: str) -> list[Candidate]:
    """Everything that may be chosen for a question."""
    powers = POWERS if task == COORDINATES else (1.0,)
    return [Candidate(weights, power) for weights in WEIGHTS for power in powers]


def mixture(held_out: HeldOut, weights: dict[str, int]) -> FloatArray:
    """Weighted mean of the models' probabilities, shape (repeats, tracks, places)."""
    total = sum(weights.values())
    mixed = sum(weight / total * held_out.answers[name] for name, weight in weights.items())
    return np.asarray(mixed)


def answer_with(candidate: Candidate, task: str, held_out: HeldOut, tracks: OriginTracks) -> IntArray:
    """Answers of a candidate: a side as 0 or 1, or the index of a place, shape (repeats, tracks)."""
    proba = mixture(held_out, candidate.weights)
    if task == LATITUDE:
        return np.asarray(proba[:, :, tracks.is_northern_place].sum(axis=2) > 0.5, dtype=np.int64)  # noqa: PLR2004 - the likelier side
    if task == COUNTRY:
        return np.asarray(proba.argmax(axis=2))
    distances = tracks.distances
    return np.stack(
        [
            least_expected_place(one, distances, candidate.power, _places_in_training(fold, tracks))
            for one, fold in zip(proba, held_out.fold, strict=True)
        ]
    )


def _places_in_training(fold: IntArray, tracks: OriginTracks) -> BoolArray:
    """Which places the training tracks of each track's fold hold, shape (tracks, places): no other is answered."""
    held = np.zeros((fold.max() + 1, len(tracks.places)), dtype=np.int64)
    np.add.at(held, (fold, tracks.place), 1)
    return np.asarray(held[fold] < tracks.sizes)


def choose(task: str, held_out: HeldOut, tracks: OriginTracks, seed: int) -> Chosen:
    """Choose on one half, answer for the other, and the other way round.

    Args:
        task: The question.
        held_out: The models' answers.
        tracks: The tracks.
        seed: Seed of the halves.
    """
    first = halves(tracks, seed)
    score, best = _SCORES[task], np.argmin if task == COORDINATES else np.argmax
    candidates = candidates_for(task)
    given = [answer_with(candidate, task, held_out, tracks) for candidate in candidates]
    values = [score(answers, tracks) for answers in given]
    for_first = int(best([one[:, ~first].mean() for one in values]))
    for_second = int(best([one[:, first].mean() for one in values]))
    answers = np.where(first, given[for_first], given[for_second])
    return Chosen(
        task=task,
        answers=tracks.places[answers] if task == COORDINATES else answers,
        score_of_answer=np.where(first, values[for_first], values[for_second]),
        candidates=(candidates[for_first], candidates[for_second]),
        on_choice=(float(values[for_first][:, ~first].mean()), float(values[for_second][:, first].mean())),
        places=answers,
    )


def score_new_countries(
    task: str, chosen: Chosen, held_out: HeldOut, tracks: OriginTracks, seed: int
) -> FloatArray:
    """Score of each answer for countries that were left out, shape (repeats, tracks): nothing is chosen again.

    Args:
        task: The question.
        chosen: What was chosen on the usual folds; each half keeps the candidate that answers for it.
        held_out: Answers on folds of whole countries.
        tracks: The tracks.
        seed: Seed of the halves.
    """
    score = _SCORES[task]
    values = [score(answer_with(one, task, held_out, tracks), tracks) for one in chosen.candidates]
    return np.where(halves(tracks, seed), *values)


_SCORES: dict[str, Callable[[IntArray, OriginTracks], FloatArray]] = {
    LATITUDE: lambda answers, tracks: hits(answers, tracks.is_north.astype(np.int64)),
    COUNTRY: lambda answers, tracks: hits(answers, tracks.place),
    COORDINATES: lambda answers, tracks: great_circle_km(tracks.places[answers], tracks.coordinates),
}
