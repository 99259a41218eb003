"""Find old runs and models in MLflow to remove, and the data that the remaining ones depend on.

Conventions: a training is removed or kept as a whole, the parent run with its child runs. Kept are all runs in a step
record (the report shows them), all runs of models that are kept, and everything younger than the limit. Only
experiments and models of this project are considered, because a server may have those of others.

On a remote server the deletion is requested; `mlflow gc` there frees its disk. In a local database they are deleted
immediately.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from genrelab.lake.lake import Lake
from genrelab.lake.lineage import training_version
from genrelab.lake.retention import Removal, size_of
from genrelab.runtime.home import Home
from genrelab.runtime.operations import Retention
from tasks.tracking.artifact_places import is_own, local_path
from tasks.tracking.client import TrackingClient, connect
from tasks.tracking.registry import ROLLED_BACK_AT, names_of, versions_of

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

OURS = ("table", "table_version", "git_commit")
"""Tags that every run of this project has."""
RUN_ID = re.compile(r'"([0-9a-f]{32})"')
"""An id of a run in a record, whatever key it stands under: clusterings keep several below `run_ids`."""
PARENT = "mlflow.parentRunId"
PAGE = 1_000


class Runs:
    """MLflow's runs and models, read once.

    Args:
        tracking: MLflow.
        champions: Number of models of each champion to keep.
        days: Age in days at which other runs and models are removed.
        now: The current time, with a time zone.
    """

    def __init__(self, tracking: TrackingClient, champions: int, days: int, now: datetime) -> None:
        self._door, self._days = tracking, days
        self._before = int((now - timedelta(days=days)).timestamp() * 1000)
        self.kept: list[ModelVersion] = []
        self.old_models: list[ModelVersion] = []
        for name in names_of(tracking):
            self._judge(name, champions)

    def _judge(self, name: str, champions: int) -> None:
        versions = [each for each in versions_of(self._door, name) if "table_version" in each.tags]
        aliased = {str(number) for number in self._door.client.get_registered_model(name).aliases.values()}
        champion = self._door.champion(name)
        newest = int(champion.version) if champion is not None else None
        line = [
            each
            for each in versions
            if each.tags.get("promoted") != "false" and (newest is None or int(each.version) <= newest)
        ]
        stay = aliased | {str(each.version) for each in line[:champions]}
        # a rolled-back version is kept, because identical models must not be promoted
        stay |= {str(each.version) for each in versions if ROLLED_BACK_AT in each.tags}
        for each in versions:
            is_old = int(each.creation_timestamp) < self._before
            (self.old_models if is_old and str(each.version) not in stay else self.kept).append(each)

    def protected_versions(self, lake: Lake, table: str) -> set[int]:
        """Return the versions of a table on which the kept models were trained.

        Their tags name the tables that were read; of all others, such as those behind a computed table, and for a model
        of an earlier version of genrelab, the newest version at that time is kept.
        """
        found = {int(model.tags["table_version"]) for model in self.kept if model.tags.get("table") == table}
        versions = lake.versions(table)
        for model in self.kept:
            made = datetime.fromtimestamp(int(model.creation_timestamp) / 1000, UTC)
            then = [each for each in versions if datetime.fromisoformat(each.published_at) <= made]
            found |= {then[0].version} if then else set()
            read = training_version(lake, table, model.tags, made)
            found |= {read.version} if read else set()
        return found

    def removals(self, home: Home) -> list[Removal]:
        """Return the models and trainings to remove."""
        models = [self._model_removal(str(each.name), str(each.version)) for each in self.old_models]
        return [*models, *self._old_trainings(home)]

    def _model_removal(self, name: str, version: str) -> Removal:
        why = f"older than {self._days} days, and no rollback needs it"
        return Removal("model", f"{name} version {version}", why, 0, lambda: self._door.forget(name, version))

    def _old_trainings(self, home: Home) -> list[Removal]:
        client = self._door.client
        experiments = client.search_experiments(max_results=PAGE)
        old = {
            run.info.run_id: run
            for experiment in experiments
            for run in self._old_runs(str(experiment.experiment_id))
        }
        if not old:
            return []
        names = {str(experiment.experiment_id): experiment.name for experiment in experiments}
        protected = {self._root(run_id, old) for run_id in self._named(home)}
        trainings: dict[str, list[Run]] = defaultdict(list)
        for run_id, run in old.items():
            trainings[self._root(run_id, old)].append(run)
        return [
            self._removal(root, runs, names)
            for root, runs in trainings.items()
            if root in old and root not in protected
        ]

    def _removal(self, root: str, runs: "list[Run]", names: Mapping[str, str]) -> Removal:
        head = next(run for run in runs if run.info.run_id == root)
        day = datetime.fromtimestamp(head.info.start_time / 1000, UTC).strftime("%Y-%m-%d")
        what = f"{names[head.info.experiment_id]}: {head.info.run_name} of {day}, {len(runs)} runs"
        sizes = (size_of(place) for run in runs if (place := self._place(run)))
        return Removal("run", what, f"older than {self._days} days", sum(sizes), lambda: self._forget(runs))

    def _old_runs(self, experiment: str) -> "Iterable[Run]":
        token = None
        while True:
            page = self._door.client.search_runs(
                [experiment], f"attributes.start_time < {self._before}", max_results=PAGE, page_token=token
            )
            yield from (run for run in page if all(tag in run.data.tags for tag in OURS))
            token = page.token
            if not token:
                return

    def _named(self, home: Home) -> set[str]:
        """Runs in a step record or of a model that is kept."""
        records = home.state.glob("*.json")
        found = {run_id for path in records for run_id in RUN_ID.findall(path.read_text(encoding="utf-8"))}
        return found | {str(model.run_id) for model in self.kept if model.run_id}

    def _root(self, run_id: str, known: "Mapping[str, Run]") -> str:
        """The top run of a training."""
        while True:
            run = known.get(run_id)
            if run is None:
                try:
                    run = self._door.client.get_run(run_id)
                except MlflowException:  # the database was lost in the meantime
                    return run_id
            above = run.data.tags.get(PARENT)
            if not above:
                return run_id
            run_id = above

    def _forget(self, runs: "Iterable[Run]") -> None:
        client = self._door.client
        store = client._tracking_client.store  # noqa: SLF001 - what `mlflow gc` uses; gc itself takes more than it is told
        for run in runs:
            client.delete_run(run.info.run_id)
            if hasattr(store, "_hard_delete_run"):
                if self._place(run) or local_path(run.info.artifact_uri) is None:
                    get_artifact_repository(run.info.artifact_uri).delete_artifacts()
                store._hard_delete_run(run.info.run_id)  # noqa: SLF001 - see above

    def _place(self, run: "Run") -> Path | None:
        """Folder of a run's files; None if it is outside the home, where nothing is ever deleted."""
        path = local_path(run.info.artifact_uri)
        return path if is_own(self._door.home, path) else None


def runs_of(home: Home, rules: Retention, now: datetime) -> Runs:
    """Return MLflow's runs and models for the retention rules."""
    return Runs(connect(home), rules.champions, rules.runs_days, now)
