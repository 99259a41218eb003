"""One training in MLflow: a parent run, and below it one run per model and variant.

Each model is logged as soon as it is done, so an interrupted training keeps what was finished; the next one is
fitted meanwhile.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from genrelab.models.declaration import TrainingSettings
from genrelab.models.explanation import IMPORTANCE
from genrelab.models.fitting import Fitted
from genrelab.models.tasks import Task, TaskData
from genrelab.models.training import Trained, best_candidate
from genrelab.table_version import TableVersion
from tasks.drift_status import metrics_of, tag_of
from tasks.figures import calibration_figure, confusion_figure, importance_figure
from tasks.model_card import model_card
from tasks.tracking import Door, version_tags

EXAMPLES = 5
FAST_PNG = {"pil_kwargs": {"compress_level": 1}}
"""Pictures half as large again take a quarter less time."""


class TrainingLog:
    """The runs of one training.

    Args:
        door: MLflow.
        task: What is predicted.
        data: The rows.
        version: The table version they come from.
        settings: Seed and budget.
    """

    def __init__(
        self, door: Door, task: Task, data: TaskData, version: TableVersion, settings: TrainingSettings
    ) -> None:
        self.door, self.task, self.data, self.version, self.settings = door, task, data, version, settings
        frame = data.features.assign(**{task.target: data.target})
        self.dataset = door.dataset(frame, version, task.target)
        self.run_ids: dict[tuple[str, str], str] = {}
        self.parent = ""
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="training-log")
        self._pending: Future[None] | None = None

    def __enter__(self) -> Self:
        title = f"{self.task.name} · {self.version.table} version {self.version.version}"
        self.parent = self.door.start(self.task.experiment, title, self._tags(model="all", duplicates="both"))
        self.door.log(
            self.parent,
            params={
                "budget": self.settings.budget,
                "seed": self.settings.seed,
                "rows": len(self.data),
                "without_features": self._without,
            },
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        state = "FAILED"
        try:
            self._wait()
            state = "FINISHED" if error is None else state
        finally:
            self._beside.shutdown()
            self.door.end(self.parent, state)

    def add(self, fitted: Fitted) -> None:
        """Log one fitted model with everything that its scores rest on, beside what goes on.

        No more than one is being logged at a time. What went wrong with it is raised by the next call.
        """
        self._wait()
        self._pending = self._beside.submit(self._log, fitted)

    def _wait(self) -> None:
        """Wait for the model that is being logged."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def _log(self, fitted: Fitted) -> None:
        tags = self._tags(model=fitted.model.name, duplicates=fitted.duplicates) | {
            "fitted_on": fitted.fitted_on
        }
        name = f"{fitted.model.name} · duplicates {fitted.duplicates}"
        run = self.door.start(self.task.experiment, name, tags, parent=self.parent)
        self.door.log(
            run,
            params={
                "seed": fitted.seed,
                "budget": self.settings.budget,
                "rows": fitted.rows,
                "features": ", ".join(fitted.features),
                "without_features": self._without,
                **fitted.params,
                **_search_params(fitted),
            },
            metrics={
                **fitted.scores,
                "fit_seconds": fitted.fit_seconds,
                "predict_ms_per_1000": fitted.predict_ms_per_1000,
                **_search_metrics(fitted),
                **metrics_of(self.door.home, self.task.columns, self.task.features),
            },
        )
        self.door.log_dataset(run, self.dataset)
        self._log_artifacts(run, fitted)
        self._log_trials(run, fitted)
        self.door.end(run)
        self.run_ids[fitted.model.name, fitted.duplicates] = run

    def complete(self, trained: Trained) -> None:
        """Add to the runs what was found after they were logged: other draws of artists, curves.

        The parent run takes the best candidate's scores, so that trainings can be compared with one another.
        """
        self._wait()
        for result in trained.results:
            if over_draws := _over_draws(result):
                self.door.log(self.run_ids[result.model.name, result.duplicates], metrics=over_draws)
        best = best_candidate(trained)
        if best is None or (best.model.name, best.duplicates) not in self.run_ids:
            return
        self._log_details(self.run_ids[best.model.name, best.duplicates], best)
        self.door.log(
            self.parent,
            metrics={name: value for name, value in best.scores.items() if name not in _over_draws(best)},
            tags={"best_model": best.model.name},
        )
        self.door.client.log_dict(self.parent, {"comparisons": trained.comparisons}, "comparisons.json")

    def card(self, fitted: Fitted) -> str:
        """The model card of a fitted model."""
        return model_card(fitted, self.task, self.data, self.version)

    def _tags(self, *, model: str, duplicates: str) -> dict[str, str]:
        return version_tags(self.version) | {
            "model": model,
            "task": self.task.predicts,
            "rule_set": self.task.rule_set,
            "duplicates": duplicates,
            "drift": tag_of(self.door.home, self.task.columns),
        }

    @property
    def _without(self) -> str:
        """The features that the task does without because rows lack them, in words."""
        return ", ".join(self.task.without) or "none"

    def _log_artifacts(self, run: str, fitted: Fitted) -> None:
        client = self.door.client
        client.log_text(run, self.card(fitted), "model_card.md")
        client.log_dict(run, dict(fitted.confusion), "confusion_matrix.json")
        client.log_dict(run, dict(fitted.per_class), "per_class_report.json")
        client.log_dict(run, dict(fitted.calibration), "calibration.json")
        client.log_dict(
            run,
            {
                "importance": IMPORTANCE,
                "features": list(fitted.importances),
                "coefficients": dict(fitted.coefficients),
            },
            "importances.json",
        )
        shown = self.task.shown
        if shown in fitted.confusion:
            accuracy = fitted.scores[f"{shown}/accuracy"]
            title = f"{fitted.model.label}: {accuracy:.1%} right, split {shown}"
            matrix = confusion_figure(fitted.confusion[shown], self.data.labels, title)
            client.log_figure(run, matrix, "confusion_matrix.png", save_kwargs=FAST_PNG)
            ece = fitted.scores[f"{shown}/ece"]
            curve = calibration_figure(
                fitted.calibration[shown],
                f"{fitted.model.label}: off by {ece:.3f} on average, split {shown}",
            )
            client.log_figure(run, curve, "calibration.png", save_kwargs=FAST_PNG)
        self._log_details(run, fitted)

    def _log_details(self, run: str, fitted: Fitted) -> None:
        """Importances as a picture, curves and densities as values."""
        client = self.door.client
        if fitted.importances:
            picture = importance_figure(fitted.importances, IMPORTANCE)
            client.log_figure(run, picture, "importances.png", save_kwargs=FAST_PNG)
        for name, value in fitted.details.items():
            client.log_dict(run, {name: value}, f"{name}.json")

    def _log_trials(self, run: str, fitted: Fitted) -> None:
        """The trials of a search as runs below the run of the model; once, where duplicates are removed."""
        if fitted.search is None or fitted.duplicates != self.task.duplicates[-1]:
            return
        tags = self._tags(model=fitted.model.name, duplicates=fitted.duplicates) | {
            # filtering runs by their task must not mix trials, which have other scores, with models
            "task": f"{self.task.predicts}-search",
            "fitted_on": f"folds of {fitted.search.rows:,} training rows of the gate, grouped by artist",
        }
        for number, trial in enumerate(fitted.search.trials):
            name = f"{fitted.model.name} · trial {number}" + (" (pinned)" if not trial.params else "")
            made = self.door.start(self.task.experiment, name, tags, parent=run)
            self.door.log(
                made,
                params=dict(trial.params),
                metrics={
                    "cv/accuracy": trial.accuracy,
                    "cv/accuracy_gain": trial.gain,
                    "cv/accuracy_gain_error": trial.gain_error,
                    "fit_seconds": trial.seconds,
                },
            )
            self.door.end(made)


def _over_draws(fitted: Fitted) -> dict[str, float]:
    """Mean and spread of its scores over other draws of artists, where they were made."""
    return {name: value for name, value in fitted.scores.items() if name.endswith(("_sd", "_seeds_mean"))}


def _search_params(fitted: Fitted) -> dict[str, Any]:
    if fitted.search is None:
        return {}
    return {"search": fitted.search.in_words(), "search_was_cut": fitted.search.was_cut}


def _search_metrics(fitted: Fitted) -> dict[str, float]:
    return {} if fitted.search is None else {"search_trials": float(len(fitted.search.trials))}


def example_rows(data: TaskData) -> Any:
    """A few rows that show what a stored model takes."""
    return data.features.head(EXAMPLES)
