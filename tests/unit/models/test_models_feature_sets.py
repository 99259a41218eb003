"""A task for each set of features that rows have."""

import pyarrow as pa
import pytest
from model_rows import Quick, fma_tables, lacking, spotify_binned

from genrelab.models.data import UnfitError, prepare, variant_rows
from genrelab.models.feature_sets import FEWEST, MOST_SETS, tasks_for
from genrelab.models.tasks import FMA_TOP_GENRE, REMOVED, SPOTIFY_BINS_CLASSIC, SPOTIFY_BINS_REVIEWED, TASKS
from genrelab.models.training import train_task
from genrelab.models.zoo import find_models

NAME = SPOTIFY_BINS_CLASSIC.name
LESS = f"{NAME}-without-time-signature"


def tasks_of(data: pa.Table, task=SPOTIFY_BINS_CLASSIC):
    return tasks_for(task, {"spotify_binned": data})


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("spotify")])
def test_rows_with_all_features_have_the_task_as_it_is(name):
    """Nothing changes for a table without gaps, nor for one with few."""
    assert tasks_of(spotify_binned(gaps=0), TASKS[name]) == (TASKS[name],)
    assert tasks_of(spotify_binned(gaps=FEWEST - 1), TASKS[name]) == (TASKS[name],)


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("spotify")])
def test_a_feature_that_no_row_has_is_left_out_and_named(name):
    """Every task of Spotify is trained without it, under a name and a tag of its own, on all rows."""
    data = lacking(spotify_binned(gaps=0), "time_signature")

    (task,) = tasks_of(data, TASKS[name])
    prepared = prepare(task, {"spotify_binned": data})

    assert (task.name, task.predicts) == (
        f"{name}-without-time-signature",
        f"{TASKS[name].predicts}-without-time-signature",
    )
    assert "time_signature" not in {*prepared.features.columns, *task.distinct_by, *prepared.columns.columns}
    assert len(prepared) == 390
    assert prepared.note().endswith("trained without time_signature, which all rows lack")


def test_a_mixed_table_has_a_task_for_each_kind_of_row():
    """The rows with all features take part in both; what most rows have comes first and alone is searched."""
    data = lacking(spotify_binned(gaps=0), "time_signature", slice(0, 150))

    full, less = tasks_of(data)
    prepared = [prepare(task, {"spotify_binned": data}) for task in (full, less)]

    assert [full.name, less.name] == [NAME, LESS]
    assert (full.is_searched, less.is_searched) == (True, False)
    assert [len(one) for one in prepared] == [390 - prepared[0].lacking_some, 390]
    assert 100 < prepared[0].lacking_some <= 150
    assert "that lack some features" in prepared[0].note()
    assert "trained without time_signature, which 150 of 400 rows lack" in prepared[1].note()


def test_the_task_of_the_most_rows_comes_first():
    """Also where it is the one with fewer features; a kind of row that is rare has none."""
    data = lacking(spotify_binned(gaps=0), "time_signature", slice(0, 300))
    assert [task.name for task in tasks_of(data)] == [LESS, NAME]
    data = lacking(spotify_binned(gaps=0), "time_signature", slice(0, 400 - FEWEST + 1))
    assert [task.name for task in tasks_of(data)] == [LESS]


def test_rows_without_a_label_count_since_they_are_predicted():
    """New tracks lack both their genre and the feature; those that the labels come from have all."""
    data = spotify_binned(gaps=0, unbinned=60)
    unlabelled = [row for row, label in enumerate(data["bin_classic"].to_pylist()) if label is None]
    data = lacking(data, "time_signature", unlabelled)

    assert [task.name for task in tasks_of(data)] == [NAME, LESS]
    assert [task.name for task in tasks_of(data, TASKS[f"{NAME}-twelve"])] == [f"{NAME}-twelve"]


def test_no_more_than_a_few_sets_are_trained():
    """Each is a whole training; tracks of other kinds are predicted by what they have enough for."""
    data = spotify_binned(gaps=0)
    for place, name in enumerate(("mode", "tempo", "valence", "energy", "liveness")):
        data = lacking(data, name, slice(60 * place, 60 * place + 50))

    assert len(tasks_of(data)) == MOST_SETS


def test_rows_without_any_feature_are_no_kind():
    """A table of them cannot be trained on, and says so; among others they are counted as without features."""
    names = SPOTIFY_BINS_CLASSIC.features
    data = lacking(spotify_binned(gaps=0), names, slice(0, 40))
    (task,) = tasks_of(data)
    prepared = prepare(task, {"spotify_binned": data})
    assert (task, prepared.lacking_some) == (SPOTIFY_BINS_CLASSIC, 0)
    assert prepared.without_features + len(prepared) == 390
    nothing = lacking(data, names)
    (task,) = tasks_of(nothing)
    with pytest.raises(UnfitError, match="no row with a value of acousticness"):
        prepare(task, {"spotify_binned": nothing})


def test_a_variant_cannot_do_without_what_it_is_about():
    """Popularity of no row: left out with a sentence, as before; the others are trained."""
    data = lacking(spotify_binned(gaps=0), ("popularity", "time_signature"))
    (task,) = tasks_of(data, TASKS[f"{NAME}-popularity"])

    with pytest.raises(UnfitError, match="popularity"):
        prepare(task, {"spotify_binned": data})
    assert [task.name for task in tasks_of(data)] == [LESS]


def test_duplicates_are_told_by_the_features_that_are_there():
    """Forty rows repeat forty others; without the time signature they still do."""
    data = lacking(spotify_binned(gaps=0), "time_signature")
    (task,) = tasks_of(data)
    prepared = prepare(task, {"spotify_binned": data})

    assert len(prepared) - len(variant_rows(prepared, REMOVED)) == 40


def test_fma_too_is_trained_on_what_is_there():
    """Echo Nest features of which one is a column of nothing."""
    tables = fma_tables()
    tables["fma_echonest"] = lacking(tables["fma_echonest"], "valence")

    (task,) = tasks_for(FMA_TOP_GENRE, tables)

    assert task.name == "fma-top-genre-without-valence"
    assert len(prepare(task, tables)) > 100


def test_a_mixed_table_can_be_trained():
    """Every light model fits both kinds of rows; the splits keep the artists' permanent parts."""
    data = lacking(spotify_binned(gaps=0), "time_signature", slice(0, 150))
    for task in tasks_of(data, SPOTIFY_BINS_REVIEWED):
        prepared = prepare(task, {"spotify_binned": data})
        trained = train_task(prepared, task, find_models(["logistic_regression", "xgboost"]), Quick())
        assert not trained.failures
        assert {tuple(result.features) for result in trained.results} == {task.features}
