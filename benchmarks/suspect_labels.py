"""How well labels are predicted where the searched name is in the title, and what training without them changes.

    python benchmarks/suspect_labels.py

Reads the pulls of `GENRELAB_REAL_DATA` (default `../shared/data`); takes a minute of one core. Every row of the
training part is predicted by a fit without its artist (`genrelab.models.suspect_labels`, three folds). Gate and test
rows are not looked at.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.groups import MANY_NAMES, assign_groups
from genrelab.lake.lake import in_source_order
from genrelab.models.data import make_splits, prepare, variant_rows
from genrelab.models.search import artist_folds
from genrelab.models.suspect_labels import held_out, study_suspects
from genrelab.models.tasks import TASKS
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import read_pulls
from genrelab.sources.spotify.searched_names import find_searched_names

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
    assigned = assign_groups(tracks)
    columns = {"artist_group": assigned.groups, "part": assigned.parts, **vars(find_searched_names(tracks))}
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


def measure(rule_set: str, binned: pa.Table) -> None:
    """Print the shares of predicted labels by kind of row, and the study."""
    task, settings = TASKS[f"spotify-bins-{rule_set}"], OneCore()
    data = prepare(task, {"spotify_binned": binned})
    rows = variant_rows(data, task.duplicates[-1])
    gate = next(one for one in make_splits(task, data, rows, SEED) if one.name == task.gate)
    rows, groups = rows[gate.train], data.columns[task.group].to_numpy()
    folds = artist_folds(data, rows, groups, SEED)[1]
    proba = held_out(task, data, rows, folds, settings, is_fitted=np.ones(len(rows), dtype=bool))
    codes = np.searchsorted(np.asarray(data.labels), data.target[rows])
    hit = proba.argmax(axis=1) == codes
    loss = -np.log(np.clip(proba[np.arange(len(rows)), codes], 1e-15, 1))
    keys = data.columns[["source", "source_row"]].iloc[rows]
    of_row = keys.merge(marks(binned), on=["source", "source_row"], how="left", validate="one_to_one")
    suspect, in_title = of_row["label_is_suspect"].to_numpy(), of_row["name_in_title"].to_numpy()
    other = of_row["is_other_name"].to_numpy()
    kinds = {
        "all rows": np.ones(len(rows), dtype=bool),
        "name among the title's own words (suspect)": suspect,
        "of these, names of one word": suspect & of_row["is_one_word"].to_numpy(),
        "name behind a bracket, dash or feat.": in_title & ~suspect,
        "name not in the title, id mostly of another name": ~in_title & other,
        "all others": ~in_title & ~other,
    }
    print(f"\n{task.name}, {len(rows):,} training rows\n")
    print("| rows | number | share predicted as labelled | log loss |\n| --- | ---: | ---: | ---: |")
    for kind, mask in kinds.items():
        print(f"| {kind} | {mask.sum():,} | {hit[mask].mean():.3f} | {loss[mask].mean():.3f} |")
    study = study_suspects(task, data, settings)
    print(f"\n{study.in_words() if study else 'no study'}")


if __name__ == "__main__":
    pulls = read_binned()
    for each in ("classic", "reviewed"):
        measure(each, pulls)
