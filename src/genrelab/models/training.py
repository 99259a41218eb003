"""Train the models of a task, and sum up what came out.

Conventions: one result per model and variant of `Task.duplicates`. A model or a split that cannot be had is
noted and the rest goes on; finished results are handed over at once, so an interrupted training keeps them.

Tracking runs, registries and champions' aliases do not belong here: `on_result` is where they begin.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genrelab import progress
from genrelab.errors import GenrelabError
from genrelab.models.declaration import Model, TrainingSettings
from genrelab.models.fitting import Fitted, fit, spread
from genrelab.models.tasks import REMOVED, Task, TaskData, make_repeats, make_splits
from genrelab.references import references_for
from genrelab.scores import SCORES
from genrelab.splits import distinct_rows

THOROUGH = "thorough"
"""The budget that repeats the grouped split over five seeds, which costs five more fits a model."""


@dataclass(frozen=True)
class Trained:
    """All results of a task.

    Args:
        task: What is predicted.
        data: Its rows.
        results: One per model and variant, in the order of training; only the best candidate keeps its
            estimator.
        failures: What went wrong, by model or variant.
    """

    task: Task
    data: TaskData
    results: tuple[Fitted, ...]
    failures: dict[str, str]


def train_task(
    data: TaskData,
    task: Task,
    models: Sequence[Model],
    settings: TrainingSettings,
    on_result: Callable[[Fitted], None] = lambda _: None,
) -> Trained:
    """Fit and score every model on every variant of the rows.

    Args:
        data: From `genrelab.models.tasks.prepare`.
        task: What is predicted.
        models: From `genrelab.models.zoo`.
        settings: Seed, cores and budget.
        on_result: Called with each result as soon as it is there.

    Raises:
        GenrelabError: Not one model could be fitted.
    """
    results: list[Fitted] = []
    failures: dict[str, str] = {}
    total = len(models) * len(task.duplicates)
    with progress.track(f"training {task.name}", total, "models") as advance:
        for duplicates in task.duplicates:
            rows = variant_rows(data, duplicates)
            try:
                splits = make_splits(task, data, rows, settings.seed)
            except GenrelabError as error:
                failures[f"duplicates {duplicates}"] = str(error)
                continue
            for model in models:
                try:
                    result = fit(model, task, data, rows, splits, settings=settings, duplicates=duplicates)
                    if settings.budget == THOROUGH and duplicates == REMOVED:
                        other = spread(model, data, rows, make_repeats(task, data, rows), settings)
                        result = replace(result, scores={**result.scores, **other})
                except GenrelabError as error:
                    failures[f"{model.name}, duplicates {duplicates}"] = str(error)
                    continue
                on_result(result)
                results.append(result)
                del result
                results = _without_idle_estimators(task, results)
                advance(len(results), model.label)
    if not results:
        raise GenrelabError(
            f"no model of {task.name} could be trained",
            found="; ".join(f"{name}: {reason}" for name, reason in failures.items()) or "no models",
            do="mend what is named and train again",
        )
    return Trained(task, data, tuple(results), failures)


def variant_rows(data: TaskData, duplicates: str) -> npt.NDArray[np.int64]:
    """Rows of a variant: all of them, or one for each distinct set of features."""
    return distinct_rows(data.features) if duplicates == REMOVED else np.arange(len(data))


def best_candidate(trained: Trained) -> Fitted | None:
    """The result that may challenge the champion: the best macro F1 on the gate.

    Duplicates are removed where that was tried, so that no repeated track counts twice in the decision.
    None when no model but a baseline could be judged on the gate.
    """
    return _best(trained.task, trained.results)


def _best(task: Task, results: Sequence[Fitted]) -> Fitted | None:
    able = [
        result
        for result in results
        if result.duplicates == task.duplicates[-1]
        and not result.model.is_baseline
        and result.stored_split == task.gate
    ]
    return max(able, key=lambda result: result.scores[f"{task.gate}/macro_f1"], default=None)


def _without_idle_estimators(task: Task, results: Sequence[Fitted]) -> list[Fitted]:
    """The results, with the estimator of the best candidate alone."""
    best = _best(task, results)
    return [result if result is best else replace(result, estimator=None) for result in results]


def training_summary(trained: Sequence[Trained]) -> dict[str, list[dict[str, object]]]:
    """What the report shows of training, as plain JSON values."""
    return {"tasks": [_task_summary(one) for one in trained]}


def _task_summary(trained: Trained) -> dict[str, object]:
    return {
        "task": trained.task.name,
        "title": trained.task.title,
        "labels": list(trained.data.labels),
        "shown": trained.task.shown,
        "note": trained.data.note(),
        "failures": dict(trained.failures),
        "runs": [run_summary(result) for result in trained.results],
        "references": [reference.as_dict() for reference in references_for(trained.task.name)],
    }


def run_summary(result: Fitted) -> dict[str, object]:
    """What the report shows of one model, as plain JSON values."""
    return {
        "model": result.model.name,
        "label": result.model.label,
        "why": result.model.why,
        "duplicates": result.duplicates,
        "fitted_on": result.fitted_on,
        "rows": result.rows,
        "scores": {
            f"{split}/{name}": {
                "value": result.scores[f"{split}/{name}"],
                "low": result.scores[f"{split}/{name}_low"],
                "high": result.scores[f"{split}/{name}_high"],
            }
            for split in result.evaluations
            for name in SCORES
        },
        "baseline": {split: result.scores[f"{split}/baseline_accuracy"] for split in result.evaluations},
        "confusion": dict(result.confusion),
        "per_class": dict(result.per_class),
        "calibration": dict(result.calibration),
        "importances": list(result.importances),
        "importance_kind": result.model.importance,
        "coefficients": dict(result.coefficients),
        "params": dict(result.params),
        "fit_seconds": result.fit_seconds,
        "predict_ms_per_1000": result.predict_ms_per_1000,
    }
