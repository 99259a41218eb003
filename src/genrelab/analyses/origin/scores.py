"""Scores of held-out answers, with their intervals.

Conventions
    - Answers have shape (repeats, tracks). A score is the mean over both; its 95 % interval comes from
      resampling whole countries, each with all its tracks and repeats: tracks of one country are not independent
      (often of one album), and repeats are no new tracks. `sd` is the standard deviation over repeats: how much the
      drawing of folds alone moves the score.
    - Names follow MLflow: `cv/accuracy`, `cv/great_circle_km`, with `_low`, `_high`, `_sd`; the same scores with whole
      countries left out are `countries_left_out/accuracy` and so on.
    - The baseline of accuracy answers the commonest label, that of distance the one place from which the
      tracks are least far away; with countries left out, that of the training tracks of each fold.
"""

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.geography import central_place, great_circle_km, median_place
from genrelab.evaluation.sampling import INTERVAL, resample_weights
from genrelab.models.cross_validation import Question
from genrelab.models.kinds import Target, kind_of
from genrelab.models.task import PLACE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

ACCURACY, DISTANCE = "accuracy", "great_circle_km"
MAJORITY, COMMONEST = "majority", "commonest_side"
CENTRAL_PLACE, MEDIAN_PLACE = "central_place", "median_place"
"""Answers that need no music. Where sides are about even, the majority of the training tracks is the other side for a
country left out; the commonest side of all tracks is the stricter baseline then, and one bit is all it knows."""


def evaluate(split: str, name: str, values: FloatArray, countries: IntArray, seed: int) -> dict[str, float]:
    """Mean of a score over tracks and repeats, its interval and its spread.

    Args:
        split: `CV` or `LEFT_OUT`.
        name: Name of the score.
        values: One for each repeat and track, shape (repeats, tracks).
        countries: Country of each track, numbered from 0, shape (tracks,).
        seed: Seed of the resampling.

    Returns:
        `<split>/<name>` with `_low`, `_high` and `_sd`, and the numbers of countries and tracks behind it.
    """
    of_track = values.mean(axis=0)
    low, high = _interval(of_track, countries, seed)
    return {
        f"{split}/{name}": float(of_track.mean()),
        f"{split}/{name}_low": low,
        f"{split}/{name}_high": high,
        f"{split}/{name}_sd": float(values.mean(axis=1).std(ddof=1)) if len(values) > 1 else 0.0,
        f"{split}/countries": float(countries.max() + 1),
        f"{split}/tracks": float(len(of_track)),
    }


def hits(answers: IntArray | BoolArray, truth: IntArray | BoolArray) -> FloatArray:
    """1 where an answer is right, else 0, shape (repeats, tracks)."""
    return np.asarray(answers == truth, dtype=np.float64)


def of_tracks(question: Question, answers: FloatArray) -> FloatArray:
    """Score of each held-out answer: right or wrong, or the distance in km, shape (repeats, tracks)."""
    judged = kind_of(question).judge(question.target, answers)
    if question.kind == PLACE:
        return great_circle_km(judged.decided, judged.truth)
    return hits(judged.decided, judged.truth)


def majority_share(truth: IntArray | BoolArray) -> float:
    """Accuracy of always answering the commonest label."""
    _, counts = np.unique(truth, return_counts=True)
    return float(counts.max() / len(truth))


def balanced_accuracy(hit: FloatArray, truth: IntArray | BoolArray) -> float:
    """Mean over labels of the share right, over all repeats."""
    of_track = hit.mean(axis=0)
    return float(np.mean([of_track[truth == label].mean() for label in np.unique(truth)]))


def difference(values: FloatArray, others: FloatArray, countries: IntArray, seed: int) -> dict[str, float]:
    """Mean difference of two scores on the same tracks, with its 95 % interval by resampling countries together."""
    of_track = (values - others).mean(axis=0)
    low, high = _interval(of_track, countries, seed)
    return {"value": float(of_track.mean()), "low": low, "high": high}


def without_music(question: Question, fold: IntArray) -> dict[str, FloatArray]:
    """Scores of answers that know the targets of the training tracks, shape (repeats, tracks) each.

    Args:
        question: About a side or a place.
        fold: The fold that held each track out, shape (repeats, tracks).
    """
    target = question.target
    names = (CENTRAL_PLACE, MEDIAN_PLACE) if question.kind == PLACE else (MAJORITY, COMMONEST)
    found = {name: np.zeros(fold.shape) for name in names}
    for repeat, of_track in enumerate(fold):
        for number in np.unique(of_track):
            held = of_track == number
            if question.kind == PLACE:
                central, median = central_place(target[~held])[0], median_place(target[~held])
                found[CENTRAL_PLACE][repeat, held] = great_circle_km(central, target[held])
                found[MEDIAN_PLACE][repeat, held] = great_circle_km(median, target[held])
            else:
                found[MAJORITY][repeat, held] = target[held] == _commonest(target[~held])
                found[COMMONEST][repeat, held] = target[held] == _commonest(target)
    return found


def _commonest(labels: Target) -> object:
    found, counts = np.unique(labels, return_counts=True)
    return found[counts.argmax()]


def _interval(of_track: FloatArray, countries: IntArray, seed: int) -> tuple[float, float]:
    """95 % bootstrap interval of the mean over tracks, resampling countries; the mean itself lies within."""
    sizes, sums = np.bincount(countries), np.bincount(countries, of_track)
    means = [weights.T @ sums / (weights.T @ sizes) for weights in resample_weights(len(sizes), seed)]
    low, high = np.percentile(np.concatenate(means), INTERVAL)
    return min(float(low), float(of_track.mean())), max(float(high), float(of_track.mean()))
