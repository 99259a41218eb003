"""How well labels are predicted where the searched name is in the title, and what training without them changes.

    python benchmarks/suspect_labels.py rows        by kind of row
    python benchmarks/suspect_labels.py training    training with and without suspect labels

Reads the pulls of `GENRELAB_REAL_DATA` (default `../shared/data`); takes a minute of one core. Every row of the
training part is predicted by a fit without its artist (`genrelab.models.suspect_labels`, three folds). Gate and test
rows are not looked at.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.groups import MANY_NAMES, assign_groups
from genrelab.evaluation.results import SuspectStudy
from genrelab.lake.lake import in_source_order
from genrelab.models.data import TaskData, prepare
from genrelab.models.out_of_fold import training_rows
from genrelab.models.search import artist_folds
from genrelab.models.suspect_labels import held_out, study_suspects
from genrelab.models.task import Task
from genrelab.models.tasks import TASKS
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import read_pulls
from genrelab.sources.spotify.searched_names import NamesOfIds, find_searched_names
from genrelab_cli.numbers import markdown

REAL_DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data"))
SEED = 24


@dataclass(frozen=True)
class OneCore:
    """Settings of the fits."""

    seed: int = SEED
    cores: int = 1
    budget: str = "nightly"


def read_binned() -> pa.Table:
    """The pulls with bins, groups and the columns on searched names."""
    tracks = in_source_order(read_pulls(REAL_DATA / "spotify" / "pulls", is_distinct=True).data)
    with tempfile.TemporaryDirectory() as folder:
        assigned, names = assign_groups(tracks, None, Path(folder)), NamesOfIds.of(tracks, Path(folder))
    columns = {
        "artist_group": assigned.groups.dictionary_decode(),
        "part": assigned.parts.dictionary_decode(),
        **vars(find_searched_names(tracks, names)),
    }
    for rule_set in ("classic", "reviewed"):
        columns[f"bin_{rule_set}"] = bin_tracks(tracks["genres"], load_rule_set(rule_set)).bins
    for name, values in columns.items():
        tracks = tracks.append_column(name, values)
    return tracks


def marks(binned: pa.Table) -> pd.DataFrame:
    """What is known of the name of each row."""
    found = binned.select(
        [
            "source",
            "source_row",
            "artist_id",
            "artist_name",
            "name_in_title",
            "names_of_artist_id",
            "label_is_suspect",
        ]
    ).to_pandas()
    for name in ("name_in_title", "label_is_suspect"):
        found[name] = found[name].eq(other=True).fillna(value=False).astype(bool)
    commonest = found.groupby("artist_id")["artist_name"].transform(
        lambda names: names.value_counts().index[0]
    )
    found["is_other_name"] = (found["artist_name"] != commonest) & (found["names_of_artist_id"] <= MANY_NAMES)
    found["is_one_word"] = ~found["artist_name"].str.strip().str.contains(" ")
    return found


def task_data(rule_set: str, binned: pa.Table) -> tuple[Task, TaskData]:
    """The task of a rule set and its rows."""
    task = TASKS[f"spotify-bins-{rule_set}"]
    return task, prepare(task, {"spotify_binned": binned})


def rows_table(rule_set: str, binned: pa.Table) -> str:
    """How many rows of each kind a model predicts as labelled that was not fitted on their artist."""
    settings = OneCore()
    task, data = task_data(rule_set, binned)
    rows, groups = training_rows(task, data, SEED), data.columns[task.group].to_numpy()
    folds = artist_folds(data, rows, groups, SEED)[1]
    proba = held_out(task, data, rows, folds, settings, is_fitted=np.ones(len(rows), dtype=bool))
    hit = proba.argmax(axis=1) == np.searchsorted(np.asarray(data.labels), data.target[rows])
    keys = data.columns[["source", "source_row"]].iloc[rows]
    of_row = keys.merge(marks(binned), on=["source", "source_row"], how="left", validate="one_to_one")
    suspect, in_title = of_row["label_is_suspect"].to_numpy(), of_row["name_in_title"].to_numpy()
    other = of_row["is_other_name"].to_numpy()
    kinds = {
        "name among the title's own words (suspect)": suspect,
        "of these, names of one word": suspect & of_row["is_one_word"].to_numpy(),
        "name behind a bracket, dash or feat.": in_title & ~suspect,
        "name not in the title, id mostly of another name": ~in_title & other,
        "all others": ~in_title & ~other,
    }
    return markdown(
        (f"rows, `{task.name}`", "number", "share predicted as labelled"),
        [(kind, f"{mask.sum():,}", f"{hit[mask].mean():.3f}") for kind, mask in kinds.items()],
    )


def training_table(studies: Mapping[str, SuspectStudy | None]) -> str:
    """What leaving suspect rows out of training changes, by task."""
    return markdown(
        ("task", "log loss, clean rows", "log loss, all rows", "accuracy, clean rows", "suspect rows"),
        [
            (
                f"`{task}`",
                str(study.on_clean["log_loss"]),
                str(study.on_all["log_loss"]),
                str(study.on_clean["accuracy"]),
                "are left out" if study.is_left_out else "stay in training",
            )
            for task, study in studies.items()
            if study
        ],
    )


def main() -> None:
    """Print the table that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("rows", "training"))
    pulls, asked = read_binned(), parser.parse_args()
    if asked.what == "rows":
        print(rows_table("reviewed", pulls))
        return
    asked_of = [task_data(rule_set, pulls) for rule_set in ("classic", "reviewed")]
    print(training_table({task.name: study_suspects(task, data, OneCore()) for task, data in asked_of}))


if __name__ == "__main__":
    main()
