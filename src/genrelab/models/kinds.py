"""Kinds of targets: one label, several labels, a number, a place.

A kind says how a column becomes what an estimator is fitted to and back, how rows are split at random, what a
prediction is, how it is scored and which score chooses. Everything else that trains is the same for all of them.

Conventions
    - Targets have one row per track: label codes or names (rows,), label sets (rows, labels) of booleans, numbers
      (rows,), places (rows, 2) of latitude and longitude in degrees.
    - An estimator of one label is fitted to numbers 0, 1, 2, ... and has `predict_proba`; one of several labels to a
      boolean matrix, and has it too; the others have `predict`.
    - Predictions are probabilities (rows, labels) where there are labels, else values shaped as the targets.

What is to be predicted from which table does not belong here but in `genrelab.models.tasks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation import judged, label_sets, numbers, places, scores
from genrelab.evaluation.judged import Score, ValidationTarget
from genrelab.evaluation.thresholds import STEPS, curve
from genrelab.models import task
from genrelab.models.declaration import Estimator, Model
from genrelab.models.zoo import baselines

FloatArray = npt.NDArray[np.float64]
Target = npt.NDArray[Any]
Labels = Sequence[Any]


@dataclass(frozen=True)
class TargetKind:
    """One kind of target; what is written here holds for a number.

    Args:
        loss: Name of the score by which the best model is chosen on the gate.
        scores: Every score by its metric name.
        baselines: Models that ignore the features, trained beside those of a task's family.
        has_labels: Whether predictions are probabilities of labels.
        is_explained: Whether a training searches parameters, and makes curves, importances and paired tests.
    """

    loss: str
    scores: Mapping[str, Score] = field(default_factory=dict)
    baselines: tuple[Model, ...] = ()
    has_labels: bool = False
    is_explained: bool = False

    def columns(self, target: str) -> list[str]:
        """Columns of a table that make up a target."""
        return [target]

    def is_known(self, frame: pd.DataFrame, target: str) -> pd.Series:
        """Which rows have a target."""
        return frame[self.columns(target)].notna().all(axis=1)

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """The targets of rows that have one, and the labels that occur among them, sorted."""
        return frame[target].to_numpy(dtype=np.float64), ()

    def rows_of_labels(self, target: Target) -> npt.NDArray[np.int64]:
        """Rows of each label, in the order of the labels."""
        return np.empty(0, dtype=np.int64)

    def strata(self, target: Target) -> Target:
        """What a random split keeps in proportion; nothing where all are the same."""
        return np.zeros(len(target), dtype=np.int64)

    def encode(self, target: Target, labels: Labels) -> tuple[Target, tuple[Any, ...]]:
        """What an estimator is fitted to, and the labels that its answers stand for: those that occur here."""
        return target, tuple(labels)

    def predict(self, estimator: Estimator, own_labels: Labels, features: Any, labels: Labels) -> FloatArray:
        """Predictions of a fitted estimator.

        Args:
            estimator: Fitted to what `encode` returned.
            own_labels: The labels that `encode` returned beside it.
            features: Its input, rows first.
            labels: The labels wanted, one column each; one that was never seen gets probability 0.
        """
        return np.asarray(estimator.predict(features), dtype=np.float64)

    def tune(self, truth: Target, predicted: FloatArray) -> dict[str, float]:
        """What is chosen on the gate before a prediction is judged: parameters of `judge`."""
        return {}

    def judge(self, truth: Target, predicted: FloatArray) -> ValidationTarget:
        """Truth and prediction, with what is decided."""
        return ValidationTarget(truth, predicted, predicted)

    def decode(self, decided: Target, labels: Labels) -> list[Any]:
        """Decisions as values of a column."""
        return list(decided.tolist())

    def evaluate(
        self, split: str, rows: ValidationTarget, labels: Labels, *, groups: Target, majority: str, seed: int
    ) -> dict[str, float]:
        """Every score with its interval, by MLflow metric name.

        Args:
            split: Name of the split.
            rows: From `judge`.
            labels: Labels of the task, in the order of the columns of the predictions.
            groups: Artist of each judged row.
            majority: The most frequent label of the training rows; empty where there is none.
            seed: Seed of the bootstrap.
        """
        return judged.evaluate(split, self.scores, rows, groups, seed)

    def rank(self, found: Mapping[str, float], split: str, truth: Target) -> tuple[float, ...]:
        """The larger, the better the model: its score that chooses, on the split that chooses."""
        value = found[f"{split}/{self.loss}"]
        return (-value if self.scores[self.loss].is_loss else value,)


class OneLabel(TargetKind):
    """One label per row; its scores are those of `genrelab.evaluation.scores`."""

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """Labels as text."""
        values = frame[target].to_numpy(dtype=str)
        return values, tuple(np.unique(values).tolist())

    def rows_of_labels(self, target: Target) -> npt.NDArray[np.int64]:
        """Rows of each label."""
        return np.unique(target, return_counts=True)[1]

    def strata(self, target: Target) -> Target:
        """The labels."""
        return target

    def encode(self, target: Target, labels: Labels) -> tuple[Target, tuple[Any, ...]]:
        """Numbers 0, 1, 2, ... without a gap, since XGBoost takes nothing else."""
        own, codes = np.unique(target, return_inverse=True)
        return codes, tuple(own.tolist())

    def predict(self, estimator: Estimator, own_labels: Labels, features: Any, labels: Labels) -> FloatArray:
        """Probabilities."""
        return widened(np.asarray(estimator.predict_proba(features), dtype=np.float64), own_labels, labels)

    def judge(self, truth: Target, predicted: FloatArray) -> ValidationTarget:
        """The number of the most probable label is answered, the first of several equal ones."""
        return ValidationTarget(truth, predicted, predicted.argmax(axis=-1))

    def evaluate(
        self, split: str, rows: ValidationTarget, labels: Labels, *, groups: Target, majority: str, seed: int
    ) -> dict[str, float]:
        """The scores of `genrelab.evaluation.scores`."""
        return scores.evaluate(
            split, rows.truth, rows.predicted, labels, seed, groups=groups, majority=majority
        )

    def decode(self, decided: Target, labels: Labels) -> list[Any]:
        """A label for each row."""
        return [labels[number] for number in decided]

    def rank(self, found: Mapping[str, float], split: str, truth: Target) -> tuple[float, ...]:
        """Log loss: a score that only true probabilities minimise."""
        return (-found[f"{split}/{self.loss}"],)


class SeveralLabels(TargetKind):
    """A set of labels per row: a column of lists. A label is named from a threshold on, chosen on the gate."""

    def is_known(self, frame: pd.DataFrame, target: str) -> pd.Series:
        """Which rows have one label at least."""
        return frame[target].map(lambda labels: labels is not None and np.size(labels) > 0).astype(bool)

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """Which labels each row has, shape (rows, labels)."""
        labels = sorted({label for given in frame[target] for label in given})
        has = [np.isin(labels, list(given)) for given in frame[target]]
        return np.array(has, dtype=np.bool_).reshape(len(frame), len(labels)), tuple(labels)

    def rows_of_labels(self, target: Target) -> npt.NDArray[np.int64]:
        """Rows of each label."""
        return np.asarray(target.sum(axis=0))

    def encode(self, target: Target, labels: Labels) -> tuple[Target, tuple[Any, ...]]:
        """The columns of the labels that occur: most estimators refuse one that never does."""
        seen = np.flatnonzero(target.any(axis=0))
        return target[:, seen].astype(np.int64), tuple(labels[column] for column in seen.tolist())

    def predict(self, estimator: Estimator, own_labels: Labels, features: Any, labels: Labels) -> FloatArray:
        """Probabilities of each label: a matrix, or from most of scikit-learn's estimators one array per label."""
        found = estimator.predict_proba(features)
        if isinstance(found, list):
            found = np.column_stack([of_label[:, -1] for of_label in found])
        return widened(np.asarray(found, dtype=np.float64), own_labels, labels)

    def tune(self, truth: Target, predicted: FloatArray) -> dict[str, float]:
        """The threshold of the highest Jaccard."""
        return {"threshold": STEPS[int(np.argmax(curve(truth, predicted)))]}

    def judge(self, truth: Target, predicted: FloatArray, threshold: float = 0.5) -> ValidationTarget:
        """Every label at least as probable as the threshold is named."""
        return ValidationTarget(truth, predicted, predicted >= threshold)

    def decode(self, decided: Target, labels: Labels) -> list[Any]:
        """A tuple of labels for each row."""
        return [tuple(np.asarray(labels, dtype=object)[row].tolist()) for row in decided]


class Place(TargetKind):
    """Latitude and longitude: a target `artist_` is the columns `artist_latitude` and `artist_longitude`."""

    def columns(self, target: str) -> list[str]:
        """Both columns."""
        return [f"{target}latitude", f"{target}longitude"]

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """Degrees, shape (rows, 2)."""
        return frame[self.columns(target)].to_numpy(dtype=np.float64), ()

    def predict(self, estimator: Estimator, own_labels: Labels, features: Any, labels: Labels) -> FloatArray:
        """Degrees, brought back onto the globe."""
        return super().predict(estimator, own_labels, features, labels).clip((-90, -180), (90, 180))


ONE_LABEL = OneLabel("log_loss", has_labels=True, is_explained=True)
SEVERAL_LABELS = SeveralLabels("jaccard", label_sets.SCORES, baselines.SEVERAL_LABELS, has_labels=True)
NUMBER = TargetKind("mae", numbers.SCORES, baselines.NUMBER)
PLACE = Place("great_circle_km", places.SCORES, baselines.PLACE)

KINDS: dict[str, TargetKind] = {
    task.ONE_LABEL: ONE_LABEL,
    task.SEVERAL_LABELS: SEVERAL_LABELS,
    task.NUMBER: NUMBER,
    task.PLACE: PLACE,
}
"""By the name that a task declares."""


class HasKind(Protocol):
    """A task, or a question of a cross-validation: it names its kind, since tasks import nothing heavy."""

    @property
    def kind(self) -> str:
        """Name of the kind."""


def kind_of(what: HasKind) -> TargetKind:
    """The kind of target that something declares."""
    return KINDS[what.kind]


def widened(own: FloatArray, own_labels: Labels, labels: Labels) -> FloatArray:
    """Columns of some labels as columns of others; a label that is not there gets 0."""
    wide = np.zeros((len(own), len(labels)))
    place = {label: number for number, label in enumerate(labels)}
    for column, label in enumerate(own_labels):
        if label in place:
            wide[:, place[label]] = own[:, column]
    return wide
