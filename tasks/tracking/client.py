"""The client for MLflow: experiments, runs, datasets, stored models and the champion's alias.

docs/architecture.md defines the names of experiments, tags and metrics. The database is SQLite under `mlruns/` unless
MLFLOW_TRACKING_URI names another one. Every experiment has an explicit artifact location; otherwise artifacts would be
written below the current directory. The meaning of scores does not belong here.
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
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # genrelab shows its own progress
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # of two minutes each; by default 7

import mlflow
import mlflow.artifacts
import mlflow.data
import numpy as np
import numpy.typing as npt
from mlflow import MlflowClient
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.utils.logging_utils import disable_logging

from genrelab.lake.lineage import lineage_tags
from genrelab.lake.log import LakeLog
from genrelab.lake.storage import bucket_of
from genrelab.lake.version import TableVersion
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import first_line, mask
from tasks.run.checkout import git_commit
from tasks.tracking.artifact_places import correct_addresses, is_own, local_path
from tasks.tracking.left_behind import home_tag
from tasks.tracking.metric_names import to_mlflow
from tasks.tracking.place import ALIAS, TrackingError, database, require_answer, tracking_uri
from tasks.tracking.recovery import repair_tracking
from tasks.tracking.tag_text import split_list

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities.model_registry import ModelVersion
    from sklearn.base import BaseEstimator

LONGEST_PARAM = 500
LARGEST_BATCH = 100
"""Maximum number of parameters per call of MLflow."""
LONGEST_CAUSE = 200
LONGEST_DESCRIPTION = 5_000
"""Characters that MLflow's tables hold of a description: PostgreSQL refuses more, SQLite does not."""
SHORTENED = "\n\n(Shortened; the whole text is among the artifacts of the run.)"
MODEL_FILE = "model.skops"
ARTIFACTS = "mlruns/artifacts"
"""Folder of the files of experiments in the bucket of a lake."""
LOGGED_MODEL = "models:/"
"""Prefix of the address of a version's files."""


class StoredModelError(GenrelabError):
    """A registered model cannot be loaded."""


@dataclass(frozen=True)
class TrackingClient:
    """A connection to MLflow.

    Args:
        client: The client.
        home: The home with the default database and artifacts.
    """

    client: MlflowClient
    home: Home

    @property
    def uri(self) -> str:
        """Address of the server."""
        return str(self.client.tracking_uri)

    def experiment(self, name: str) -> str:
        """Return the id of an experiment; create it if it does not exist."""
        found = self.client.get_experiment_by_name(name)
        if found is not None:
            self._require_below(name, str(found.artifact_location))
            return str(found.experiment_id)
        location = None
        if not self.uri.startswith("http"):  # a server has its own artifact location
            bucket, folder = bucket_of(self.home), self.home.mlruns / "artifacts" / name
            location = bucket.uri(f"{ARTIFACTS}/{name}") if bucket else folder.as_uri()
        # The UI opens this kind of experiment with its training runs, other kinds with pages for language models.
        kind = {"mlflow.experimentKind": "custom_model_development"}
        return str(self.client.create_experiment(name, artifact_location=location, tags=kind))

    def _require_below(self, name: str, location: str) -> None:
        """Raise an error if the files of an experiment would be written outside the home."""
        path = local_path(location)
        if database(self.home) is None or path is None or is_own(self.home, path):
            return
        raise GenrelabError(
            f"the files of the experiment {name} would be written outside this home",
            found=location,
            allowed=f"a folder below {self.home.mlruns / 'artifacts'}",
            do=f"rename the experiment in MLflow, or move its files below {self.home.mlruns / 'artifacts'} and "
            "its location with them",
        )

    def start(
        self, experiment: str, name: str, tags: Mapping[str, str], parent: str = "", seconds: float = 0.0
    ) -> str:
        """Start a run and return its id.

        Args:
            experiment: Name of its experiment.
            name: Its name.
            tags: Its tags.
            parent: Id of the run above it.
            seconds: How long ago the work began that it describes.
        """
        below = {"mlflow.parentRunId": parent} if parent else {}
        run = self.client.create_run(
            self.experiment(experiment),
            start_time=int((time.time() - seconds) * 1000),
            run_name=name,
            tags={**tags, **below, **home_tag(self.home)},
        )
        return str(run.info.run_id)

    def log(
        self,
        run: str,
        *,
        params: Mapping[str, object] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Log parameters, metrics and tags of a run, in as few calls as MLflow allows."""
        now = int(time.time() * 1000)
        found = [Param(name, str(value)[:LONGEST_PARAM]) for name, value in (params or {}).items()]
        self.client.log_batch(
            run,
            metrics=[Metric(name, float(value), now, 0) for name, value in to_mlflow(metrics or {}).items()],
            params=found[:LARGEST_BATCH],
            tags=[RunTag(name, value) for name, value in (tags or {}).items()],
        )
        for start in range(LARGEST_BATCH, len(found), LARGEST_BATCH):
            self.client.log_batch(run, params=found[start : start + LARGEST_BATCH])

    def dataset(
        self, version: TableVersion, frame: "pd.DataFrame | None" = None, target: str | None = None
    ) -> DatasetInput:
        """Return a version of a table as an input of runs: its place in the lake and a digest of its files.

        MLflow reads every value to describe the columns, 1 s for 35,000 rows, so create it once for all runs.

        Args:
            version: The version.
            frame: Its columns and rows that the runs are fitted on; None describes no columns.
            target: The column among these that is predicted.
        """
        lake = LakeLog(self.home)
        source = DeltaDatasetSource(
            path=lake.storage.link(f"lake/{version.table}"), delta_table_version=version.version
        )
        name, digest = f"{version.table}@{version.version}", lake.content(version)
        dataset = (
            MetaDataset(source, name, digest)
            if frame is None
            else mlflow.data.from_pandas(frame, source=source, targets=target, name=name, digest=digest)
        )
        entity = dataset._to_mlflow_entity()  # noqa: SLF001 - the client has no public way to log a dataset
        return DatasetInput(entity, [InputTag("mlflow.data.context", "training")])

    def log_datasets(self, run: str, datasets: Sequence[DatasetInput]) -> None:
        """Log the inputs of a run.

        Of two runs that log the same new dataset at the same time MLflow refuses one, since both insert it. It is there
        then, so the call is repeated, once for each dataset.
        """
        for _ in datasets:
            try:
                self.client.log_inputs(run, datasets)
            except MlflowException:
                continue
            return
        self.client.log_inputs(run, datasets)

    def end(
        self, run: str, error: BaseException | None = None, *, after_seconds: float | None = None
    ) -> None:
        """End a run: as killed if it was cancelled, as failed by any other error.

        Args:
            run: Its id.
            error: What ended it.
            after_seconds: How long its work took; None ends it now.
        """
        status = "FINISHED" if error is None else "FAILED" if isinstance(error, Exception) else "KILLED"
        ended = None
        if after_seconds is not None:
            ended = self.client.get_run(run).info.start_time + int(after_seconds * 1000)
        self.client.set_terminated(run, status, ended)

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
        """Store a fitted estimator without pickle, register it and return the version.

        Raises:
            TooLargeError: The model is larger than the limit.
        """
        import pandas as pd  # noqa: PLC0415 - only where a model is stored

        from tasks.tracking import skops_flavor  # noqa: PLC0415 - takes scikit-learn, as below

        logging.getLogger("mlflow").setLevel(logging.ERROR)  # it warns about the version of pip
        # Declared as real numbers, so that MLflow accepts integers of any size for them.
        example = example.astype(dict.fromkeys(example.select_dtypes("number"), "float64"))
        proba = estimator.predict_proba(example)
        named = columns_of_answer(estimator, split_list(tags["labels"]), np.shape(proba)[1])
        data = self.client.get_run(run)
        # By default MLflow stores a model in its default experiment, below the current directory.
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
                signature=infer_signature(example, pd.DataFrame(proba, columns=named)),
                input_example=example,
                metadata={skops_flavor.LABELS: named},
                pip_requirements=["scikit-learn", "skops", "xgboost-cpu"],
                pyfunc_predict_fn="predict_proba",
            )
        except skops_flavor.TooLargeError:
            self.client.delete_logged_model(model.model_id)
            raise
        with contextlib.suppress(MlflowException):  # it exists already
            self.client.create_registered_model(name)
        made = self.client.create_model_version(
            name,
            source=info.model_uri,
            run_id=run,
            tags=dict(tags),
            description=shortened(description),
            model_id=info.model_id,
        )
        return str(made.version)

    def champion(self, name: str) -> "ModelVersion | None":
        """Return the registered version with the alias `champion`, or None."""
        try:
            return self.client.get_model_version_by_alias(name, ALIAS)
        except MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                return None
            raise

    def load(self, name: str, version: str, trusted: Sequence[str]) -> "BaseEstimator":
        """Load a stored estimator with skops, trusting only the types that our code lists; nothing is unpickled.

        MLflow's own loader trusts the types that the stored model lists itself.

        Raises:
            StoredModelError: The files are missing, damaged, or contain other types.
        """
        import skops.io  # noqa: PLC0415 - only where a model is loaded

        try:
            folder = mlflow.artifacts.download_artifacts(f"models:/{name}/{version}", tracking_uri=self.uri)
            return skops.io.load(Path(folder) / MODEL_FILE, trusted=list(trusted))
        except Exception as error:  # a damaged archive fails in zipfile, json, numpy, skops or scikit-learn
            self._require_store()
            raise StoredModelError(
                f"version {version} of {name} cannot be loaded",
                found=f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}",
                do="restore its files, train again, or use `genrelab champion rollback`",
            ) from error

    def forget(self, name: str, version: str) -> None:
        """Delete a version from the registry, and its files if they are in this home or in the bucket of its lake."""
        source = str(self.client.get_model_version(name, version).source)
        self.client.delete_model_version(name, version)
        if not source.startswith(LOGGED_MODEL):
            return
        model_id = source.removeprefix(LOGGED_MODEL)
        address = str(self.client.get_logged_model(model_id).artifact_location)
        self.client.delete_logged_model(model_id)
        place, bucket = local_path(address), bucket_of(self.home)
        if place is not None and is_own(self.home, place):
            shutil.rmtree(place, ignore_errors=True)
        elif bucket and (name := bucket.name_of(address)).startswith(f"{ARTIFACTS}/"):
            bucket.delete(bucket.sizes(name))

    def log_array(self, run: str, values: npt.NDArray[np.uint64], file: str) -> None:
        """Log an array as an artifact of a run."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            np.save(path, values, allow_pickle=False)
            self.client.log_artifact(run, str(path))

    def find_array(self, run: str, file: str) -> npt.NDArray[np.uint64] | None:
        """Return an array that `log_array` stored, or None if it does not exist or cannot be read."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = self.client.download_artifacts(run, file, folder)
                found: npt.NDArray[np.uint64] = np.load(path, allow_pickle=False)
                return found
        except (MlflowException, OSError, ValueError):
            self._require_store()
            return None

    def _require_store(self) -> None:
        """Raise an error if the object store of the lake fails, of which MLflow only says that a file is missing."""
        if bucket := bucket_of(self.home):
            bucket.store.check()


def columns_of_answer(estimator: "BaseEstimator", labels: Sequence[object], count: int) -> list[str]:
    """Return the name of each column that an estimator answers with.

    Args:
        estimator: Fitted; of one label, its `classes_` are numbers that stand for `labels`.
        labels: What they stand for.
        count: How many columns there are.
    """
    classes = getattr(estimator, "classes_", range(count))
    chosen = [int(each) for each in classes] if len(classes) == count < len(labels) else range(count)
    return [str(labels[each]) for each in chosen]


def version_tags(versions: Sequence[TableVersion], rule_set: str = "") -> dict[str, str]:
    """Return the tags of every run and stored model that identify its data, rules and code.

    Args:
        versions: The input tables, the main one first.
        rule_set: As in `lineage_tags`.
    """
    return {**lineage_tags(versions, rule_set), "git_commit": git_commit()}


def connect(home: Home) -> TrackingClient:
    """Connect to MLflow; create its database if there is none, and replace a damaged one.

    Raises:
        GenrelabError: Its database has addresses outside the home that cannot be corrected.
        TrackingError: The server or database of MLFLOW_TRACKING_URI does not answer, or is not MLflow.
    """
    require_answer(home)
    repair_tracking(home)
    correct_addresses(home)
    disable_logging()  # `genrelab.runtime.progress` shows the progress
    logging.getLogger("alembic").setLevel(logging.WARNING)
    home.mlruns.mkdir(parents=True, exist_ok=True)
    if bucket := bucket_of(home):
        bucket.store.bound_other_clients()
    uri = tracking_uri(home)
    given = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    if given is None:  # MLflow also sets this variable, where it would look like the user's
        os.environ.pop("MLFLOW_TRACKING_URI", None)
    return TrackingClient(MlflowClient(uri) if database(home) else _named_client(uri), home)


def _named_client(uri: str) -> MlflowClient:
    """A client for MLFLOW_TRACKING_URI, tested with one small request; otherwise it would retry for minutes."""
    tries = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
    before = os.environ.get(tries)
    os.environ[tries] = "0"
    try:
        client = MlflowClient(uri)
        client.search_experiments(max_results=1)
    except Exception as error:  # an invalid address, not MLflow, or access denied
        raise TrackingError(
            "the MLflow of MLFLOW_TRACKING_URI cannot be used",
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


def shortened(description: str) -> str:
    """Return a description as every database of MLflow takes it.

    >>> len(shortened("x" * 9_000)), shortened("x")
    (5000, 'x')
    """
    if len(description) <= LONGEST_DESCRIPTION:
        return description
    return description[: LONGEST_DESCRIPTION - len(SHORTENED)] + SHORTENED
