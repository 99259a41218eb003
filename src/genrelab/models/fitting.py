"""Fit one model on the training rows of each split and score it there.

Conventions: splits that share their training rows share one fit. The estimator that is kept is the one fitted
for the split that promotion reads. Probabilities have one column per label of the task, also for labels that
the training rows lack (0 there).

Which splits there are does not belong here but in `genrelab.models.tasks`; opening a tracking run does not
belong here at all.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab import scores
from genrelab.errors import GenrelabError
from genrelab.models.declaration import Estimator, Model, TrainingSettings
from genrelab.models.explanation import coefficients, importances
from genrelab.models.tasks import Task, TaskData
from genrelab.splits import Split

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

DECIMALS = 12
"""Threads add up the trees of a forest in any order; rounding makes the same seed give the same
prediction."""


class ModelError(GenrelabError):
    """A model cannot be fitted or applied."""


@dataclass(frozen=True)
class Evaluation:
    """A model judged on one split.

    Args:
        split: Name.
        rows: The judged rows, as positions in `TaskData`.
        y_true: Their labels.
        proba: Probability of each label of the task, shape (rows, labels).
        train_rows: How many rows the model was fitted on.
        majority: The most frequent label among those.
    """

    split: str
    rows: IntArray
    y_true: npt.NDArray[np.str_]
    proba: FloatArray
    train_rows: int
    majority: str


@dataclass(frozen=True)
class Fitted:
    """A model, fitted and judged: all that a tracking run records.

    Args:
        model: Its declaration.
        duplicates: `kept` or `removed`.
        rows: Rows that were split.
        fitted_on: The training rows of each split, in words.
        stored_split: The split whose training rows `estimator` was fitted on.
        estimator: The fitted estimator; predicts numbers that stand for `labels`. None once training went on,
            unless the result may challenge the champion: all forests together would not fit into memory.
        labels: What the numbers stand for.
        features: Its input columns, in order.
        params: Its parameters as plain values.
        seed: Seed of model and bootstrap.
        scores: Every metric by its MLflow name, without those of time.
        evaluations: Truth and probabilities by split.
        confusion: Confusion matrix by split, labels of the task in order.
        per_class: Per-class report by split.
        calibration: Bins of the calibration curve by split.
        importances: Features by importance, largest first.
        coefficients: Coefficients by label, for linear models.
        fit_seconds: Time to fit `estimator`.
        predict_ms_per_1000: Time to predict 1,000 rows with it.
    """

    model: Model
    duplicates: str
    rows: int
    fitted_on: str
    stored_split: str
    estimator: Estimator
    labels: tuple[str, ...]
    features: tuple[str, ...]
    params: Mapping[str, Any]
    seed: int
    scores: Mapping[str, float]
    evaluations: Mapping[str, Evaluation]
    confusion: Mapping[str, list[list[int]]]
    per_class: Mapping[str, list[dict[str, float | str]]]
    calibration: Mapping[str, list[dict[str, float]]]
    importances: list[dict[str, float | str]]
    coefficients: Mapping[str, dict[str, float]]
    fit_seconds: float
    predict_ms_per_1000: float


def fit(
    model: Model,
    task: Task,
    data: TaskData,
    rows: IntArray,
    splits: Sequence[Split],
    *,
    settings: TrainingSettings,
    duplicates: str,
    on_fit: Callable[[], None] = lambda: None,
) -> Fitted:
    """Fit a model for each split and score it.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        rows: Those that the splits divide.
        splits: At least one; indices count within `rows`.
        settings: Seed, cores and budget.
        duplicates: Whether `rows` holds duplicates: `kept` or `removed`.
        on_fit: Called after each fit, for progress.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    stored = task.gate if task.gate in {split.name for split in splits} else splits[-1].name
    evaluations: dict[str, Evaluation] = {}
    kept: _FittedOn | None = None
    for training in _by_training_rows(splits):
        fitted, judged = _fit_and_judge(model, data, rows, training, settings)
        evaluations |= judged
        kept = fitted if stored in judged else kept
        del fitted  # a forest of 400 trees takes 600 MB: one at a time
        on_fit()
    if kept is None:
        raise ValueError(f"{model.name}: no split to fit on")
    shown = {split.name: evaluations[split.name] for split in splits}
    counted = {name: scores.count(one.y_true, one.proba, data.labels) for name, one in shown.items()}
    return Fitted(
        model=model,
        duplicates=duplicates,
        rows=len(rows),
        fitted_on=_fitted_on(shown),
        stored_split=stored,
        estimator=kept.estimator,
        labels=kept.labels,
        features=tuple(data.features.columns),
        params=plain_params(kept.estimator),
        seed=settings.seed,
        scores={
            name: value
            for one in shown.values()
            for name, value in scores.evaluate(
                one.split, one.y_true, one.proba, data.labels, settings.seed, majority=one.majority
            ).items()
        },
        evaluations=shown,
        confusion={name: scores.confusion_matrix(one) for name, one in counted.items()},
        per_class={name: scores.per_class(one, data.labels) for name, one in counted.items()},
        calibration={name: scores.calibration_bins(one) for name, one in counted.items()},
        importances=importances(kept.estimator, task.features),
        coefficients=coefficients(kept.estimator, task.features, kept.labels),
        fit_seconds=kept.seconds,
        predict_ms_per_1000=_time_prediction(kept, data.features.iloc[shown[stored].rows]),
    )


def spread(
    model: Model,
    data: TaskData,
    rows: IntArray,
    repeats: Sequence[Split],
    settings: TrainingSettings,
) -> dict[str, float]:
    """Standard deviation of every score over other draws of artists: `grouped/<metric>_sd`.

    Args:
        model: Its declaration.
        data: The rows of the task.
        rows: Those that the repeats divide.
        repeats: From `genrelab.models.tasks.make_repeats`; fewer than two tell nothing.
        settings: Seed, cores and budget.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    if len(repeats) < 2:  # noqa: PLR2004 - one value has no spread
        return {}
    counted = []
    for split in repeats:
        one = _fit_and_judge(model, data, rows, [split], settings)[1][split.name]
        counted.append(scores.count(one.y_true, one.proba, data.labels))
    return {
        f"grouped/{name}_sd": float(np.std([score(one) for one in counted], ddof=1))
        for name, score in scores.SCORES.items()
    }


def probabilities(
    estimator: Estimator,
    own_labels: Sequence[str],
    features: pd.DataFrame,
    labels: Sequence[str],
) -> FloatArray:
    """Probability of each of `labels`, shape (rows, labels).

    Args:
        estimator: A fitted estimator of this package.
        own_labels: What its numbers stand for.
        features: Its input columns.
        labels: The labels wanted; one that the estimator never saw gets 0, one that is not wanted is dropped.

    Raises:
        ModelError: The estimator was fitted on other columns.
    """
    try:
        own = np.asarray(estimator.predict_proba(features), dtype=np.float64)
    except ValueError as error:
        wanted = getattr(estimator, "feature_names_in_", None)
        raise ModelError(
            "the model cannot be applied to these rows",
            found=", ".join(map(str, features.columns)),
            allowed=str(error) if wanted is None else ", ".join(map(str, wanted)),
            do="train a model on these columns",
        ) from error
    wide = np.zeros((len(features), len(labels)))
    place = {label: number for number, label in enumerate(labels)}
    for column, label in enumerate(own_labels):
        if label in place:
            wide[:, place[label]] = own[:, column]
    return np.round(wide, DECIMALS)


def plain_params(estimator: Estimator) -> dict[str, str | int | float | bool]:
    """Parameters of an estimator and its steps that are plain values and set."""
    return {
        name: value
        for name, value in sorted(estimator.get_params(deep=True).items())
        if isinstance(value, str | int | float | bool) and not (isinstance(value, float) and np.isnan(value))
    }


@dataclass(frozen=True)
class _FittedOn:
    """An estimator and the rows it was fitted on."""

    estimator: Estimator
    labels: tuple[str, ...]
    seconds: float
    train_rows: int
    majority: str


def _by_training_rows(splits: Sequence[Split]) -> list[list[Split]]:
    """Splits in groups that share their training rows, in the order given."""
    groups: dict[bytes, list[Split]] = {}
    for split in splits:
        groups.setdefault(split.train.tobytes(), []).append(split)
    return list(groups.values())


def _fit_and_judge(
    model: Model, data: TaskData, rows: IntArray, splits: Sequence[Split], settings: TrainingSettings
) -> tuple[_FittedOn, dict[str, Evaluation]]:
    """Fit once for splits that share their training rows, and judge each."""
    fitted = _fit_once(model, data, rows[splits[0].train], settings)
    return fitted, {split.name: _judge(fitted, data, split.name, rows[split.test]) for split in splits}


def _fit_once(model: Model, data: TaskData, rows: IntArray, settings: TrainingSettings) -> _FittedOn:
    labels, codes, sizes = np.unique(data.target[rows], return_inverse=True, return_counts=True)
    if len(labels) < 2:  # noqa: PLR2004 - one label leaves nothing to learn
        raise ModelError(
            f"{model.name} cannot be fitted",
            found=f"{len(rows)} training rows, all {labels[0]}",
            allowed="training rows of at least two labels",
            do="use more rows",
        )
    estimator = model.build(settings.seed, settings.cores, settings.budget)
    started = time.perf_counter()
    try:
        estimator.fit(data.features.iloc[rows], codes)
    except ValueError as error:
        raise ModelError(
            f"{model.name} cannot be fitted", found=str(error), do="check the features in this table"
        ) from error
    return _FittedOn(
        estimator=estimator,
        labels=tuple(labels.tolist()),
        seconds=time.perf_counter() - started,
        train_rows=len(rows),
        majority=str(labels[sizes.argmax()]),
    )


def _judge(fitted: _FittedOn, data: TaskData, split: str, rows: IntArray) -> Evaluation:
    return Evaluation(
        split=split,
        rows=rows,
        y_true=data.target[rows],
        proba=probabilities(fitted.estimator, fitted.labels, data.features.iloc[rows], data.labels),
        train_rows=fitted.train_rows,
        majority=fitted.majority,
    )


def _time_prediction(fitted: _FittedOn, features: pd.DataFrame) -> float:
    started = time.perf_counter()
    fitted.estimator.predict_proba(features)
    return (time.perf_counter() - started) / len(features) * 1e6


def _fitted_on(evaluations: Mapping[str, Evaluation]) -> str:
    """Training rows of the splits in words: `author 19,714; gate and grouped 24,162`."""
    names: dict[int, list[str]] = {}
    for name, one in evaluations.items():
        names.setdefault(one.train_rows, []).append(name)
    return "; ".join(f"{' and '.join(found)} {rows:,}" for rows, found in names.items())
