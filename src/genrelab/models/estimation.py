"""Fit an estimator on rows, and what it predicts for others.

Conventions: predictions are those of the kind of target (`genrelab.models.kinds`); probabilities have one column per
label wanted, also for labels that the training rows lack (0 there). What was fitted and judged before is remembered as
probabilities, not as estimators: a blend is made of them without fitting its parts again.

Which rows belong to which split does not belong here but in `genrelab.models.fitting`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.evaluation.samples import sample_groups
from genrelab.models.blending import Blend, blended
from genrelab.models.data import TaskData
from genrelab.models.declaration import (
    THOROUGH,
    Estimator,
    Model,
    TrainingSettings,
    limit_threads,
    make_estimator,
    recipe_for,
)
from genrelab.models.kinds import ONE_LABEL, Labels, Target, TargetKind, kind_of
from genrelab.models.task import Task
from genrelab.models.zoo import find_models
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

Chosen = Mapping[str, Mapping[str, Any]]
"""Parameters that a search found better than the pinned ones, by model."""

DECIMALS = 12
"""Threads add up the trees of a forest in any order; rounding makes the same seed give the same
prediction."""


MOST_NAMED = 5
"""Labels without a training row that are named."""


class ModelError(GenrelabError):
    """A model cannot be fitted or applied."""


@dataclass(frozen=True)
class FittedOn:
    """An estimator and the rows it was fitted on; without the estimator where only its time is remembered."""

    estimator: Estimator
    labels: tuple[Any, ...]
    features: tuple[str, ...]
    seconds: float
    train_rows: int
    majority: str
    how: str = ""
    predict_ms_per_1000: float = 0.0


Known = dict[tuple[str, bytes], tuple[FittedOn, dict[bytes, FloatArray]]]
"""What was judged before: by model and training rows, the fit (without its estimator) and the probabilities by
judged rows; a blend is made of it."""


def probabilities(
    estimator: Estimator,
    own_labels: Labels,
    features: pd.DataFrame,
    labels: Labels,
    kind: TargetKind = ONE_LABEL,
) -> FloatArray:
    """Probability of each of `labels`, shape (rows, labels), or what else the kind of target predicts.

    Args:
        estimator: A fitted estimator of this package.
        own_labels: What its numbers stand for.
        features: Its input columns.
        labels: The labels wanted; one that the estimator never saw gets 0, one that is not wanted is dropped.
        kind: The kind of target that it was fitted to.

    Raises:
        ModelError: The estimator was fitted on other columns.
    """
    try:
        found = kind.predict(estimator, own_labels, features, labels)
    except ValueError as error:
        wanted = getattr(estimator, "feature_names_in_", None)
        raise ModelError(
            "the model cannot be applied to these rows",
            found=", ".join(map(str, features.columns)),
            allowed=str(error) if wanted is None else ", ".join(map(str, wanted)),
            do="train a model on these columns",
        ) from error
    return np.round(found, DECIMALS)


def plain_params(estimator: Estimator) -> dict[str, str | int | float | bool]:
    """Parameters of an estimator and its steps that are plain values and set."""
    return {
        name: value
        for name, value in sorted(estimator.get_params(deep=True).items())
        if isinstance(value, str | int | float | bool) and not (isinstance(value, float) and np.isnan(value))
    }


def fit_known(
    model: Model,
    task: Task,
    data: TaskData,
    train: IntArray,
    tested: Sequence[IntArray],
    settings: TrainingSettings,
    chosen: Chosen,
    known: Known,
) -> tuple[FittedOn, list[FloatArray]]:
    """Fit a model, judge the rows, and remember the probabilities for the blends."""
    fitted = fit_once(model, task, data, train, settings, chosen)
    features = data.features[list(fitted.features)]
    started = time.perf_counter()
    probas = [
        probabilities(fitted.estimator, fitted.labels, features.iloc[part], data.labels, kind_of(task))
        for part in tested
    ]
    spent = time.perf_counter() - started
    fitted = replace(fitted, predict_ms_per_1000=spent / sum(map(len, tested)) * 1e6)
    remembered = known.setdefault((model.name, rows_key(train)), (replace(fitted, estimator=None), {}))[1]
    remembered |= {part.tobytes(): proba for part, proba in zip(tested, probas, strict=True)}
    return fitted, probas


def fit_blend(
    model: Model,
    task: Task,
    data: TaskData,
    train: IntArray,
    tested: Sequence[IntArray],
    settings: TrainingSettings,
    chosen: Chosen,
    known: Known,
) -> tuple[FittedOn, list[FloatArray]]:
    """The probabilities of a blend from those of its parts, fitted where they are not known."""
    recipe = recipe_for(model, task.family)
    parts: list[FittedOn] = []
    of_parts: list[list[FloatArray]] = []
    for part in find_models(list(recipe.parts)):
        before = known.get((part.name, rows_key(train)))
        if before is not None and all(rows.tobytes() in before[1] for rows in tested):
            parts.append(before[0])
            of_parts.append([before[1][rows.tobytes()] for rows in tested])
        else:
            fitted, probas = fit_known(part, task, data, train, tested, settings, chosen, known)
            parts.append(replace(fitted, estimator=None))
            of_parts.append(probas)
            del fitted
    weights = list(recipe.parts.values())
    probas = [
        np.round(blended([each[number] for each in of_parts], weights), DECIMALS)
        for number in range(len(tested))
    ]
    whole = replace(
        parts[0],
        seconds=sum(part.seconds for part in parts),
        predict_ms_per_1000=sum(part.predict_ms_per_1000 for part in parts),
    )
    return whole, probas


def rows_key(rows: IntArray) -> bytes:
    """The same for the same training rows, in whatever order."""
    return np.sort(rows).tobytes()


def columns_of(model: Model, data: TaskData) -> list[str]:
    """The features that a model is given."""
    return list(data.features.columns) if model.reads_text else data.numbers


def fit_once(
    model: Model,
    task: Task,
    data: TaskData,
    rows: IntArray,
    settings: TrainingSettings,
    chosen: Chosen,
) -> FittedOn:
    """Fit a model on rows, or on a sample of them where its declaration says so.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    all_rows = len(rows)
    if model.most_rows and settings.budget != THOROUGH and all_rows > model.most_rows:
        groups = data.columns[task.group].to_numpy()
        rows = sample_groups(rows, groups, model.most_rows, settings.seed)
    columns, kind = columns_of(model, data), kind_of(task)
    estimator = unfitted(model, task, settings, chosen)
    features = data.features[columns].iloc[rows]
    with limit_threads(settings.cores):
        fitted = fit_rows(estimator, kind, features, data.target[rows], data.labels, name=model.name)
    how = [f"a sample of {all_rows:,}"] if len(rows) < all_rows else []
    unseen = set(data.labels) - set(fitted.labels)
    if unseen and kind is not ONE_LABEL:
        first = [str(label) for label in sorted(unseen)][:MOST_NAMED]
        more = f" and {len(unseen) - MOST_NAMED} more labels" if len(unseen) > MOST_NAMED else ""
        how.append(f"no row of {', '.join(first)}{more}")
    return replace(fitted, features=tuple(columns), how=", ".join(how))


def fit_rows(
    estimator: Estimator, kind: TargetKind, features: Any, target: Target, labels: Labels, *, name: str
) -> FittedOn:
    """Fit an estimator to the targets of a kind.

    Args:
        estimator: Unfitted.
        kind: The kind of target.
        features: Shape (rows, features), a frame or an array.
        target: Targets of these rows.
        labels: Labels of the task; none where the kind has none.
        name: What an error calls the model.

    Raises:
        ModelError: The estimator refuses the rows, or all have the same label.
    """
    given, own = kind.encode(target, labels)
    if kind.has_labels and len(own) < 2:  # noqa: PLR2004 - one label leaves nothing to learn
        raise ModelError(
            f"{name} cannot be fitted",
            found=f"{len(target)} training rows, all {own[0]}",
            allowed="training rows of at least two labels",
            do="use more rows",
        )
    started = time.perf_counter()
    try:
        estimator.fit(features, given)
    except ValueError as error:
        raise ModelError(
            f"{name} cannot be fitted", found=str(error), do="check the features in this table"
        ) from error
    seconds = time.perf_counter() - started
    sizes = kind.rows_of_labels(target)
    majority = str(own[sizes.argmax()]) if kind is ONE_LABEL else ""
    return FittedOn(estimator, own, (), seconds, len(target), majority)


def unfitted(model: Model, task: Task, settings: TrainingSettings, chosen: Chosen) -> Estimator:
    """The estimator of a model, or of a blend with all its parts, before it is fitted."""
    if model.recipe is None:
        return make_estimator(model, task.family, settings, chosen.get(model.name))
    recipe = recipe_for(model, task.family)
    parts = find_models(list(recipe.parts))
    return Blend(
        {part.name: make_estimator(part, task.family, settings, chosen.get(part.name)) for part in parts},
        dict(recipe.parts),
    )
