"""The work of the step `predict`: load the champions from MLflow and apply them to the newest tables."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from mlflow.entities.model_registry import ModelVersion

from genrelab.analyses.predictions.collection import predict_task
from genrelab.analyses.predictions.genre_sets import predict_genre_sets
from genrelab.analyses.predictions.result import Champion, GenreSets, Predictions, TaskPredictions
from genrelab.analyses.predictions.summary import summarise
from genrelab.evaluation.label_set_predictions import GIVEN
from genrelab.evaluation.predictions import StoredModel, columns_of
from genrelab.lake.lake import Lake
from genrelab.lake.staging import ROW_GROUP
from genrelab.lake.stored_rows import StoredRows
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.models.tasks import TASKS
from genrelab.runtime import progress
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.tables import TABLES
from genrelab.tables.predictions import PREDICTIONS
from tasks.publishing.publish import publish_derived
from tasks.run.artifacts import publish_rows, publish_table_summary, publish_text
from tasks.run.step import Outcome
from tasks.tracking.champion_versions import task_of
from tasks.tracking.client import TrackingClient, connect
from tasks.tracking.registry import load_stored, since
from tasks.training.named_tracks import genre_titles, model_label, named_tracks

Loaded = tuple[StoredModel, Champion]


def apply_champions(
    home: Home, names: tuple[str, ...], champions: Mapping[str, str], decision: GenreDecision = MOST_ACCURATE
) -> Outcome:
    """Predict every track of each task with its champions, and publish the table `predictions`.

    Args:
        home: The home to use.
        names: The tasks.
        champions: Version of each champion, by its name in the registry.
        decision: How a genre is named.

    Raises:
        GenrelabError: There is no champion, or none can be applied.
    """
    if not champions:
        raise GenrelabError(
            "there is no champion to predict with",
            found=f"no champion of {', '.join(names)}",
            do="run `genrelab train` first",
        )
    tracking, lake = connect(home), Lake(home)
    folder = lake.staging(PREDICTIONS.name)
    parts: list[Path] = []
    found: list[TaskPredictions | GenreSets] = []
    failures: dict[str, str] = {}
    applied = {name: own for name in names if (own := _of_task(champions, name))}
    with progress.track("predicting", len(applied), "tasks") as advance:
        for name, own in applied.items():
            models, broken = _load(tracking, own)
            failures |= broken
            if not models:
                continue
            file = folder / f"{name}.parquet"
            try:
                predicted = _predict(lake, TASKS[name], models, file, decision)
            except GenrelabError as error:
                failures[name] = str(error)
                continue
            parts.append(file)
            found.append(predicted)
            advance(len(found), name)
    if not parts:
        raise GenrelabError("no champion could be applied", found="; ".join(failures.values()))
    tables = sorted({table for one in found for table in TASKS[one.task].columns})
    made_from = [lake.current(table) for table in tables]
    rows = StoredRows(ds.dataset([str(file) for file in parts], format="parquet"))
    published = publish_derived(lake, PREDICTIONS, rows, made_from)
    missing = {name: "no champion" for name in names if name not in applied} | failures
    result = Predictions(
        tuple(one for one in found if isinstance(one, TaskPredictions)),
        tuple(one for one in found if isinstance(one, GenreSets)),
        failures,
        missing,
    )
    summary = summarise(result)
    publish_table_summary((published,))
    publish_rows("predictions", summary.rows, summary.about)
    for key, text in summary.texts.items():
        publish_text(key, text)
    message = f"predictions: {published.counts.rows:,} rows; {summary.message}"
    return Outcome(message, encode(result), (published,))


def _of_task(champions: Mapping[str, str], name: str) -> dict[str, str]:
    """The champions of a task: its own, and those trained without some features."""
    return {model: version for model, version in champions.items() if task_of(model) == name}


def _load(tracking: TrackingClient, champions: Mapping[str, str]) -> tuple[list[Loaded], dict[str, str]]:
    """Load the champions of a task; also return why others cannot be loaded."""
    models, broken = [], {}
    for name, version in champions.items():
        registered = tracking.client.get_model_version(name, version)
        try:
            models.append((load_stored(tracking, registered), _champion(registered)))
        except GenrelabError as error:
            broken[name] = str(error)
    return models, broken


def _champion(registered: ModelVersion) -> Champion:
    kind = registered.tags.get("model", "")
    is_sample = registered.tags.get("sample") == "true"
    return Champion(kind, model_label(kind), str(registered.version), since(registered), is_sample)


def _predict(
    lake: Lake, task: Task, loaded: list[Loaded], file: Path, decision: GenreDecision
) -> TaskPredictions | GenreSets:
    """Write the rows of `predictions` of a task to a file; return what is found."""
    models = [model for model, _ in loaded]
    is_set = task.kind == SEVERAL_LABELS
    asked = () if is_set else task.features  # of hundreds of features only those that a model reads
    features = list(dict.fromkeys(each for model in models for each in (*model.features, *asked)))
    versions = {table: lake.current(table) for table in task.columns}
    columns = columns_of(task, features)
    if is_set:
        columns[task.table] = list(dict.fromkeys([*columns[task.table], GIVEN]))
    tables = {
        table: lake.read(table, [one for one in names if one in TABLES[table]], versions[table].version)
        for table, names in columns.items()
        if is_set or table != task.table
    }
    titles, version = genre_titles(lake, task), versions[task.table]
    champions = {model.name: champion for model, champion in loaded}
    if is_set:
        tracks = named_tracks(lake, task, version.version, titles)
        rows, found = predict_genre_sets(task, version, tables, tracks, models, champions, titles)
        pq.write_table(rows, file, row_group_size=ROW_GROUP)
        return found
    first = lake.stored(task.table, version.version)

    def batches(columns: Sequence[str]) -> Iterator[dict[str, pa.Table]]:
        present = [name for name in dict.fromkeys(columns) if name in first.column_names]
        for batch in first.batches(present, ROW_GROUP):
            yield {task.table: batch, **tables}

    return predict_task(task, version, batches, models, champions, titles, file, decision)
