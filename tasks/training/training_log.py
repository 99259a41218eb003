"""Log one training to MLflow: a parent run with one child run per model and variant.

Each model is logged as soon as it is fitted, while the next one is being fitted, so an interrupted training keeps the
finished models. The content of a run is defined in `genrelab.analyses.training.runs`.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from mlflow.entities import DatasetInput

from genrelab.analyses.runs import NOTE
from genrelab.analyses.training.collection import model_of
from genrelab.analyses.training.runs import best_run, details_run, later_metrics, model_run, training_run
from genrelab.lake.version import TableVersion
from genrelab.models.candidates import cv_metrics
from genrelab.models.data import TaskData
from genrelab.models.declaration import TrainingSettings
from genrelab.models.fitting import Fitted
from genrelab.models.kinds import kind_of
from genrelab.models.task import Task
from genrelab.models.training import Trained, best_candidate
from tasks.tracking.client import TrackingClient, version_tags
from tasks.tracking.run_tree import add_to_run, log_tree
from tasks.tracking.ui_pages import run_page
from tasks.training.table_drift import metrics_of, tag_of


@dataclass(frozen=True)
class LoggedTraining:
    """A training whose models are logged.

    Args:
        tracking: MLflow.
        data: The rows of the task.
        versions: The versions of their tables, the main one first.
        settings: Seed and budget.
        run_ids: Id of the run of each model and variant.
    """

    tracking: TrackingClient
    data: TaskData
    versions: Sequence[TableVersion]
    settings: TrainingSettings
    run_ids: Mapping[tuple[str, str], str]


class TrainingLog:
    """The runs of one training.

    Args:
        tracking: MLflow.
        task: The task.
        data: The rows of the task.
        versions: The versions of its tables, the main one first.
        settings: Seed and budget.
    """

    def __init__(
        self,
        tracking: TrackingClient,
        task: Task,
        data: TaskData,
        versions: Sequence[TableVersion],
        settings: TrainingSettings,
    ) -> None:
        self.tracking, self.task, self.data, self.versions, self.settings = (
            tracking,
            task,
            data,
            tuple(versions),
            settings,
        )
        self.version = self.versions[0]
        self.datasets = [self._dataset(version) for version in self.versions]
        self.run_ids: dict[tuple[str, str], str] = {}
        self.parent = ""
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="training-log")
        self._pending: Future[None] | None = None

    def _dataset(self, version: TableVersion) -> DatasetInput:
        """The rows that the models are fitted on, with the columns that come from one of the tables."""
        target, own = self.task.target, self.task.columns.get(version.table)
        if own is None:  # the tree of the labels: no rows of a task
            return self.tracking.dataset(version)
        frame = self.data.features.assign(**{target: kind_of(self.task).column(self.data.target)})
        frame = frame[[name for name in frame.columns if name in own]]
        return self.tracking.dataset(version, frame, target if target in own else None)

    def __enter__(self) -> Self:
        run = training_run(self.task, self.data, self.version, self.settings)
        self.parent = self.tracking.start(self.task.experiment, run.name, {**self._tags(), **run.tags})
        self.tracking.log(self.parent, params=run.params, metrics=run.metrics)
        self.tracking.log_datasets(self.parent, self.datasets)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.wait()
        except BaseException as problem:
            error = error or problem
            raise
        finally:
            self._beside.shutdown()
            self.tracking.end(self.parent, error)

    def add(self, fitted: Fitted) -> None:
        """Log one fitted model with the data behind its scores, in the background.

        Only one model is logged at a time. An error is raised by the next call.
        """
        self.wait()
        self._pending = self._beside.submit(self._log, fitted)

    def wait(self) -> None:
        """Wait until the current model is logged."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def _log(self, fitted: Fitted) -> None:
        run = model_run(fitted, self.task, self.data, self.versions, self.settings)
        drift = metrics_of(self.tracking.home, self.task.columns, self.task.features, self._is_own)
        run = replace(run, metrics={**run.metrics, **drift})
        ids = log_tree(self.tracking, self.task.experiment, run, self.datasets, self._tags(), self.parent)
        self.run_ids[fitted.model.name, fitted.duplicates] = ids[run.key]

    def complete(self, trained: Trained) -> None:
        """Add results that came after the runs were logged: other samples of artists, perfect ECE, learning curves.

        The parent run gets the scores of the best candidate, so that trainings can be compared.
        """
        self.wait()
        for result in trained.results:
            if metrics := later_metrics(result):
                self.tracking.log(self.run_ids[result.model.name, result.duplicates], metrics=metrics)
        for candidate in trained.candidates:
            run = self.run_ids[candidate.model, self.task.duplicates[-1]]
            self.tracking.log(run, metrics=cv_metrics(candidate))
        best = best_candidate(trained)
        if best is not None:
            add_to_run(
                self.tracking, self.run_ids[best.model.name, best.duplicates], details_run(model_of(best))
            )
            add_to_run(self.tracking, self.parent, best_run(trained, best))
            self._link(self.run_ids[best.model.name, best.duplicates])

    def _link(self, best: str) -> None:
        """Add a link to the run of the best candidate to the description of the parent run."""
        found = self.tracking.client.get_run(self.parent)
        link = f"[Its run]({run_page(found.info.experiment_id, best)})"
        self.tracking.log(self.parent, tags={NOTE: f"{found.data.tags.get(NOTE, '')}\n\n{link}"})

    def _is_own(self, model: str) -> bool:
        """Whether a registered model is that of this training."""
        return model == self.task.name

    def _tags(self) -> dict[str, str]:
        """The tags of every run of this training."""
        drift = tag_of(self.tracking.home, self.task.columns, self._is_own)
        return version_tags(self.versions, self.task.rule_set) | {"drift": drift}
