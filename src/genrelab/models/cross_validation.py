"""Held-out predictions by repeated cross-validation: every model fitted on every fold, for targets of any kind.

Conventions: all models see the same folds. Features are an array and predictions are not rounded. What is asked of one
track several times (which country, which side) is several questions about the same rows.

Scoring the predictions and choosing among them do not belong here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from genrelab.models.declaration import Estimator, limit_threads
from genrelab.models.estimation import fit_rows
from genrelab.models.kinds import Target, kind_of
from genrelab.runtime import progress
from genrelab.runtime.engine import run_all

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Question:
    """What is predicted of each row.

    Args:
        kind: Name of the kind of target.
        target: Target of each row.
        labels: The labels, one column of the predictions each; none where the kind has none.
        fewest: Training rows that a label needs; rows of a rarer one train no model.
    """

    kind: str
    target: Target
    labels: Sequence[Any] = ()
    fewest: int = 1

    def usable(self, training: IntArray) -> IntArray:
        """Those of some training rows whose label is frequent enough."""
        if self.fewest < 2:  # noqa: PLR2004 - every row has one row at least
            return training
        _, code, sizes = np.unique(self.target[training], return_inverse=True, return_counts=True)
        return training[sizes[code] >= self.fewest]


@dataclass(frozen=True)
class HeldOut:
    """What every model predicts for rows it has not seen.

    Args:
        answers: By model: shape (repeats, rows, labels) of probabilities, or (repeats, rows, ...) of values.
        seconds: Fitting time of each model over all folds.
        fold: The fold that held each row out, shape (repeats, rows); the other rows trained what answers for it.
    """

    answers: dict[str, FloatArray]
    seconds: dict[str, float]
    fold: IntArray


Asked = Mapping[str, tuple[str, Estimator]]
"""By model: the question that it answers, and an unfitted estimator."""


def predict_held_out(
    questions: Mapping[str, Question],
    models: Callable[[int], Asked],
    features: FloatArray,
    strata: Target,
    *,
    repeats: int,
    folds: int,
    seed: int,
    cores: int,
    doing: str,
    groups: IntArray | None = None,
) -> HeldOut:
    """Fit every model on every fold and keep its predictions for the rows held out.

    Args:
        questions: By name.
        models: Makes the estimators from a seed.
        features: Shape (rows, features).
        strata: What folds keep in proportion, shape (rows,).
        repeats: How often the folds are drawn anew.
        folds: How many.
        seed: Seed; repeat number n draws its folds and makes its estimators by seed + n.
        cores: Processor cores; each works on a fold of its own.
        doing: What progress calls it.
        groups: Group of each row, shape (rows,): all rows of a group are held out together; at least as many groups
            as folds. Without them every row is held out by itself.
    """
    split = StratifiedKFold if groups is None else StratifiedGroupKFold
    fold = np.zeros((repeats, len(features)), dtype=np.int64)
    jobs = []
    for repeat in range(repeats):
        drawn = split(folds, shuffle=True, random_state=seed + repeat).split(features, strata, groups)
        for number, (training, held) in enumerate(drawn):
            fold[repeat, held] = number
            if len(held):  # few groups of unlike sizes may leave a fold empty
                jobs.append((repeat, training, held))
    answers: dict[str, FloatArray] = {}
    seconds: dict[str, float] = {}
    with progress.track(doing, len(jobs), "folds") as advance:
        given = [
            (questions, models(seed + repeat), features, training, held) for repeat, training, held in jobs
        ]
        # Processes: the many small fits of a fold would wait for Python's lock, which kept a quarter of two cores idle.
        found = run_all(_fit_fold, given, cores)
        for done, ((repeat, _, held), of_fold) in enumerate(zip(jobs, found, strict=True), start=1):
            for name, (answer, spent) in of_fold.items():
                empty = np.zeros((repeats, len(features), *answer.shape[1:]))
                answers.setdefault(name, empty)[repeat, held] = answer
                seconds[name] = seconds.setdefault(name, 0.0) + spent
            advance(done, f"repeat {repeat + 1} of {repeats}")
    return HeldOut(answers, seconds, fold)


def _fit_fold(
    questions: Mapping[str, Question],
    models: Asked,
    features: FloatArray,
    training: IntArray,
    held: IntArray,
) -> dict[str, tuple[FloatArray, float]]:
    """Predictions for the rows held out, and seconds of fitting, by model."""
    found = {}
    with limit_threads(1):  # the matrices are small
        for name, (asked, estimator) in models.items():
            what, kind = questions[asked], kind_of(questions[asked])
            rows = what.usable(training)
            fitted = fit_rows(estimator, kind, features[rows], what.target[rows], what.labels, name=name)
            answer = kind.predict(fitted.estimator, fitted.labels, features[held], what.labels)
            found[name] = answer, fitted.seconds
    return found
