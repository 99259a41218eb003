"""Out-of-fold probabilities: each training row is predicted by a fit that has not seen its artist.

Candidates are chosen and calibrated on them.

Conventions: `FOLDS` folds keep every artist on one side. They depend on the rows and the seed alone, so all models of
a training see the same ones in whatever order they come. Each fit of a fold is a job of its own with plain arguments
(`fit_fold`): jobs may be done in any order, in any process. A blend has none: it is made from its parts' probabilities.

Gate and test rows have no place here. Which model is chosen does not belong here but in `genrelab.models.candidates`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from genrelab.models.blending import blended
from genrelab.models.data import TaskData, UnfitError, make_splits, variant_rows
from genrelab.models.declaration import Model, TrainingSettings, limit_threads, recipe_for
from genrelab.models.estimation import Chosen, fit_once, probabilities
from genrelab.models.kinds import ONE_LABEL, TargetKind, kind_of
from genrelab.models.task import Task
from genrelab.models.zoo import find_models

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

FOLDS = 4

Fold = tuple[IntArray, IntArray]
"""Rows to fit on and rows to predict, as positions in `TaskData`."""

Job = tuple[Model, Task, TaskData, Fold, TrainingSettings, Chosen]
"""Arguments of `fit_fold`."""

Run = Callable[[Callable[..., FloatArray], Iterable[Job]], Iterable[FloatArray]]
"""Does jobs and returns their results in order, as `itertools.starmap` does."""


def training_rows(task: Task, data: TaskData, seed: int) -> IntArray:
    """Rows that the split of the gate trains on, duplicates as in the last variant, as positions in `data`.

    Raises:
        GenrelabError: There is no such split, or one of its parts has no rows.
    """
    rows = variant_rows(data, task.duplicates[-1])
    splits = make_splits(task, data, rows, seed)
    return rows[next(split.train for split in splits if split.name == task.gate)]


def make_folds(task: Task, data: TaskData, rows: IntArray, seed: int) -> list[Fold]:
    """Folds of rows by artist, the labels in proportion; rows without an artist count as one artist's.

    Args:
        task: What is predicted.
        data: The rows of the task.
        rows: Training rows, as positions in `data`.
        seed: Seed of the draw.

    Raises:
        UnfitError: Fewer artists, or fewer rows of every label, than folds.
    """
    artists = pd.factorize(data.columns[task.group].to_numpy()[rows], use_na_sentinel=False)[0]
    strata = np.unique(kind_of(task).strata(data.target[rows]), return_inverse=True)[1]
    folder = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    try:
        with limit_threads(1):
            found = list(folder.split(rows, strata, artists))
    except ValueError as error:
        raise _too_few(task, artists, str(error)) from error
    if any(not len(held) or not len(train) for train, held in found):
        raise _too_few(task, artists, "a fold without rows")
    return [(rows[train], rows[held]) for train, held in found]


def _too_few(task: Task, artists: IntArray, why: str) -> UnfitError:
    count = len(np.unique(artists))
    return UnfitError(
        f"no model of {task.name} can be a candidate",
        found=f"{len(artists):,} training rows of {count:,} {'artist' if count == 1 else 'artists'} ({why})",
        allowed=f"at least {FOLDS} artists, and {FOLDS} rows of a label",
        do="use more artists; the models are trained and scored all the same",
    )


def out_of_fold(
    model: Model,
    task: Task,
    data: TaskData,
    rows: IntArray,
    settings: TrainingSettings,
    *,
    folds: Sequence[Fold] = (),
    chosen: Chosen | None = None,
    known: Mapping[str, FloatArray] | None = None,
    run: Run = starmap,
) -> FloatArray:
    """Probabilities of rows, each by a fit without its artist; shape (rows, labels), before any calibration.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        rows: Training rows, as positions in `data`.
        settings: Seed, cores and budget.
        folds: From `make_folds`, where they have been made.
        chosen: Parameters that searches found better than the pinned ones, by model.
        known: What this returned for parts of a blend, by model; the other parts are fitted.
        run: Does the jobs.

    Raises:
        UnfitError: See `make_folds`.
        ModelError: The estimator refuses a fold, or its training rows have one label.
    """
    if model.recipe is not None:
        parts = recipe_for(model, task.family).parts
        found = known or {}
        of_parts = [
            found[part.name]
            if part.name in found
            else out_of_fold(part, task, data, rows, settings, folds=folds, chosen=chosen, run=run)
            for part in find_models(list(parts))
        ]
        return blended(of_parts, list(parts.values()))
    folds = folds or make_folds(task, data, rows, settings.seed)
    jobs: list[Job] = [(model, task, data, fold, settings, chosen or {}) for fold in folds]
    place = np.empty(len(data), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    proba: FloatArray | None = None
    for (_, held), answer in zip(folds, run(fit_fold, jobs), strict=True):
        proba = np.zeros((len(rows), *answer.shape[1:])) if proba is None else proba
        proba[place[held]] = answer
    if proba is None:
        raise ValueError("no fold was fitted")
    return proba


def fit_fold(
    model: Model, task: Task, data: TaskData, fold: Fold, settings: TrainingSettings, chosen: Chosen
) -> FloatArray:
    """Fit a model on one side of a fold and predict the other one, in its order.

    Args:
        model: Its declaration; not a blend.
        task: What is predicted.
        data: The rows of the task.
        fold: From `make_folds`.
        settings: Seed, cores and budget.
        chosen: Parameters that searches found better than the pinned ones, by model.

    Raises:
        ModelError: The estimator refuses the rows, or all have the same label.
    """
    train, held = fold
    fitted = fit_once(model, task, data, train, settings, chosen)
    features = data.features[list(fitted.features)].iloc[held]
    return probabilities(fitted.estimator, fitted.labels, features, data.labels, kind_of(task))


def seen_labels(
    data: TaskData, rows: IntArray, folds: Sequence[Fold], kind: TargetKind = ONE_LABEL
) -> BoolArray:
    """Whether each row's label occurs among the rows that its fold was fitted on, shape (rows,).

    No model could give the others a probability; they say nothing about any.
    """
    seen = np.zeros(len(data), dtype=bool)
    for train, held in folds:
        seen[held] = kind.is_seen(data.target[held], data.target[train])
    return np.asarray(seen[rows])
