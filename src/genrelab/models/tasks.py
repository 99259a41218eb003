"""Training tasks: what is predicted, from which columns of which tables, judged on which splits.

Conventions: rows are in source order. `duplicates` is `kept` or `removed`; removed means one row per distinct
set of features. A row without a label or without a feature takes no part and is counted.

Which models are tried does not belong here but in `genrelab.models.zoo`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab import splits
from genrelab.errors import GenrelabError
from genrelab.groups import NONE
from genrelab.lake import in_source_order
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import MODEL_FEATURES

KEPT, REMOVED = "kept", "removed"
SPOTIFY_FAMILY, FMA_ECHONEST_FAMILY = "spotify", "fma-echonest"


REPEATS = range(5)
"""Seeds of the repeated group splits."""


@dataclass(frozen=True)
class Task:
    """One thing to predict.

    Args:
        name: Name of the registered model.
        title: Name that people read.
        experiment: MLflow experiment.
        predicts: Value of the tag `task`: `bins`, `top-genre`.
        rule_set: Rule set that made the labels; empty where people gave them.
        columns: Columns to read from each table; the first table is the one whose rows are counted, others
            are joined to it by `track_id`.
        target: Column of the label.
        features: Columns of the features.
        splits: Names of the splits, in the order in which they are shown.
        gate: Split that promotion reads.
        shown: Split that the report shows first.
        family: Which models take part.
        duplicates: Variants to train.
    """

    name: str
    title: str
    experiment: str
    predicts: str
    rule_set: str
    columns: Mapping[str, tuple[str, ...]]
    target: str
    features: tuple[str, ...]
    splits: tuple[str, ...]
    gate: str
    shown: str
    family: str
    duplicates: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table whose version stands for the data set."""
        return next(iter(self.columns))


def spotify_bins(rule_set: str) -> Task:
    """The task of predicting the bins of one rule set; only the classic bins have the author's split."""
    target = f"bin_{rule_set}"
    of_author = ("author",) if rule_set == "classic" else ()
    return Task(
        name=f"spotify-bins-{rule_set}",
        title=f"Spotify: twelve genres ({rule_set} rules) from eleven audio features",
        experiment="spotify-genres",
        predicts="bins",
        rule_set=rule_set,
        columns={
            "spotify_binned": ("source", "source_row", "artist_group", "part", target, *MODEL_FEATURES),
        },
        target=target,
        features=MODEL_FEATURES,
        splits=(*of_author, "random", "gate", "grouped"),
        gate="gate",
        shown="grouped",
        family=SPOTIFY_FAMILY,
        duplicates=(KEPT, REMOVED),
    )


SPOTIFY_BINS_CLASSIC = spotify_bins("classic")
SPOTIFY_BINS_REVIEWED = spotify_bins("reviewed")

FMA_TOP_GENRE = Task(
    name="fma-top-genre",
    title="FMA: top genre from eight Echo Nest features",
    experiment="fma-genres",
    predicts="top-genre",
    rule_set="",
    columns={
        "fma_tracks": ("source", "source_row", "track_id", "split", "genre_top"),
        "fma_echonest": ("track_id", *ECHONEST_AUDIO),
    },
    target="genre_top",
    features=ECHONEST_AUDIO,
    splits=("validation", "official"),
    gate="validation",
    shown="official",
    family=FMA_ECHONEST_FAMILY,
    duplicates=(KEPT,),
)

TASKS: dict[str, Task] = {
    task.name: task for task in (SPOTIFY_BINS_CLASSIC, SPOTIFY_BINS_REVIEWED, FMA_TOP_GENRE)
}


@dataclass(frozen=True)
class TaskData:
    """The rows of a task that can be used, in source order.

    Args:
        features: float64, one column per feature, index 0, 1, 2, ...
        target: Label of each row.
        columns: The other columns that were read (`part`, `artist_group`, `split`, provenance).
        labels: The labels that occur, sorted.
        read: Rows of the joined tables.
        without_label: Rows left out because they have no label.
        without_features: Rows with a label left out because a feature is missing.
    """

    features: pd.DataFrame
    target: npt.NDArray[np.str_]
    columns: pd.DataFrame
    labels: tuple[str, ...]
    read: int
    without_label: int
    without_features: int

    def __len__(self) -> int:
        return len(self.target)

    def note(self) -> str:
        """What became of the rows, in a sentence."""
        return (
            f"{len(self):,} of {self.read:,} rows used; left out: {self.without_label:,} without a label,"
            f" {self.without_features:,} without features"
        )


def prepare(task: Task, tables: Mapping[str, pa.Table]) -> TaskData:
    """Join the tables of a task and keep the rows that have a label and all features.

    Args:
        task: What to predict.
        tables: The tables named in `task.columns`, with at least those columns, rows in any order.

    Raises:
        GenrelabError: A column is missing, or fewer than two labels are left.
    """
    frames = [_select(name, columns, tables) for name, columns in task.columns.items()]
    frame = frames[0]
    for other in frames[1:]:
        frame = frame.merge(other, on="track_id", how="inner", sort=False, validate="one_to_one")
    has_label = frame[task.target].notna()
    has_features = frame[list(task.features)].notna().all(axis=1)
    used = frame[has_label & has_features].reset_index(drop=True)
    target = used[task.target].to_numpy(dtype=str)
    labels = tuple(sorted(set(target.tolist())))
    data = TaskData(
        features=used[list(task.features)].astype("float64"),
        target=target,
        columns=used.drop(columns=[task.target, *task.features]),
        labels=labels,
        read=len(frame),
        without_label=int((~has_label).sum()),
        without_features=int((has_label & ~has_features).sum()),
    )
    if len(labels) < 2:  # noqa: PLR2004 - one label leaves nothing to predict
        raise GenrelabError(
            f"{task.name} cannot be trained",
            found=f"{len(labels)} labels ({data.note()})",
            allowed="at least two labels",
            do="bin the genres or import a source with more of them",
        )
    return data


def make_splits(
    task: Task, data: TaskData, rows: npt.NDArray[np.int64], seed: int
) -> tuple[splits.Split, ...]:
    """The splits of a task over some of its rows; the author's only over all of them.

    Args:
        task: What is predicted.
        data: Its rows.
        rows: The rows to divide: all, or the distinct ones.
        seed: Seed of the random split.

    Returns:
        Splits whose indices count within `rows`.

    Raises:
        SplitError: A part has no rows.
    """
    target = data.target[rows]
    made: dict[str, splits.Split] = {}
    if "author" in task.splits and len(rows) == len(data):
        made["author"] = splits.author(target)
    if "random" in task.splits:
        made["random"] = splits.random(target, seed)
    if "grouped" in task.splits:
        made |= {split.name: split for split in splits.permanent(data.columns["part"].to_numpy()[rows])}
    if "official" in task.splits:
        made |= {split.name: split for split in splits.official(data.columns["split"].to_numpy()[rows])}
    return tuple(made[name] for name in task.splits if name in made)


def make_repeats(task: Task, data: TaskData, rows: npt.NDArray[np.int64]) -> tuple[splits.Split, ...]:
    """Other draws of artists over the same rows, one per seed of `REPEATS`; none for a task without groups.

    Raises:
        SplitError: Fewer than two groups.
    """
    if "grouped" not in task.splits:
        return ()
    inside = np.flatnonzero(data.columns["part"].to_numpy()[rows] != NONE)
    drawn = splits.repeated_groups(data.columns["artist_group"].to_numpy()[rows[inside]], REPEATS)
    return tuple(splits.Split(one.name, inside[one.train], inside[one.test], one.validation) for one in drawn)


def _select(name: str, columns: tuple[str, ...], tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    table = tables[name]
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise GenrelabError(
            f"the table {name} lacks columns that training needs",
            found=", ".join(table.column_names),
            allowed=", ".join(columns),
            do="run the flow that makes it again",
        )
    chosen = table.select(list(columns))
    frame: pd.DataFrame = (in_source_order(chosen) if "source" in columns else chosen).to_pandas()
    return frame
