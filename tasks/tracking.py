"""MLflow's one door: experiments, runs, datasets, stored models and the champion's alias.

The contract (names of experiments, tags and metrics) stands in docs/architecture.md. The database is SQLite under
`mlruns/` unless MLFLOW_TRACKING_URI names another server; every experiment has an explicit artifact location, or
artifacts would land under the current directory. What a score means does not belong here.
"""

import contextlib
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when mlflow is imported

import mlflow
import mlflow.data
from mlflow import MlflowClient
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.utils.logging_utils import disable_logging

from genrelab.home import Home
from genrelab.lake import TableVersion
from tasks.tracking_place import tracking_uri

LONGEST_PARAM = 500


@dataclass(frozen=True)
class Door:
    """A connection to MLflow.

    Args:
        client: The client.
        home: Where the default database and artifacts lie.
    """

    client: MlflowClient
    home: Home

    def experiment(self, name: str) -> str:
        """Id of an experiment, made when it is not there."""
        found = self.client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        location = None
        if not os.environ.get("MLFLOW_TRACKING_URI"):
            location = (self.home.mlruns / "artifacts" / name).as_uri()
        # The UI opens an experiment of this kind on its training runs, any other on pages for language models.
        kind = {"mlflow.experimentKind": "custom_model_development"}
        return str(self.client.create_experiment(name, artifact_location=location, tags=kind))

    def start(self, experiment: str, name: str, tags: Mapping[str, str], parent: str = "") -> str:
        """Start a run; returns its id."""
        below = {"mlflow.parentRunId": parent} if parent else {}
        run = self.client.create_run(self.experiment(experiment), run_name=name, tags={**tags, **below})
        return str(run.info.run_id)

    def log(
        self,
        run: str,
        *,
        params: Mapping[str, Any] | None = None,
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

    def log_dataset(self, run: str, frame: Any, version: TableVersion, target: str | None) -> None:
        """The rows that a run was fitted on, with the table version they come from."""
        source = FileSystemDatasetSource.from_dict({"uri": (self.home.lake / version.table).as_uri()})
        dataset = mlflow.data.from_pandas(
            frame, source=source, targets=target, name=f"{version.table}@{version.version}"
        )
        entity = dataset._to_mlflow_entity()  # noqa: SLF001 - the client has no public way to log a dataset
        self.client.log_inputs(run, [DatasetInput(entity, [InputTag("mlflow.data.context", "training")])])

    def end(self, run: str, status: str = "FINISHED") -> None:
        """End a run."""
        self.client.set_terminated(run, status)

    def store_model(
        self,
        run: str,
        name: str,
        estimator: Any,
        example: Any,
        trusted: Sequence[str],
        tags: Mapping[str, str],
        description: str,
    ) -> str:
        """Store a fitted estimator without pickle and register it; returns the version."""
        from mlflow.models import Model, infer_signature  # noqa: PLC0415 - only where a model is stored

        from tasks import skops_flavor  # noqa: PLC0415

        logging.getLogger("mlflow").setLevel(logging.ERROR)  # it warns of pip's own version
        info = Model.log(
            artifact_path=None,
            name=name,
            run_id=run,
            flavor=skops_flavor,
            sk_model=estimator,
            serialization_format="skops",
            skops_trusted_types=list(trusted),
            signature=infer_signature(example, estimator.predict_proba(example)),
            input_example=example,
            pip_requirements=["scikit-learn", "skops", "xgboost-cpu"],
            pyfunc_predict_fn="predict_proba",
        )
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

    def champion(self, name: str) -> Any | None:
        """The registered version that carries the alias `champion`, or None."""
        try:
            return self.client.get_model_version_by_alias(name, "champion")
        except MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                return None
            raise

    def load(self, name: str, version: str) -> Any:
        """A stored estimator."""
        import mlflow.sklearn  # noqa: PLC0415 - only where a model is loaded

        return mlflow.sklearn.load_model(f"models:/{name}/{version}")


def connect(home: Home) -> Door:
    """Open MLflow; makes its database when there is none."""
    disable_logging()  # progress is told by `genrelab.progress`, once
    logging.getLogger("alembic").setLevel(logging.WARNING)
    home.mlruns.mkdir(parents=True, exist_ok=True)
    uri = tracking_uri(home)
    mlflow.set_tracking_uri(uri)
    return Door(MlflowClient(uri), home)
