"""The predictions of one task: the rows of the table, and the result for the report.

Reading tables and loading the champions does not belong here; how a row is predicted is in
`genrelab.evaluation.predictions`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import pyarrow as pa

from genrelab.analyses.predictions.result import Champion, PredictedTrack, Served, TaskPredictions
from genrelab.analyses.predictions.surprises import find_surprises
from genrelab.evaluation.predictions import TRAINING_PART, StoredModel, join, predict, predict_by_features
from genrelab.lake.version import TableVersion
from genrelab.models.task import Task
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision

DISPLAY_COLUMNS = {
    "spotify_binned": (
        *("source", "source_row", "label_is_suspect"),
        *("artist_id", "artist_name", "track_name", "genres"),
    ),
    "fma_tracks": ("source", "source_row", "artist_id", "artist_name", "track_title", "genres"),
}
"""Columns that describe a track of each table: artist, title, micro-genres; older versions may lack the mark."""


def predict_task(
    task: Task,
    version: TableVersion,
    tables: Mapping[str, pa.Table],
    tracks: pd.DataFrame,
    models: Sequence[StoredModel],
    champions: Mapping[str, Champion],
    decision: GenreDecision = MOST_ACCURATE,
) -> tuple[pa.Table, TaskPredictions]:
    """Return the rows of `predictions` of one task, and the result with its surprises.

    Args:
        task: What is predicted.
        version: The version of its first table.
        tables: Its tables.
        tracks: From `name_tracks`.
        models: Its champions.
        champions: The champions, by their name in the registry.
        decision: How a genre is named.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    frame = join(task, tables)
    predicted = predict_by_features(task, frame, models, partial(predict, decision=decision))
    rows = predicted.rows
    first, served = tables[task.table], served_by(rows, models, frame, task.features)
    part = next(name for name in TRAINING_PART if name in frame)
    found = find_surprises(with_names(rows.to_pandas().assign(part=frame[part].to_numpy()), tracks))
    if task.rule_set:
        found = replace(found, surprises=tuple(_with_rules(found.surprises, task.rule_set)))
    has_some = frame[list(task.features)].notna().any(axis=1).to_numpy()
    result = TaskPredictions(
        **vars(found),
        task=task.name,
        model=served[0].model,
        title=task.title,
        table=task.table,
        table_version=version.version,
        rule_set=task.rule_set,
        sample=version.is_sample,
        champion=champions[served[0].model],
        served=served,
        mixes=predicted.mixes,
        decision=decision,
        uncalibrated=tuple(model.name for model in models if model.calibration is None),
        unserved=int((has_some & ~rows["has_features"].to_numpy()).sum()),
        knows_fitted_rows=all(model.fitted is not None for model in models),
        elsewhere=len(first) - len(frame),
        elsewhere_unlabelled=first[task.target].null_count - int(frame[task.target].isna().sum()),
    )
    return rows, result


def name_tracks(tracks: pa.Table, titles: Mapping[int, str]) -> pd.DataFrame:
    """Return the tracks with display names.

    Args:
        tracks: The columns `DISPLAY_COLUMNS` of its table.
        titles: Title of each genre that is stored as a number.
    """
    frame = tracks.to_pandas()
    frame["micro_genres"] = [
        [titles.get(genre, genre) for genre in (() if genres is None else genres)]
        for genres in frame.pop("genres")
    ]
    named: pd.DataFrame = frame.rename(columns={tracks.column_names[-2]: "track", "artist_name": "artist"})
    return named


def with_names(rows: pd.DataFrame, tracks: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `predictions` with what people call their tracks, from `name_tracks`."""
    named: pd.DataFrame = rows.merge(tracks, on=["source", "source_row"], how="left", sort=False)
    # FMA's file may lack names: the ids still distinguish tracks
    named["track"] = named["track"].fillna("track " + named["track_id"])
    named["artist"] = named["artist"].fillna("artist " + named["artist_id"].astype(str))
    return named


def served_by(
    rows: pa.Table, models: Sequence[StoredModel], frame: pd.DataFrame, features: Sequence[str]
) -> tuple[Served, ...]:
    """Return the number of tracks by champion, most first."""
    counts = rows.filter(rows["has_features"])["model"].value_counts().to_pylist()
    tracks = {one["values"]: one["counts"] for one in counts}
    served = [
        Served(
            model=model.name,
            version=str(model.version),
            tracks=tracks.get(model.name, 0),
            without=tuple(name for name in features if name not in model.features),
            absent=tuple(name for name in model.features if frame[name].isna().all()),
        )
        for model in models
    ]
    return tuple(sorted(served, key=lambda one: (-one.tracks, one.model)))


def _with_rules(surprises: Sequence[PredictedTrack], rule_set: str) -> Iterable[PredictedTrack]:
    """Return the tracks with the rule and the micro-genre that decided their label, by the rule set of the model."""
    genres = pa.array([one.micro_genres for one in surprises], pa.list_(pa.string()))
    binned = bin_tracks(genres, load_rule_set(rule_set))
    decided = zip(surprises, binned.rules.to_pylist(), binned.micro_genres.to_pylist(), strict=True)
    return (
        replace(one, rule=rule or "", micro_genre=micro_genre or "") for one, rule, micro_genre in decided
    )
