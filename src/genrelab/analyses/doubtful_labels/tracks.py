"""The labelled tracks of a task: features, artists, copies of a recording, and what a person knows of them.

Conventions: one row per labelled track with features, in source order. `groups` joins the rows of an artist and all
rows with the same features, so that no recording is on both sides of a fold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genrelab.analyses.doubtful_labels.held_out import Rows, with_derived
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.samples import read_sample, sample_groups
from genrelab.models.data import TaskData, prepare
from genrelab.models.feature_sets import tasks_for
from genrelab.models.task import Task

IntArray = npt.NDArray[np.int64]

MOST_ROWS = 50_000
"""Labelled rows that are audited at most: whole artists, drawn by the seed."""

SHOWN = {
    "spotify_binned": {"artist_name": "artist", "track_name": "track"},
    "fma_tracks": {"artist_name": "artist", "track_title": "track"},
}
"""Columns that name a track, by table."""
SEARCHED = "name_in_title"
SPOTIFY_ONLY = ("genres", "rule", "micro_genre", SEARCHED)
"""Columns of spotify_binned that explain a label; those that the table lacks are left out."""


@dataclass(frozen=True)
class Tracks:
    """The tracks of a task that are audited.

    Args:
        task: The task: with the features that most rows have.
        data: Rows of the task; `rows` is a selection of them.
        rows: Features, codes, groups of the audited rows.
        labels: Names of the codes.
        artists: Number of the artist of each audited row, shape (rows,).
        twins: Number of the set of features of each audited row, shape (rows,).
        known: What a person knows of each audited row: source, source_row, track_id, track, artist, and of Spotify
            what decided the label.
        labelled: Rows with a label and features, before a sample of them was drawn.
    """

    task: Task
    data: TaskData
    rows: Rows
    labels: tuple[str, ...]
    artists: IntArray
    twins: IntArray
    known: pd.DataFrame
    labelled: int

    def take(self, rows: IntArray) -> "Tracks":
        """Return some of the tracks."""
        return Tracks(
            self.task,
            self.data,
            self.rows.take(rows),
            self.labels,
            self.artists[rows],
            self.twins[rows],
            self.known.iloc[rows].reset_index(drop=True),
            self.labelled,
        )


def read_tracks(inputs: Inputs, task: Task) -> Tracks:
    """Return the labelled tracks of a task, at most `MOST_ROWS` of them.

    Of a table with more rows than training reads (`training.rows`), these are from the sample that it reads.

    Raises:
        UnfitError: A column is missing, no row has the features, or fewer than two labels occur.
    """
    most, stored = inputs.setting("training_rows"), inputs.stored(task.table)
    tables = {
        table: inputs.read(table, names) for table, names in task.columns.items() if table != task.table
    }
    tables[task.table], drawn_from = read_sample(
        stored, _columns(task, stored.column_names), task.group, most, inputs.seed
    )
    chosen = tasks_for(task, tables)[0]
    data = prepare(chosen, tables, drawn_from)
    codes = np.searchsorted(np.asarray(data.labels), data.target).astype(np.int64)
    artists = np.asarray(pd.factorize(data.columns[task.group], use_na_sentinel=False)[0], dtype=np.int64)
    sets = data.features.groupby(list(data.features), sort=False).ngroup()
    twins = np.asarray(sets, dtype=np.int64)
    groups = joined_groups(artists, twins)
    drawn = sample_groups(np.arange(len(data)), groups, MOST_ROWS, inputs.seed)
    rows = Rows(with_derived(data.features), codes, groups, len(data.labels))
    known = _known(data.columns, tables[task.table], task)
    everyone = Tracks(chosen, data, rows, tuple(data.labels), artists, twins, known, len(data))
    return everyone if len(drawn) == len(data) else everyone.take(drawn)


def joined_groups(artists: IntArray, twins: IntArray) -> IntArray:
    """Return the number of the group of each row: rows of one artist or of one set of features are in one group."""
    sets = artists.max() + 1
    edges = coo_array((np.ones(len(artists)), (artists, sets + twins)), shape=(sets + twins.max() + 1,) * 2)
    return np.asarray(connected_components(edges, directed=False)[1][artists], dtype=np.int64)


def _columns(task: Task, there: Sequence[str]) -> list[str]:
    """Return the columns to read from the table of the tracks: those of the task, and those that a person reads."""
    named = [
        name
        for name in ("source", "source_row", "track_id", *SHOWN[task.table], *SPOTIFY_ONLY)
        if name in there
    ]
    return list(dict.fromkeys([*task.columns_in(task.table, there), *named]))


def _known(columns: pd.DataFrame, table: pa.Table, task: Task) -> pd.DataFrame:
    names = SHOWN[task.table]
    wanted = ["source", "source_row", "track_id", *names, *SPOTIFY_ONLY]
    there = [name for name in dict.fromkeys(wanted) if name in table.column_names]
    shown = table.select(there).to_pandas().rename(columns=names)
    key = ["source", "source_row"]
    known: pd.DataFrame = columns[key].merge(shown, on=key, how="left", sort=False)
    known["track"] = known["track"].fillna("track " + known["track_id"].astype(str))
    known["artist"] = known["artist"].fillna("artist " + columns[task.group].astype(str))
    if SEARCHED in known:  # missing where a name has no letters
        known[SEARCHED] = known[SEARCHED].astype(object).eq(other=True)
    return known
