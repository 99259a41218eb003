"""The predictions of one task: the rows of the table, and the result for the report.

Reading tables and loading the champions does not belong here; how a row is predicted is in
`genrelab.evaluation.predictions`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from genrelab.analyses.predictions.result import Champion, PredictedTrack, Served, TaskPredictions
from genrelab.analyses.predictions.surprises import SurpriseFinder
from genrelab.evaluation.genre_predictions import Predictor
from genrelab.evaluation.predictions import TRAINING_PART, StoredModel, columns_of, join
from genrelab.lake.staging import ROW_GROUP
from genrelab.lake.stored_rows import StoredRows
from genrelab.lake.version import TableVersion
from genrelab.models.task import Task
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision
from genrelab.sources.codes import counts_of
from genrelab.tables.predictions import PREDICTIONS

IntArray = npt.NDArray[np.int64]

DISPLAY_COLUMNS = {
    "spotify_binned": (
        *("source", "source_row", "label_is_suspect"),
        *("artist_id", "artist_name", "track_name", "genres"),
    ),
    "fma_tracks": ("source", "source_row", "artist_id", "artist_name", "track_title", "genres"),
}
"""Columns that describe a track of each table: artist, title, micro-genres; older versions may lack the mark."""


Batches: TypeAlias = Callable[[Sequence[str]], Iterable[Mapping[str, pa.Table]]]
"""Returns the tables of a task with the first one's rows in batches, of which those columns are read that it has."""


def predict_task(
    task: Task,
    version: TableVersion,
    batches: Batches,
    models: Sequence[StoredModel],
    champions: Mapping[str, Champion],
    titles: Mapping[int, str],
    file: Path,
    decision: GenreDecision = MOST_ACCURATE,
) -> TaskPredictions:
    """Write the rows of `predictions` of one task, batch by batch, and return the result with its surprises.

    Args:
        task: What is predicted.
        version: The version of its first table.
        batches: Its tables; the rows are the same in each call.
        models: Its champions.
        champions: The champions, by their name in the registry.
        titles: Title of each genre that is stored as a number.
        file: Parquet file to write the rows to.
        decision: How a genre is named.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    features = list(dict.fromkeys([*task.features, *(name for model in models for name in model.features)]))
    predictor, finder = Predictor(task, models, decision, file.parent), SurpriseFinder(file.parent)
    counts = _Counts(task, models)
    columns, shown = columns_of(task, features)[task.table], DISPLAY_COLUMNS[task.table]
    for tables in batches(columns):
        predictor.gather(join(task, tables))
    mixes = predictor.finish()
    with pq.ParquetWriter(file, PREDICTIONS.schema) as writer:
        for tables in batches([*columns, *shown]):
            first = tables[task.table]
            frame = join(task, {**tables, task.table: _present(first, columns)})
            rows = predictor.rows(frame)
            writer.write_table(rows, row_group_size=ROW_GROUP)
            part = next(name for name in TRAINING_PART if name in frame)
            numbers = rows.drop_columns(["probabilities"]).to_pandas()  # a list of dicts for each row
            named = with_names(numbers, name_tracks(_present(first, shown), titles))
            finder.add(named.assign(part=frame[part].to_numpy()))
            counts.add(first, frame, rows)
    del predictor  # the sums of all artists

    def read(places: IntArray) -> pd.DataFrame:
        rows = StoredRows(ds.dataset(str(file), format="parquet")).take(pa.array(places))
        wanted = rows["source_row"].combine_chunks()
        found = [
            _present(each, shown).filter(pc.is_in(each["source_row"], wanted))
            for tables in batches(shown)
            for each in [tables[task.table]]
        ]
        return with_names(rows.to_pandas(), name_tracks(pa.concat_tables(found), titles))

    found, served = finder.find(read), counts.served()
    if task.rule_set:
        found = replace(found, surprises=tuple(_with_rules(found.surprises, task.rule_set)))
    return TaskPredictions(
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
        mixes=mixes,
        decision=decision,
        uncalibrated=tuple(model.name for model in models if model.calibration is None),
        unserved=counts.unserved,
        knows_fitted_rows=all(model.fitted is not None for model in models),
        elsewhere=counts.elsewhere,
        elsewhere_unlabelled=counts.elsewhere_unlabelled,
    )


class _Counts:
    """What is counted over the batches of a task besides its surprises."""

    def __init__(self, task: Task, models: Sequence[StoredModel]) -> None:
        self.task, self.models = task, models
        self.unserved = self.elsewhere = self.elsewhere_unlabelled = 0
        self._tracks: Counter[str] = Counter()
        self._present: set[str] = set()

    def add(self, first: pa.Table, frame: pd.DataFrame, rows: pa.Table) -> None:
        """Take a batch: rows of the first table, those that the others have, and what is predicted for these."""
        has_features = rows["has_features"].to_numpy()
        has_some = frame[list(self.task.features)].notna().any(axis=1).to_numpy()
        self.unserved += int((has_some & ~has_features).sum())
        self.elsewhere += len(first) - len(frame)
        self.elsewhere_unlabelled += first[self.task.target].null_count
        self.elsewhere_unlabelled -= int(frame[self.task.target].isna().sum())
        self._tracks.update(rows.filter(rows["has_features"])["model"].to_pylist())
        self._present.update(frame.columns[frame.notna().any()])

    def served(self) -> tuple[Served, ...]:
        """Return the number of tracks by champion, most first."""
        return _served(self.models, self._tracks, self._present, self.task.features)


def _present(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Those of some columns that a table has; older versions may lack one."""
    return table.select([name for name in dict.fromkeys(columns) if name in table.column_names])


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
    tracks = counts_of(rows.filter(rows["has_features"])["model"])
    return _served(models, tracks, set(frame.columns[frame.notna().any()]), features)


def _served(
    models: Sequence[StoredModel],
    tracks: Mapping[str, int],
    present: Collection[str],
    features: Sequence[str],
) -> tuple[Served, ...]:
    served = [
        Served(
            model=model.name,
            version=str(model.version),
            tracks=tracks.get(model.name, 0),
            without=tuple(name for name in features if name not in model.features),
            absent=tuple(name for name in model.features if name not in present),
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
