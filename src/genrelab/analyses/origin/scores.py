"""Scores of held-out answers, with their intervals.

Conventions
    - Answers have shape (repeats, tracks). A score is the mean over both; its 95 % interval comes from
      resampling the tracks, each with all its repeats, since repeats are no new tracks. `sd` is the standard
      deviation over repeats: how much the drawing of folds alone moves the score.
    - Names follow MLflow: `cv/accuracy`, `cv/great_circle_km`, with `_low`, `_high`, `_sd`.
    - The baseline of accuracy answers the commonest label, that of distance the one place from which the
      tracks are least far away.
"""

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.geography import great_circle_km
from genrelab.models.cross_validation import Question
from genrelab.models.kinds import kind_of
from genrelab.models.task import PLACE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

RESAMPLES = 1_000
INTERVAL = (2.5, 97.5)
ACCURACY, DISTANCE = "accuracy", "great_circle_km"


def evaluate(name: str, values: FloatArray, seed: int) -> dict[str, float]:
    """Mean of a score over tracks and repeats, its interval and its spread.

    Args:
        name: Name of the score.
        values: One for each repeat and track, shape (repeats, tracks).
        seed: Seed of the resampling.

    Returns:
        `cv/<name>` with `_low`, `_high` and `_sd`.
    """
    of_track = values.mean(axis=0)
    low, high = _interval(of_track, seed)
    return {
        f"cv/{name}": float(of_track.mean()),
        f"cv/{name}_low": low,
        f"cv/{name}_high": high,
        f"cv/{name}_sd": float(values.mean(axis=1).std(ddof=1)) if len(values) > 1 else 0.0,
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


def difference(values: FloatArray, others: FloatArray, seed: int) -> dict[str, float]:
    """Mean difference of two scores on the same tracks, with its 95 % interval by resampling tracks together."""
    of_track = (values - others).mean(axis=0)
    low, high = _interval(of_track, seed)
    return {"value": float(of_track.mean()), "low": low, "high": high}


def _interval(of_track: FloatArray, seed: int) -> tuple[float, float]:
    """95 % bootstrap interval of the mean over tracks."""
    rng = np.random.default_rng(seed)
    means = [of_track[rng.integers(0, len(of_track), len(of_track))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, INTERVAL)
    return float(low), float(high)
