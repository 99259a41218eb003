"""Compile champions: from the registry to the bundles that the application and notebooks read.

`python -m tasks.training.compiled` compiles every champion whose bundle is missing or older than the registry's.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from genrelab.audio.recipes import recipe_of
from genrelab.evaluation.predictions import StoredModel, columns_of, join, row_hashes
from genrelab.evaluation.thresholds import Thresholds
from genrelab.lake.lake import Lake
from genrelab.models.data import is_of_task
from genrelab.models.kinds import kind_of
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.models.tasks import TASKS
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import hash_file, sync_folder, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.serving.champion import ARRAYS, TRACKS
from genrelab.serving.description import (
    CURRENT,
    DESCRIPTION,
    FORMAT,
    QUANTILES,
    ChampionDescription,
    FeatureDescription,
    ShownScore,
    folder_of,
    is_current,
    version_in_use,
)
from genrelab.serving.forest import flatten, flatten_boosted
from genrelab.tables import TABLES
from tasks.tracking.champion_versions import champions_of, task_of
from tasks.tracking.metric_names import from_mlflow
from tasks.training.named_tracks import genre_titles, model_label, named_tracks

SCORES = ("accuracy", "macro_f1", "log_loss", "top2_accuracy", "jaccard", "micro_f1")
BASELINE = "baseline_accuracy"
ABANDONED = 3600
"""Seconds after which an unfinished bundle belongs to a process that is gone; one takes less than a minute."""


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
    _write(home, description, stored, frame)
    return description.version


def _rows(home: Home, task: Task, stored: StoredModel) -> tuple[pd.DataFrame, dict[Any, str]]:
    """The labelled rows with all features, with display names, and the title of each label."""
    lake = Lake(home)
    tables = {}
    for table, columns in columns_of(task, stored.features).items():
        has = set(lake.columns(table, lake.current(table).version))
        tables[table] = lake.read(table, [each for each in columns if each in has])
    frame = join(task, tables)
    titles: dict[Any, str] = {**genre_titles(lake, task)}
    names = named_tracks(lake, task, lake.current(task.table).version, titles)
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


def _write(home: Home, description: ChampionDescription, stored: StoredModel, frame: pd.DataFrame) -> None:
    """Write a bundle aside, then put it in its place, then name it in `current.json`."""
    place = folder_of(home, description.name)
    place.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(place)
    aside = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    try:
        arrays: dict[str, Any] = {}
        several, labels = description.several_labels, range(len(stored.labels))
        model = _stored(stored.estimator, aside) if several else _compiled(stored.estimator, aside, arrays)
        np.savez(aside / ARRAYS, **arrays)
        thresholds = stored.published_by if isinstance(stored.published_by, Thresholds) else None
        record = {
            "format": FORMAT,
            "description": asdict(description),
            "model": model,
            "columns": [int(each) for each in (labels if several else stored.estimator.classes_)],
            "calibration": encode(stored.calibration) if stored.calibration else None,
            "thresholds": np.asarray(thresholds.of(stored.labels)).tolist() if thresholds else [],
            "at_least": thresholds.at_least if thresholds else 0 if several else 1,
        }
        tracks = frame[["track_id", "track", "artist", "genre", *stored.features]]
        pq.write_table(_as_table(tracks), aside / TRACKS)
        record["files"] = {each.name: hash_file(each) for each in sorted(aside.iterdir())}
        (aside / DESCRIPTION).write_text(json.dumps(record), encoding="utf-8")
        sync_folder(aside)
        final = place / str(description.version)
        if final.exists():
            shutil.rmtree(final)
        os.chmod(aside, 0o755)  # noqa: PTH101, S103 - as other folders of the home
        aside.rename(final)
        sync_folder(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    write_json(place / CURRENT, {"version": description.version})
    others = {int(each.name) for each in place.iterdir() if each.name.isdecimal()} - {description.version}
    for old in sorted(others)[:-1]:  # one is kept: where the newest cannot be read, it answers
        shutil.rmtree(place / str(old), ignore_errors=True)


def _remove_abandoned(place: Path) -> None:
    """Remove what a killed compilation left behind; another one that is at work now is younger."""
    for each in place.glob("new-*"):
        if time.time() - each.stat().st_mtime > ABANDONED:
            shutil.rmtree(each, ignore_errors=True)


def _as_table(tracks: pd.DataFrame) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - only here

    return pa.Table.from_pandas(tracks.assign(track_id=tracks["track_id"].astype(str)), preserve_index=False)


def _compiled(estimator: Any, folder: Path, arrays: dict[str, Any]) -> dict[str, Any]:
    """Write an estimator as arrays where that is possible, and say how it is put together."""
    kind = type(estimator).__name__
    if kind == "Blend" and (estimator.sharpness, estimator.prior_power) == (1.0, 0.0):
        parts = [_compiled(each, folder, arrays) for each in estimator.fitted_.values()]
        weights = [float(estimator.weights[name]) for name in estimator.fitted_]
        return {"kind": "blend", "weights": weights, "parts": parts}
    if kind == "Pipeline" and [type(step).__name__ for _, step in estimator.steps[:-1]] == [
        "DerivedFeatures"
    ]:
        return {"kind": "derived", "of": _compiled(estimator.steps[-1][1], folder, arrays)}
    trees: dict[str, Any] = {}
    if kind in {"RandomForestClassifier", "ExtraTreesClassifier"}:
        form, trees = "forest", flatten([one.tree_ for one in estimator.estimators_])
    elif kind == "XGBClassifier" and estimator.n_classes_ > 2:  # noqa: PLR2004 - two classes have one output
        form, trees = (
            "boosted",
            flatten_boosted(json.loads(estimator.get_booster().save_raw("json"))["learner"]),
        )
    if trees:
        name = f"{form}{len({each.partition('.')[0] for each in arrays})}"
        arrays |= {f"{name}.{key}": each for key, each in trees.items()}
        return {"kind": form, "name": name}
    return _stored(estimator, folder)


def _stored(estimator: Any, folder: Path) -> dict[str, Any]:
    import skops.io  # noqa: PLC0415 - few champions need it

    file = f"stored{len(list(folder.glob('*.skops')))}.skops"
    skops.io.dump(estimator, folder / file)
    return {"kind": "stored", "file": file}


if __name__ == "__main__":
    try:
        compiled = compile_missing(Home.find())
    except GenrelabError as problem:
        sys.exit(str(problem))
    sys.stdout.write(f"compiled: {', '.join(compiled) or 'nothing, every champion is'}\n")
