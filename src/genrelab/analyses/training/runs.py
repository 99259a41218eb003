"""Training in MLflow, as plain data: a parent run, below it one run per model and variant, below that its search.

A model is logged as soon as it is done, so that an interrupted training keeps what was finished; what is found later is
added to its run. So the tree is not one value but a run at a time.
"""

from collections.abc import Sequence
from dataclasses import replace

from genrelab.analyses.runs import NOTE, Run
from genrelab.analyses.training.collection import features_of, label_scores, model_of
from genrelab.analyses.training.model_card import model_card, short_card
from genrelab.analyses.training.pages.calibration import calibration_view
from genrelab.analyses.training.pages.charts import IMPORTANCE, OTHER, importance_view
from genrelab.analyses.training.pages.matrices import confusion_view
from genrelab.analyses.training.result import TrainedModel
from genrelab.lake.version import TableVersion
from genrelab.models.data import TaskData
from genrelab.models.declaration import TrainingSettings
from genrelab.models.fitting import Fitted
from genrelab.models.search import Search
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.models.training import Trained
from genrelab.report.figure import View
from genrelab.runtime.records import encode

THRESHOLD_CURVE = "cv/jaccard_by_threshold"
"""Metric of the Jaccard on folds by threshold; its step is the threshold in percent."""

MOST_FEATURES = 20
"""Bars of the picture of the importances."""


def training_run(task: Task, data: TaskData, version: TableVersion, settings: TrainingSettings) -> Run:
    """The parent run, as it is when the training begins."""
    return Run(
        task.name,
        task.name,
        tags={NOTE: f"{task.title}, from {version.table} version {version.version}. Not finished yet."}
        | _tags(task, "all", "both", data),
        params=_params(task, settings) | {"rows": len(data)},
        metrics=data.suspects.metrics() if data.suspects else {},
    )


def model_run(
    fitted: Fitted,
    task: Task,
    data: TaskData,
    versions: Sequence[TableVersion],
    settings: TrainingSettings,
) -> Run:
    """The run of a model, with everything that its scores rest on."""
    model, found, search = fitted.model, model_of(fitted), fitted.search
    of_search = {"search": search.in_words(), "search_was_cut": search.was_cut} if search else {}
    details = details_run(found)
    return Run(
        found.key,
        f"{model.label}, duplicates {fitted.duplicates}",
        tags=_tags(task, model.name, fitted.duplicates, data)
        | {"fitted_on": fitted.fitted_on, NOTE: short_card(fitted, task)},
        params={
            **_params(task, settings),
            "rows": fitted.rows,
            "features": ", ".join(fitted.features),
            **fitted.params,
            **of_search,
        },
        metrics={
            **fitted.scores,
            "fit_seconds": fitted.fit_seconds,
            "predict_ms_per_1000": fitted.predict_ms_per_1000,
            **({"search_trials": float(len(search.trials))} if search else {}),
        },
        curves={
            THRESHOLD_CURVE: [(round(one.threshold * 100), one.jaccard) for one in found.threshold_curve]
        },
        views={**_views(found, task.shown, data.labels), **details.views},
        files={
            "model_card.md": model_card(fitted, task, data, versions),
            **_files(fitted, task, data),
            **details.files,
        },
        # Trials stand once, where duplicates are removed.
        runs=_trials(fitted, search, task) if search and fitted.duplicates == task.duplicates[-1] else (),
    )


def _files(fitted: Fitted, task: Task, data: TaskData) -> dict[str, object]:
    """What the scores of a model rest on."""
    found = model_of(fitted)
    if task.kind == SEVERAL_LABELS:
        return {
            "per_label_report.json": encode(label_scores(fitted, task, data)),
            "thresholds.json": encode(found.thresholds) if found.thresholds else {},
        }
    return {
        "confusion_matrix.json": encode(found.confusion),
        "per_class_report.json": encode(found.per_class),
        "calibration.json": encode(found.calibration),
        "importances.json": {
            "importance": IMPORTANCE,
            "features": encode(found.importances),
            "coefficients": found.coefficients,
        },
    }


def _views(found: TrainedModel, split: str, labels: Sequence[str]) -> dict[str, list[list[View]]]:
    """Pictures of the answers on the shown split; a picture has no caption, so its title names model and split."""
    if split not in found.confusion:
        return {}
    right, off = (found.scores[f"{split}/{name}"].value for name in ("accuracy", "ece"))
    views = {
        "confusion_matrix.png": (confusion_view(found, split, labels), f"{right:.1%} right"),
        "calibration.png": (calibration_view(found, split), f"off by {off:.3f} on average"),
    }
    return {
        file: [[replace(view, title=f"{found.label}: {score_text}, split {split}")]]
        for file, (view, score_text) in views.items()
    }


def details_run(found: TrainedModel) -> Run:
    """What is found of the best candidate after it was logged: importances as a picture, curves as values."""
    values = {name: getattr(found, name) for name in ("densities", "validation_curve", "learning_curve")}
    views = {}
    if found.importances:
        view = importance_view(found, OTHER, MOST_FEATURES)
        title = f"{found.importances[0].feature} matters most: {IMPORTANCE}"
        views["importances.png"] = [[replace(view, title=title)]]
    return Run(
        found.key,
        found.name,
        views=views,
        files={f"{name}.json": {name: encode(value)} for name, value in values.items() if value},
    )


def best_run(trained: Trained, best: Fitted) -> Run:
    """What the parent run takes of the best candidate, so that trainings can be compared with one another."""
    draws = over_draws(best)
    return Run(
        trained.task.name,
        trained.task.name,
        tags={
            "best_model": best.model.name,
            NOTE: f"The best of {len(trained.results)} models on folds of the training rows:\n\n"
            + short_card(best, trained.task),
        },
        metrics={name: value for name, value in best.scores.items() if name not in draws},
        files={"comparisons.json": {"comparisons": encode(trained.comparisons)}},
    )


def over_draws(fitted: Fitted) -> dict[str, float]:
    """Mean and spread of its scores over other draws of artists, where they were made."""
    return _ending(fitted, "_sd", "_seeds_mean")


def later_metrics(fitted: Fitted) -> dict[str, float]:
    """The metrics that are found after a model was logged: over other draws, and the ECE of a perfect model."""
    return over_draws(fitted) | _ending(fitted, "ece_perfect_mean", "ece_perfect_p95")


def _ending(fitted: Fitted, *ends: str) -> dict[str, float]:
    return {name: value for name, value in fitted.scores.items() if name.endswith(ends)}


def _trials(fitted: Fitted, search: Search, task: Task) -> list[Run]:
    """The trials of a search."""
    tags = _tags(task, fitted.model.name, fitted.duplicates) | {
        # filtering runs by their task must not mix trials, which have other scores, with models
        "task": f"{task.predicts}-search",
        "fitted_on": f"folds of {search.rows:,} training rows of the gate, grouped by artist",
    }
    return [
        Run(
            f"{fitted.model.name}/trial {number}",
            f"{fitted.model.label}, trial {number}" + (" (pinned)" if not trial.params else ""),
            tags=tags,
            params=trial.params,
            metrics={
                "cv/accuracy": trial.accuracy,
                "cv/accuracy_gain": trial.gain,
                "cv/accuracy_gain_error": trial.gain_error,
                "fit_seconds": trial.seconds,
            },
        )
        for number, trial in enumerate(search.trials)
    ]


def _tags(task: Task, model: str, duplicates: str, data: TaskData | None = None) -> dict[str, str]:
    """Tags of a run.

    Of a sample also which one it is; of several labels also whose labels are predicted and from which features.
    """
    found = {"model": model, "task": task.predicts, "rule_set": task.rule_set, "duplicates": duplicates}
    if task.kind == SEVERAL_LABELS and data is not None:
        source = features_of(task)
        count = f" {data.features.shape[1]}" if source == "librosa" else ""
        found |= {"labels": task.target, "features": f"{source}{count}"}
    if data is not None and data.drawn:
        found["rows_drawn"] = data.drawn
    return found


def _params(task: Task, settings: TrainingSettings) -> dict[str, object]:
    """What every run says of its training; features are missing because rows lack them."""
    without = ", ".join(task.without) or "none"
    return {"budget": settings.budget, "seed": settings.seed, "without_features": without}
