"""Compile champions: from the registry to the bundles that the application and notebooks read.

`python -m tasks.training.compiled` compiles every champion whose bundle is missing or older than the registry's.
"""

import json
import sys
from typing import Any

import numpy as np
import pandas as pd

from genrelab.analyses.predictions.collection import DISPLAY_COLUMNS, name_tracks
from genrelab.audio.recipes import recipe_of
from genrelab.evaluation.predictions import StoredModel, columns_of, join, row_hashes
from genrelab.evaluation.samples import read_sample
from genrelab.lake.lake import Lake
from genrelab.models.data import is_of_task
from genrelab.models.kinds import kind_of
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.models.tasks import TASKS
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.serving.description import (
    QUANTILES,
    ChampionDescription,
    FeatureDescription,
    ShownScore,
    is_current,
    version_in_use,
)
from genrelab.tables import TABLES
from tasks.tracking.champion_versions import champions_of, task_of
from tasks.tracking.metric_names import from_mlflow
from tasks.training.bundle_files import write_bundle
from tasks.training.named_tracks import genre_titles, model_label

SCORES = ("accuracy", "macro_f1", "log_loss", "top2_accuracy", "jaccard", "micro_f1")
BASELINE = "baseline_accuracy"


def compile_missing(home: Home) -> tuple[str, ...]:
    """Compile the champions without a bundle of their version, and return their names.

    Raises:
        GenrelabError: The registry cannot be read, or some champion cannot be compiled; the others are.
    """
    done, failures = [], []
    for champion in champions_of(home, TASKS):
        if _is_compiled(home, champion.name, champion.version):
            continue
        try:
            compile_champion(home, champion.name)
        except GenrelabError as error:
            failures.append(f"{champion.name}: {error.what}")
        else:
            done.append(champion.name)
    if failures:
        raise GenrelabError(
            "some champions cannot be compiled", found="; ".join(failures), do="train them again"
        )
    return tuple(done)


def _is_compiled(home: Home, name: str, version: str) -> bool:
    """Whether a version is the one in use, in the form of this program."""
    return is_current(home, name) and version_in_use(home, name) == int(version)


def compile_promoted(home: Home, name: str, stored: StoredModel | None = None) -> None:
    """Compile a champion that was just promoted or restored; what goes wrong is said, and fails nothing.

    Args:
        home: The home.
        name: Name of the registered model.
        stored: The model, where it is at hand; None to load it from the registry.
    """
    try:
        compile_champion(home, name, stored)
    except Exception as error:  # noqa: BLE001 - the promotion stands, whatever hinders the compilation
        why = error.what if isinstance(error, GenrelabError) else f"{type(error).__name__}: {error}"
        progress.say(f"{name} is not compiled for the application yet, `genrelab app` will try again: {why}")


def compile_champion(home: Home, name: str, stored: StoredModel | None = None) -> int:
    """Write the bundle of the champion of a registered model, make it the one in use, and return its version.

    Args:
        home: The home.
        name: Name of the registered model.
        stored: As of `compile_promoted`.

    Raises:
        GenrelabError: There is no champion, or its files are damaged.
    """
    from tasks.tracking.client import connect  # noqa: PLC0415 - takes MLflow
    from tasks.tracking.registry import champion_or_error, load_stored, since  # noqa: PLC0415 - as above

    tracking = connect(home)
    registered = champion_or_error(tracking, name)
    if stored is None or stored.version != int(registered.version):
        stored = load_stored(tracking, registered)
    task, tags = TASKS[task_of(name)], registered.tags
    frame, titles = _rows(home, task, stored)
    fitted = _fitted_on(frame, stored)
    run = tracking.client.get_run(registered.run_id) if registered.run_id else None
    metrics = from_mlflow(run.data.metrics) if run else {}
    description = ChampionDescription(
        name=name,
        version=int(registered.version),
        task=task.name,
        title=task.title,
        several_labels=task.kind == SEVERAL_LABELS,
        labels=tuple(titles.get(label, str(label)) for label in stored.labels),
        shares=_shares(task, fitted, stored),
        features=tuple(_feature(task, each, fitted[each]) for each in stored.features),
        model=tags.get("model", ""),
        model_label=model_label(tags.get("model", "")),
        rule_set=tags.get("rule_set", ""),
        tables=json.loads(tags.get("tables", "{}")),
        since=since(registered),
        is_sample=tags.get("sample") == "true",
        recipe=_recipe(stored.features, is_sample=tags.get("sample") == "true"),
        scores=tuple(_scores(metrics, task)),
        trained_rows=len(fitted),
        table=task.table,
    )
    write_bundle(home, description, stored, frame)
    return description.version


def _rows(home: Home, task: Task, stored: StoredModel) -> tuple[pd.DataFrame, dict[Any, str]]:
    """The labelled rows with all features, with display names, and the title of each label.

    Of a table with more rows than training reads (`training.rows`), these are from the sample that it reads.
    """
    lake, settings = Lake(home), Settings(home=home)
    wanted, rows = columns_of(task, stored.features), lake.stored(task.table)
    shown = [name for name in DISPLAY_COLUMNS[task.table] if name in rows.column_names]
    used = [name for name in wanted.pop(task.table) if name in rows.column_names]
    tracks, _ = read_sample(
        rows, list(dict.fromkeys([*used, *shown])), task.group, settings.training_rows, settings.seed
    )
    tables = {task.table: tracks.select(used)}
    for table, columns in wanted.items():
        has = set(lake.columns(table, lake.current(table).version))
        tables[table] = lake.read(table, [each for each in columns if each in has])
    frame = join(task, tables)
    titles: dict[Any, str] = {**genre_titles(lake, task)}
    names = name_tracks(tracks.select(shown), titles)
    frame = frame.merge(
        names[["source", "source_row", "track", "artist"]],
        on=["source", "source_row"],
        how="left",
        sort=False,
    )
    takes_part = is_of_task(task, frame, kind_of(task).is_known(frame, task.target))
    frame = frame[takes_part & frame[list(stored.features)].notna().all(axis=1)].reset_index(drop=True)
    target = frame[task.target]
    frame["genre"] = [
        ", ".join(titles.get(each, str(each)) for each in value)
        if isinstance(value, (list, tuple, np.ndarray))
        else titles.get(value, str(value))
        for value in target
    ]
    frame["track"] = frame["track"].fillna("track " + frame["track_id"].astype(str))
    frame["artist"] = frame["artist"].fillna("(unknown artist)")
    return frame, titles


def _fitted_on(frame: pd.DataFrame, stored: StoredModel) -> pd.DataFrame:
    """The rows that the model was fitted on; all of them where that was not stored, or the table has changed since."""
    if stored.fitted is None:
        return frame
    found = frame[np.isin(row_hashes(frame[list(stored.features)]), stored.fitted)]
    return found if len(found) else frame


def _shares(task: Task, frame: pd.DataFrame, stored: StoredModel) -> tuple[float, ...]:
    counts = frame[task.target].explode().value_counts()
    return tuple(float(counts.get(label, 0)) / max(len(frame), 1) for label in stored.labels)


def _feature(task: Task, name: str, values: pd.Series) -> FeatureDescription:
    column = next((TABLES[table][name] for table in task.columns if name in TABLES[table]), None)
    numbers = values.to_numpy(dtype=np.float64)
    is_integer = bool(np.all(numbers == np.round(numbers)))
    kind = (
        "flag"
        if is_integer and set(np.unique(numbers)) <= {0.0, 1.0}
        else "integer"
        if is_integer
        else "number"
    )
    lowest, highest = (column.low, column.high) if column else (None, None)
    if column and column.choices:
        lowest, highest = min(map(float, column.choices)), max(map(float, column.choices))
    return FeatureDescription(
        name=name,
        label=name.replace("_", " "),
        unit=column.unit if column else "",
        kind=kind,
        lowest=None if lowest is None else float(lowest),
        highest=None if highest is None else float(highest),
        quantiles=tuple(np.quantile(numbers, QUANTILES).tolist()),
        meaning=column.meaning if column else "",
    )


def _recipe(features: tuple[str, ...], *, is_sample: bool) -> str:
    found = recipe_of(features)
    return "" if found is None else "sample@1" if is_sample else str(found)


def _scores(metrics: dict[str, float], task: Task) -> list[ShownScore]:
    return [
        ShownScore(
            metric,
            split,
            metrics[f"{split}/{metric}"],
            metrics.get(f"{split}/{metric}_low"),
            metrics.get(f"{split}/{metric}_high"),
            metrics.get(f"{split}/{BASELINE}") if metric == "accuracy" else None,
            int(metrics.get(f"{split}/rows", 0)),
            int(metrics.get(f"{split}/artists", 0)),
        )
        for split in dict.fromkeys((task.gate, task.shown))
        for metric in SCORES
        if f"{split}/{metric}" in metrics
    ]


if __name__ == "__main__":
    try:
        compiled = compile_missing(Home.find())
    except GenrelabError as problem:
        sys.exit(str(problem))
    sys.stdout.write(f"compiled: {', '.join(compiled) or 'nothing, every champion is'}\n")
