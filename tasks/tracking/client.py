"""MLflow's one door: experiments, runs, datasets, stored models and the champion's alias.

The contract (names of experiments, tags and metrics) stands in docs/architecture.md. The database is SQLite under
`mlruns/` unless MLFLOW_TRACKING_URI names another server; every experiment has an explicit artifact location, or
artifacts would land under the current directory. What a score means does not belong here.
"""

import contextlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when mlflow is imported
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # progress is ours to tell

import mlflow
import mlflow.artifacts
import mlflow.data
import numpy as np
import numpy.typing as npt
from mlflow import MlflowClient
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.utils.logging_utils import disable_logging

from genrelab.lake.version import TableVersion
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import first_line, mask
from tasks.run.checkout import git_commit
from tasks.tracking.artifact_places import correct_addresses, is_own, local_path
from tasks.tracking.place import ALIAS, TrackingError, database, require_answer, tracking_uri
from tasks.tracking.recovery import repair_tracking

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities.model_registry import ModelVersion
    from sklearn.base import BaseEstimator

LONGEST_PARAM = 500
LONGEST_CAUSE = 200
MODEL_FILE = "model.skops"
LOGGED_MODEL = "models:/"
"""What the address of a version's files begins with."""


class StoredModelError(GenrelabError):
    """A registered model cannot be loaded."""


@dataclass(frozen=True)
class TrackingClient:
    """A connection to MLflow.

    Args:
        client: The client.
        home: Where the default database and artifacts lie.
    """

    client: MlflowClient
    home: Home

    @property
    def uri(self) -> str:
        """Address of the server."""
        return str(self.client.tracking_uri)

    def experiment(self, name: str) -> str:
        """Id of an experiment, made when it is not there."""
        found = self.client.get_experiment_by_name(name)
        if found is not None:
            self._require_below(name, str(found.artifact_location))
            return str(found.experiment_id)
        location = None
        if not self.uri.startswith("http"):  # a server has a place of its own
            location = (self.home.mlruns / "artifacts" / name).as_uri()
        # The UI opens an experiment of this kind on its training runs, any other on pages for language models.
        kind = {"mlflow.experimentKind": "custom_model_development"}
        return str(self.client.create_experiment(name, artifact_location=location, tags=kind))

    def _require_below(self, name: str, location: str) -> None:
        """Refuse to write outside of the home: every file of a run lies below the place of its experiment."""
        path = local_path(location)
        if database(self.home) is None or path is None or is_own(self.home, path):
            return
        raise GenrelabError(
            f"the files of the experiment {name} would be written outside of this home",
            found=location,
            allowed=f"a folder below {self.home.mlruns / 'artifacts'}",
            do=f"rename the experiment in MLflow, or move its files below {self.home.mlruns / 'artifacts'} and "
            "its location with them",
        )

    def start(self, experiment: str, name: str, tags: Mapping[str, str], parent: str = "") -> str:
        """Start a run; returns its id."""
        below = {"mlflow.parentRunId": parent} if parent else {}
        run = self.client.create_run(self.experiment(experiment), run_name=name, tags={**tags, **below})
        return str(run.info.run_id)

    def log(
        self,
        run: str,
        *,
        params: Mapping[str, object] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Parameters, metrics and tags of a run, in one call."""
        now = int(time.time() * 1000)
        self.client.log_batch(
            run,
            metrics=[Metric(name, float(value), now, 0) for name, value in (metrics or {}).items()],
            params=[Param(name, str(value)[:LONGEST_PARAM]) for name, value in (params or {}).items()],
            tags=[RunTag(name, value) for name, value in (tags or {}).items()],
        )

    def dataset(self, frame: "pd.DataFrame", version: TableVersion, target: str | None) -> DatasetInput:
        """Rows that runs are fitted on, with the table version they come from.

        MLflow looks at every value to describe the columns, 1 s for 35,000 rows: made once for all runs.
        """
        source = FileSystemDatasetSource.from_dict({"uri": (self.home.lake / version.table).as_uri()})
        dataset = mlflow.data.from_pandas(
            frame, source=source, targets=target, name=f"{version.table}@{version.version}"
        )
        entity = dataset._to_mlflow_entity()  # noqa: SLF001 - the client has no public way to log a dataset
        return DatasetInput(entity, [InputTag("mlflow.data.context", "training")])

    def log_dataset(self, run: str, dataset: DatasetInput) -> None:
        """The rows that a run was fitted on, from `dataset`."""
        self.client.log_inputs(run, [dataset])

    def end(self, run: str, status: str = "FINISHED") -> None:
        """End a run."""
        self.client.set_terminated(run, status)

    def store_model(
        self,
        run: str,
        name: str,
        estimator: "BaseEstimator",
        example: "pd.DataFrame",
        trusted: Sequence[str],
        tags: Mapping[str, str],
        description: str,
    ) -> str:
        """Store a fitted estimator without pickle and register it; returns the version.

        Raises:
            TooLargeError: It takes more room than a stored model may.
        """
        from tasks.tracking import skops_flavor  # noqa: PLC0415 - takes scikit-learn, as below

        logging.getLogger("mlflow").setLevel(logging.ERROR)  # it warns of pip's own version
        data = self.client.get_run(run)
        # Left to itself, MLflow files a model under its default experiment, below the current directory.
        model = self.client.create_logged_model(
            data.info.experiment_id, name=name, source_run_id=run, params=data.data.params
        )
        try:
            info = Model.log(
                artifact_path=None,
                name=name,
                run_id=run,
                model_id=model.model_id,
                flavor=skops_flavor,
                sk_model=estimator,
                serialization_format="skops",
                skops_trusted_types=list(trusted),
                signature=infer_signature(example, estimator.predict_proba(example)),
                input_example=example,
                pip_requirements=["scikit-learn", "skops", "xgboost-cpu"],
                pyfunc_predict_fn="predict_proba",
            )
        except skops_flavor.TooLargeError:
            self.client.delete_logged_model(model.model_id)
            raise
        with contextlib.suppress(MlflowException):  # it is there already
            self.client.create_registered_model(name)
        made = self.client.create_model_version(
            name,
            source=info.model_uri,
            run_id=run,
            tags=dict(tags),
            description=description,
            model_id=info.model_id,
        )
        return str(made.version)

    def champion(self, name: str) -> "ModelVersion | None":
        """The registered version that carries the alias `champion`, or None."""
        try:
            return self.client.get_model_version_by_alias(name, ALIAS)
        except MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                return None
            raise

    def load(self, name: str, version: str, trusted: Sequence[str]) -> "BaseEstimator":
        """A stored estimator, read by skops with the types that our own code names; nothing is ever unpickled.

        MLflow's own loader trusts the types that the stored model itself names.

        Raises:
            StoredModelError: The files are gone, damaged, or hold anything else.
        """
        import skops.io  # noqa: PLC0415 - only where a model is loaded

        try:
            folder = mlflow.artifacts.download_artifacts(f"models:/{name}/{version}", tracking_uri=self.uri)
            return skops.io.load(Path(folder) / MODEL_FILE, trusted=list(trusted))
        except Exception as error:  # a damaged archive fails in zipfile, json, numpy, skops or scikit-learn
            raise StoredModelError(
                f"version {version} of {name} cannot be loaded",
                found=f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}",
                do="bring its files back, train again, or go back by `genrelab champion rollback`",
            ) from error

    def forget(self, name: str, version: str) -> None:
        """Take a version off the registry and remove its files where they lie in this home."""
        source = str(self.client.get_model_version(name, version).source)
        self.client.delete_model_version(name, version)
        if not source.startswith(LOGGED_MODEL):
            return
        model_id = source.removeprefix(LOGGED_MODEL)
        place = local_path(self.client.get_logged_model(model_id).artifact_location)
        self.client.delete_logged_model(model_id)
        if place is not None and is_own(self.home, place):
            shutil.rmtree(place, ignore_errors=True)

    def log_array(self, run: str, values: npt.NDArray[np.uint64], file: str) -> None:
        """An array as an artifact of a run."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            np.save(path, values, allow_pickle=False)
            self.client.log_artifact(run, str(path))

    def find_array(self, run: str, file: str) -> npt.NDArray[np.uint64] | None:
        """An array that `log_array` stored, or None when it is not there or cannot be read."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = self.client.download_artifacts(run, file, folder)
                found: npt.NDArray[np.uint64] = np.load(path, allow_pickle=False)
                return found
        except (MlflowException, OSError, ValueError):
            return None


def version_tags(version: TableVersion) -> dict[str, str]:
    """The tags of every run that say which rows and which code it stands on."""
    return {
        "table": version.table,
        "table_version": str(version.version),
        "git_commit": git_commit(),
        "sample": "true" if version.is_sample else "false",
    }


def connect(home: Home) -> TrackingClient:
    """Open MLflow; makes its database when there is none, and replaces one that is damaged.

    Raises:
        GenrelabError: Its database names places outside of the home, and cannot be corrected.
        TrackingError: The server or database that MLFLOW_TRACKING_URI names does not answer, or is no MLflow.
    """
    require_answer(home)
    repair_tracking(home)
    correct_addresses(home)
    disable_logging()  # progress is told by `genrelab.runtime.progress`, once
    logging.getLogger("alembic").setLevel(logging.WARNING)
    home.mlruns.mkdir(parents=True, exist_ok=True)
    uri = tracking_uri(home)
    given = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    if given is None:  # MLflow writes its address there too, where it would pass for a user's
        os.environ.pop("MLFLOW_TRACKING_URI", None)
    return TrackingClient(MlflowClient(uri) if database(home) else _named_client(uri), home)


def _named_client(uri: str) -> MlflowClient:
    """A client of the MLflow that is named, asked for a trifle once: by itself it would try for minutes."""
    tries = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
    before = os.environ.get(tries)
    os.environ[tries] = "0"
    try:
        client = MlflowClient(uri)
        client.search_experiments(max_results=1)
    except Exception as error:  # not an address, no MLflow behind it, or nobody who lets us in
        raise TrackingError(
            "the MLflow that is named cannot be used",
            found=f"MLFLOW_TRACKING_URI = {mask(uri)}: {first_line(error)[:LONGEST_CAUSE]}",
            allowed="an MLflow server (http://...), or a database (sqlite:///..., postgresql+psycopg://...)",
            do="correct the address, or unset MLFLOW_TRACKING_URI to use the database of the home",
        ) from error
    else:
        return client
    finally:
        os.environ.pop(tries)
        if before is not None:
            os.environ[tries] = before
