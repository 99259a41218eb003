"""Kinds of targets that have labels: one of them per row, or a set.

What every kind says is in `genrelab.models.target_kind`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation import judged, label_sets, scores
from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.judged import Score, ValidationTarget
from genrelab.evaluation.results import Difference, Thresholds
from genrelab.evaluation.sign_flips import mean_difference
from genrelab.evaluation.thresholds import named
from genrelab.models.calibration import Calibration, calibrated, losses
from genrelab.models.declaration import Estimator
from genrelab.models.on_folds import OnFolds, Published, calibrate, most_frequent, set_thresholds
from genrelab.models.target_kind import FloatArray, Labels, Target, TargetKind, widened

HALF = Thresholds(0.5, {}, 0, 0, ())
"""What names labels where no thresholds could be chosen."""

OF_DECISIONS = {
    name: label_sets.SCORES[name] for name in ("hamming_loss", "subset_accuracy", "micro_f1", "macro_f1")
}
"""Scores of several labels that depend on nothing but which are named."""


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

    def scores_for(self, labels: Labels, tree: GenreTree | None) -> Mapping[str, Score]:
        """Those of the tree too, where there is one."""
        return label_sets.scores_for(tree, labels)

    def column(self, target: Target) -> Target:
        """The number of labels of each row."""
        return np.asarray(target.sum(axis=1), dtype=np.float64)  # MLflow warns of integer columns

    def decode(self, decided: Target, labels: Labels) -> list[Any]:
        """A tuple of labels for each row."""
        return [tuple(np.asarray(labels, dtype=object)[row].tolist()) for row in decided]
