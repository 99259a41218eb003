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
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.judged import Score, ValidationTarget
from genrelab.evaluation.results import Difference
from genrelab.evaluation.sign_flips import mean_difference
from genrelab.evaluation.thresholds import Thresholds, named
from genrelab.models import task
from genrelab.models.calibration import Calibration, calibrated, losses
from genrelab.models.declaration import Estimator, Model
from genrelab.models.on_folds import OnFolds, Published, calibrate, most_frequent, set_thresholds
from genrelab.models.zoo import baselines

FloatArray = npt.NDArray[np.float64]
Target = npt.NDArray[Any]
Labels = Sequence[Any]

HALF = Thresholds(0.5, {}, 0, 0, ())
"""What names labels where no thresholds could be chosen."""

OF_DECISIONS = {
    name: label_sets.SCORES[name] for name in ("hamming_loss", "subset_accuracy", "micro_f1", "macro_f1")
}
"""Scores of several labels that depend on nothing but which are named."""


@dataclass(frozen=True)
class TargetKind:
    """One kind of target; what is written here holds for a number.

    Args:
        loss: Name of the score by which the best model is chosen, on folds or else on the gate.
        scores: Every score by its metric name.
        baselines: Models that ignore the features, trained beside those of a task's family.
        has_labels: Whether predictions are probabilities of labels.
        is_explained: Whether a training searches parameters, and makes curves, importances and paired tests.
        publishes_all: Whether every model is judged on folds, baselines too, since what it answers is decided there.
    """

    loss: str
    scores: Mapping[str, Score] = field(default_factory=dict)
    baselines: tuple[Model, ...] = ()
    has_labels: bool = False
    is_explained: bool = False
    publishes_all: bool = False

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

    def varies(self, target: Target) -> bool:
        """Whether there is anything to predict."""
        return True

    def uses_folds(self, *, has_champion: bool) -> bool:
        """Whether models are judged on folds by artist, which choose the challenger and what is published."""
        return False

    def on_folds(
        self, predicted: FloatArray, truth: Target, labels: Labels, groups: Target, minimum_support: int
    ) -> OnFolds:
        """What a model publishes by, chosen on out-of-fold predictions of these rows.

        Raises:
            NotImplementedError: The kind does not use folds.
        """
        raise NotImplementedError

    def is_seen(self, held: Target, train: Target) -> npt.NDArray[np.bool_]:
        """Which targets of a fold say anything about a model that was fitted on others, shape (rows,)."""
        return np.ones(len(held), dtype=np.bool_)

    def publish(self, predicted: FloatArray, published_by: Published | None) -> FloatArray:
        """Published predictions; the model's own without anything to publish by."""
        return predicted

    def how_published(self) -> str:
        """What `publish` and `judge` did, in words."""
        return ""

    def judge(
        self,
        truth: Target,
        predicted: FloatArray,
        labels: Labels = (),
        published_by: Published | None = None,
    ) -> ValidationTarget:
        """Truth and published prediction, with what is decided."""
        return ValidationTarget(truth, predicted, predicted)

    def at_gate(self, judged: ValidationTarget) -> Target:
        """What the gate compares of a model: its predictions, or what it decides."""
        return judged.predicted

    def constant(self, target: Target, labels: Labels, published_by: Published | None) -> Target | None:
        """What the strongest model without features answers for every row, as `at_gate` gives it, of one row."""
        return None

    def compare(
        self, truth: Target, first: Target, second: Target, labels: Labels, *, groups: Target, seed: int
    ) -> dict[str, Difference]:
        """First minus second of two models by score, each from `at_gate`; the score that decides comes first.

        Raises:
            NotImplementedError: Tasks of the kind have no champion.
        """
        raise NotImplementedError

    def decode(self, decided: Target, labels: Labels) -> list[Any]:
        """Decisions as values of a column."""
        return list(decided.tolist())

    def column(self, target: Target) -> Target:
        """Targets as one column of a frame, for a data set's digest."""
        return target

    def evaluate(
        self,
        split: str,
        rows: ValidationTarget,
        labels: Labels,
        *,
        groups: Target,
        majority: str,
        seed: int,
        tree: GenreTree | None = None,
    ) -> dict[str, float]:
        """Every score with its interval, by MLflow metric name.

        Args:
            split: Name of the split.
            rows: From `judge`.
            labels: Labels of the task, in the order of the columns of the predictions.
            groups: Artist of each judged row.
            majority: The most frequent label of the training rows; empty where there is none.
            seed: Seed of the bootstrap.
            tree: Tree of the labels, where there is one.
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

    def uses_folds(self, *, has_champion: bool) -> bool:
        """Where there is a champion: a variant is only compared, and published by nothing."""
        return has_champion

    def on_folds(
        self, predicted: FloatArray, truth: Target, labels: Labels, groups: Target, minimum_support: int
    ) -> OnFolds:
        """A calibration."""
        return calibrate(predicted, truth, labels, groups)

    def is_seen(self, held: Target, train: Target) -> npt.NDArray[np.bool_]:
        """Those whose label occurs among the others."""
        return np.isin(held, np.unique(train))

    def publish(self, predicted: FloatArray, published_by: Published | None) -> FloatArray:
        """Calibrated probabilities."""
        return calibrated(predicted, published_by if isinstance(published_by, Calibration) else None)

    def how_published(self) -> str:
        """In words."""
        return "calibrated on folds by artist"

    def judge(
        self,
        truth: Target,
        predicted: FloatArray,
        labels: Labels = (),
        published_by: Published | None = None,
    ) -> ValidationTarget:
        """The number of the most probable label is answered, the first of several equal ones."""
        return ValidationTarget(truth, predicted, predicted.argmax(axis=-1))

    def constant(self, target: Target, labels: Labels, published_by: Published | None) -> Target | None:
        """Share of each label in the training rows, as if each had one row more, so that none is impossible."""
        if not isinstance(published_by, Calibration):
            return None
        shares = np.array([published_by.priors.get(label, 0.0) for label in labels])
        return np.asarray((len(target) * shares + 1) / (len(target) + len(labels)))

    def compare(
        self, truth: Target, first: Target, second: Target, labels: Labels, *, groups: Target, seed: int
    ) -> dict[str, Difference]:
        """The log loss decides, with the interval of its test; the other scores have those of a paired bootstrap."""
        codes = scores.validate(truth, first, labels)
        loss = mean_difference(losses(first, codes) - losses(second, codes), groups, seed)
        others = scores.compare(truth, first, second, labels, seed, groups=groups)
        return {self.loss: loss} | {name: one for name, one in others.items() if name != self.loss}

    def evaluate(
        self,
        split: str,
        rows: ValidationTarget,
        labels: Labels,
        *,
        groups: Target,
        majority: str,
        seed: int,
        tree: GenreTree | None = None,
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
    """A set of labels per row: a column of lists. A label is named from a threshold on, chosen on folds by artist."""

    def is_known(self, frame: pd.DataFrame, target: str) -> pd.Series:
        """Which rows have one label at least."""
        return frame[target].map(lambda labels: labels is not None and np.size(labels) > 0).astype(bool)

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """Which labels each row has, shape (rows, labels)."""
        sets = frame[target]
        given = np.concatenate(sets.tolist()) if len(sets) else np.empty(0)
        labels, places = np.unique(given, return_inverse=True)  # of one array: no loop over rows
        has = np.zeros((len(frame), len(labels)), dtype=np.bool_)
        has[np.repeat(np.arange(len(frame)), sets.map(len)), places] = True
        return has, tuple(labels.tolist())

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

    def varies(self, target: Target) -> bool:
        """Whether some label is there in one row and not in another."""
        return bool((target.any(axis=0) & ~target.all(axis=0)).any())

    def uses_folds(self, *, has_champion: bool) -> bool:
        """Always: thresholds are chosen there."""
        return True

    def on_folds(
        self, predicted: FloatArray, truth: Target, labels: Labels, groups: Target, minimum_support: int
    ) -> OnFolds:
        """Thresholds."""
        return set_thresholds(predicted, truth, labels, groups, minimum_support)

    def how_published(self) -> str:
        """In words."""
        return "thresholds chosen on folds by artist"

    def judge(
        self,
        truth: Target,
        predicted: FloatArray,
        labels: Labels = (),
        published_by: Published | None = None,
    ) -> ValidationTarget:
        """Every label that reaches its threshold is named; half where none was chosen."""
        thresholds = published_by if isinstance(published_by, Thresholds) else HALF
        return ValidationTarget(truth, predicted, named(predicted, labels, thresholds))

    def at_gate(self, judged: ValidationTarget) -> Target:
        """The named labels."""
        return judged.decided

    def constant(self, target: Target, labels: Labels, published_by: Published | None) -> Target | None:
        """The most frequent labels of the training rows, as many as have the highest mean Jaccard there."""
        return most_frequent(target)

    def compare(
        self, truth: Target, first: Target, second: Target, labels: Labels, *, groups: Target, seed: int
    ) -> dict[str, Difference]:
        """Mean Jaccard decides, with the interval of the same test as one label's log loss."""
        ours, theirs = (ValidationTarget(truth, one.astype(np.float64), one) for one in (first, second))
        gain = mean_difference(label_sets.jaccard(ours) - label_sets.jaccard(theirs), groups, seed)
        return {self.loss: gain} | judged.compare(OF_DECISIONS, ours, theirs, groups, seed)

    def evaluate(
        self,
        split: str,
        rows: ValidationTarget,
        labels: Labels,
        *,
        groups: Target,
        majority: str,
        seed: int,
        tree: GenreTree | None = None,
    ) -> dict[str, float]:
        """Those of the tree too, where there is one."""
        return judged.evaluate(split, label_sets.scores_for(tree, labels), rows, groups, seed)

    def column(self, target: Target) -> Target:
        """The number of labels of each row."""
        return np.asarray(target.sum(axis=1))

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
SEVERAL_LABELS = SeveralLabels(
    "jaccard", label_sets.SCORES, baselines.SEVERAL_LABELS, has_labels=True, publishes_all=True
)
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
