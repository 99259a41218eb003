"""What a kind of target says, and the kind of a number, which says the least.

A kind says how a column becomes what an estimator is fitted to and back, how rows are split at random, what a
prediction is, how it is scored, which score chooses, and what is published. Everything else that trains is the same for
all of them.

Conventions
    - Targets have one row per track: label codes or names (rows,), label sets (rows, labels) of booleans, numbers
      (rows,), places (rows, 2) of latitude and longitude in degrees.
    - An estimator of one label is fitted to numbers 0, 1, 2, ... and has `predict_proba`; one of several labels to a
      boolean matrix, and has it too; the others have `predict`.
    - Predictions are probabilities (rows, labels) where there are labels, else values shaped as the targets.

The kinds by name are in `genrelab.models.kinds`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation import judged
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.judged import Score, ValidationTarget
from genrelab.evaluation.results import Difference
from genrelab.models.declaration import Estimator, Model
from genrelab.models.on_folds import OnFolds, Published

FloatArray = npt.NDArray[np.float64]
Target = npt.NDArray[Any]
Labels = Sequence[Any]


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
            TypeError: The kind does not use folds.
        """
        raise TypeError(f"models judged by {self.loss} publish what they predict: nothing is chosen on folds")

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
            TypeError: Tasks of the kind have no champion.
        """
        raise TypeError(f"models judged by {self.loss} have no champion to be compared with")

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
        return judged.evaluate(split, self.scores_for(labels, tree), rows, groups, seed)

    def scores_for(self, labels: Labels, tree: GenreTree | None) -> Mapping[str, Score]:
        """Every score of a task with these labels."""
        return self.scores

    def rank(self, found: Mapping[str, float], split: str, truth: Target) -> tuple[float, ...]:
        """The larger, the better the model: its score that chooses, on the split that chooses."""
        value = found[f"{split}/{self.loss}"]
        return (-value if self.scores[self.loss].is_loss else value,)


def widened(own: FloatArray, own_labels: Labels, labels: Labels) -> FloatArray:
    """Columns of some labels as columns of others; a label that is not there gets 0."""
    wide = np.zeros((len(own), len(labels)))
    place = {label: number for number, label in enumerate(labels)}
    for column, label in enumerate(own_labels):
        if label in place:
            wide[:, place[label]] = own[:, column]
    return wide
