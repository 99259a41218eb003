"""The rows of a task: which take part, and what becomes of bad input."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from model_rows import Quick, fma_tables, spotify_binned

from genrelab.analyses.training.runs import training_run
from genrelab.lake.version import Counts, TableVersion
from genrelab.models.data import UnfitError, make_splits, prepare
from genrelab.models.tasks import (
    FMA_SMALL_GENRES,
    FMA_THREE_GENRES,
    FMA_TOP_TEN,
    FMA_TOP_TEN_ARTISTS,
    LIBROSA_FEATURES,
    SPOTIFY_BINS_CLASSIC,
    TASKS,
)
from genrelab.models.training import train_task, variant_rows
from genrelab.models.zoo import find_models, models_for
from genrelab.runtime.errors import GenrelabError

LIGHT = find_models(["majority", "logistic_regression", "linear_svm"])


def with_column(table, name, values):
    return table.set_column(table.column_names.index(name), name, pa.array(values))


def librosa(rows=120):
    """Tracks with three of the 518 features; one in four lies outside fma_small."""
    generator = np.random.default_rng(7)
    tables = fma_tables(rows)
    tracks = tables["fma_tracks"].append_column(
        "subset", pa.array(["large" if row % 4 == 0 else "small" for row in range(rows)])
    )
    present = {name: generator.normal(size=rows).tolist() for name in LIBROSA_FEATURES[:3]}
    features = {name: present.get(name, pa.nulls(rows, pa.float32())) for name in LIBROSA_FEATURES}
    return {"fma_tracks": tracks, "fma_features": pa.table({"track_id": tracks["track_id"], **features})}


def test_a_genre_of_one_track_is_told_and_the_other_models_go_on():
    """Calibration needs three of each; the machine that wants it is left out by name."""
    table = spotify_binned(duplicates=0)
    labels = table["bin_classic"].to_pylist()
    train = next(
        row
        for row, (part, label) in enumerate(zip(table["part"].to_pylist(), labels, strict=True))
        if part == "train" and label and table["tempo"][row].as_py() is not None
    )
    labels[train] = "focus/sleep"
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": with_column(table, "bin_classic", labels)})

    trained = train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick())

    assert "a single row, used for training alone: focus/sleep" in data.note()
    assert {one.model.name for one in trained.results} == {"majority", "logistic_regression"}
    assert "linear_svm cannot be fitted" in trained.failures["linear_svm, duplicates kept"]


def test_a_constant_feature_is_told_and_hurts_nobody():
    """Mode is 1 in every row."""
    table = with_column(spotify_binned(), "mode", [1.0] * 400)
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": table})

    trained = train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick())

    assert "the same in every row: mode" in data.note()
    assert trained.failures == {}


def test_a_feature_that_no_row_has_is_named():
    """The scraper got no tempo."""
    table = with_column(spotify_binned(), "tempo", pa.nulls(400, pa.float64()))

    with pytest.raises(UnfitError, match="found: no row with a value of tempo"):
        prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": table})


def test_the_librosa_tasks_take_the_columns_that_are_there():
    """Three of 518, in the tracks of fma_small, or of the three genres wherever they lie."""
    small = prepare(FMA_SMALL_GENRES, librosa())
    three = prepare(FMA_THREE_GENRES, librosa())

    assert list(small.features.columns) == list(LIBROSA_FEATURES[:3])
    assert "515 of the features are absent from the source" in small.note()
    assert len(small) + small.elsewhere + small.without_label == 120
    assert set(three.labels) == {"Electronic", "Rock"}
    assert three.elsewhere > 0


def test_the_most_frequent_genres_take_part():
    """The two most frequent of three; the rest is counted."""
    data = prepare(replace(FMA_TOP_TEN, most_frequent=2), fma_tables())
    everything = prepare(FMA_TOP_TEN, fma_tables())

    counts = {label: int((everything.target == label).sum()) for label in everything.labels}
    assert set(data.labels) == set(sorted(counts, key=lambda label: -counts[label])[:2])
    assert data.elsewhere == min(counts.values())


def test_what_echo_nest_knew_of_the_artist_is_left_out_where_a_source_lacks_it():
    """The task is optional and says what it misses."""
    tables = fma_tables()
    rows = len(tables["fma_echonest"])
    empty = tables["fma_echonest"]
    for name in ("artist_discovery", "artist_familiarity", "artist_hotttnesss"):
        empty = empty.append_column(name, pa.nulls(rows, pa.float64()))

    assert FMA_TOP_TEN_ARTISTS.is_optional
    with pytest.raises(UnfitError, match="no row with a value of artist_discovery, artist_familiarity"):
        prepare(FMA_TOP_TEN_ARTISTS, {**tables, "fma_echonest": empty})


def test_duplicates_are_told_by_the_eleven_features():
    """Key, popularity and title make no new track of a twin."""
    task = TASKS["spotify-bins-classic-twelve"]
    data = prepare(task, {"spotify_binned": spotify_binned()})

    assert len(variant_rows(data, "removed")) == 345


def test_only_a_model_that_reads_text_is_given_it():
    """The others get the numbers; a missing title is empty."""
    task = TASKS["spotify-bins-classic-titles"]
    data = prepare(task, {"spotify_binned": spotify_binned()})

    trained = train_task(data, task, models_for(task.family, "quick"), Quick())

    features = {one.model.name: one.features for one in trained.results}
    assert "track_name" in features["random_forest_titles"]
    assert "track_name" not in features["majority"]
    assert (data.features["track_name"] == "").sum() > 0
    titles = next(one for one in trained.results if one.model.name == "random_forest_titles")
    assert titles.importances[0].feature == "track_name"


def test_no_time_for_one_fit_is_told():
    """The time was over before it began."""
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})

    with pytest.raises(
        GenrelabError, match=r"no model of .* could be trained.*time limit for training is reached"
    ):
        train_task(data, SPOTIFY_BINS_CLASSIC, LIGHT, Quick(), deadline=0.0)


def test_a_slow_model_keeps_to_the_fewest_splits_of_a_nightly_training():
    """The author's with duplicates, gate and grouped without; a quick or thorough one judges it everywhere."""
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})
    task = replace(SPOTIFY_BINS_CLASSIC, is_searched=False, has_champion=False)
    slow = find_models(["rbf_svm"])

    nightly, quick = (
        [set(one.evaluations) for one in train_task(data, task, slow, Quick(budget=budget)).results]
        for budget in ("nightly", "quick")
    )

    assert nightly == [{"author"}, {"gate", "grouped"}]
    assert quick == [{"author", "random", "gate", "grouped"}, {"random", "gate", "grouped"}]


def test_a_model_that_cannot_take_all_rows_says_how_many_it_took():
    """A sample of whole artists, told in `fitted_on`."""
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})
    task = replace(SPOTIFY_BINS_CLASSIC, duplicates=("kept",), splits=("gate", "grouped"))
    (tree,) = find_models(["decision_tree"])

    (result,) = train_task(data, task, (replace(tree, most_rows=100),), Quick()).results

    assert result.evaluations["gate"].train_rows <= 100
    assert "(a sample of " in result.fitted_on


def test_the_parts_of_every_spotify_task_share_no_artist():
    """Gate and test on one side, training on the other."""
    for task in TASKS.values():
        if "grouped" in task.splits:
            data = prepare(task, {"spotify_binned": spotify_binned()})
            groups = data.columns["artist_group"].to_numpy()
            for split in make_splits(task, data, np.arange(len(data)), 3):
                if split.name in {"gate", "grouped"}:
                    assert set(groups[split.train]).isdisjoint(groups[split.test])


def test_a_thorough_training_takes_the_whole_zoo_where_a_nightly_takes_a_few():
    """The short families name the long one."""
    short, whole = models_for("spotify-short", "nightly"), models_for("spotify-short", "thorough")

    assert len(short) < len(whole)
    assert {model.name for model in whole} == {model.name for model in models_for("spotify", "nightly")}


def test_a_sample_of_the_artists_is_stated():
    """In the note, which terminal and model card show, and in the tags of MLflow; nothing where all rows were read."""
    table = spotify_binned()
    version = TableVersion("spotify_binned", 0, "0@now", Counts(1, 1), "pulls", False, "2026-03-12")
    drawn = "a sample of 20 of 60 rows, seeded"
    data, whole = (prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": table}, said) for said in (drawn, ""))
    runs = [training_run(SPOTIFY_BINS_CLASSIC, each, version, Quick()) for each in (data, whole)]

    assert "these are a sample of 20 of 60 rows, seeded, by artists (setting training.rows)" in data.note()
    assert "sample" not in whole.note()
    assert [run.tags.get("rows_drawn") for run in runs] == [drawn, None]
