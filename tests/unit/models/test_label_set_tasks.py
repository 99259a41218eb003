"""Tasks of every genre of a track: what is read, what is odd about it, who is chosen, and what the gate says."""

import json
from dataclasses import replace

import numpy as np
import pytest
from genre_set_rows import UNLABELLED, genre_set_tables, genre_table, with_genres
from model_rows import Quick
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier

from genrelab.analyses.drift.watched import WATCHED
from genrelab.evaluation.results import Thresholds
from genrelab.models.champion import decide
from genrelab.models.data import UnfitError, prepare
from genrelab.models.declaration import Model
from genrelab.models.kinds import SEVERAL_LABELS
from genrelab.models.on_folds import most_frequent
from genrelab.models.tasks import FMA_ALL_GENRES, FMA_ALL_GENRES_ECHONEST, FMA_GIVEN_GENRES
from genrelab.models.training import best_candidate, train_task
from genrelab.tables.fma import ECHONEST_AUDIO

TRACKS = 360
LINEAR = Model(
    "linear",
    "Linear",
    "Made.",
    lambda *_: OneVsRestClassifier(LogisticRegression(max_iter=500)),
    (),
    complexity=1,
)
NEAREST = Model("nearest", "Nearest", "Made.", lambda *_: KNeighborsClassifier(9), (), most_rows=150)


@pytest.fixture(scope="module")
def tables():
    """Tracks of several genres."""
    return genre_set_tables()


@pytest.fixture(scope="module")
def trained(tables):
    """Both models on librosa features."""
    data = prepare(FMA_ALL_GENRES, tables)
    return train_task(data, FMA_ALL_GENRES, (LINEAR, NEAREST), Quick())


def test_ids_stay_numbers_on_their_way_into_tags(trained):
    """They are read from int64 and come back from JSON as they were."""
    labels = trained.data.labels

    assert labels == (12, 15, 25, 38, 181)
    assert tuple(json.loads(json.dumps(best_candidate(trained).labels))) == labels
    assert {type(label) for label in labels} == {int}


def test_tracks_without_a_genre_or_features_are_counted(trained):
    """They take no part in training; what became of them is said."""
    assert trained.data.note().startswith(
        f"{TRACKS - UNLABELLED} of {TRACKS - 1} rows used; left out: {UNLABELLED - 1} without a label"
    )
    assert "459 of the features are absent from the source" in trained.data.note()


@pytest.mark.parametrize("columns", [59, 140, 249, 518])
def test_every_number_of_columns_is_trained(columns):
    """The features that are there are taken, whatever their number."""
    data = prepare(FMA_ALL_GENRES, genre_set_tables(200, columns, artists=50))
    one = train_task(data, FMA_ALL_GENRES, (NEAREST,), Quick())

    assert not one.failures
    assert data.features.shape[1] == columns
    assert best_candidate(one).features == tuple(data.features.columns)


@pytest.mark.parametrize("task", [FMA_ALL_GENRES_ECHONEST, FMA_GIVEN_GENRES], ids=lambda task: task.name)
def test_the_other_tasks_beat_their_baselines(task, tables):
    """Echo Nest features, and the genres that the artist chose, without a change of code."""
    one = train_task(prepare(task, tables), task, (LINEAR, NEAREST), Quick())
    baselines = [each for each in one.results if each.model.is_baseline]
    best = best_candidate(one)

    assert not one.failures
    assert all(best.scores["official/jaccard"] > each.scores["official/jaccard"] for each in baselines)
    assert {"official/hierarchical_f1_low", "validation/macro_auc_high"} <= set(best.scores)


def test_a_model_that_is_fitted_on_a_sample_is_a_candidate(trained):
    """At full size most are; the folds judge them with such samples too."""
    assert {one.model for one in trained.candidates} == {"linear", "nearest"}
    nearest = next(one for one in trained.results if one.model.name == "nearest")
    assert "a sample of" in nearest.fitted_on


def test_without_the_table_of_genres_the_tree_is_missed_and_nothing_else(tables):
    """No hierarchical scores; titles are ids."""
    tables = {name: table for name, table in tables.items() if name != "fma_genres"}
    data = prepare(FMA_ALL_GENRES, tables)
    one = train_task(data, FMA_ALL_GENRES, (NEAREST,), Quick())

    assert data.tree is None
    assert not one.failures
    assert not [name for name in one.results[0].scores if "hierarchical" in name]


def test_odd_trees_and_genres_are_reported_and_the_rest_goes_on(tables):
    """A genre that genres.csv does not know, a missing parent and a cycle."""
    odd = with_genres(tables, {0: [12, 999], 1: [38, 999]})
    data = prepare(FMA_ALL_GENRES, {**odd, "fma_genres": genre_table(_12=25, _38=77)})
    one = train_task(data, FMA_ALL_GENRES, (NEAREST,), Quick())

    assert not one.failures
    note = data.note()
    assert "1 genre of tracks is not in the tree and counts as a root: 999" in note
    assert "1 genre has a parent that is not in the table and is a root: 38" in note
    assert "genres lie above each other in a circle, cut above 12: 12, 25" in note


def test_a_genre_of_no_training_row_and_one_of_one_artist_are_reported(tables):
    """They stay labels: the first is never named, the second takes the common threshold."""
    part = tables["fma_tracks"]["split"].to_pylist()
    rare = with_genres(tables, {part.index("test"): [12, 998], part.index("training"): [12, 997]})
    data = prepare(FMA_ALL_GENRES, rare)
    one = train_task(data, FMA_ALL_GENRES, (LINEAR, NEAREST), Quick())
    best = best_candidate(one)

    assert data.untrained == (998,)
    assert set(data.one_artist) == {997, 998}
    assert "in no training row, so no model names it: 998" in data.note()
    assert "of one artist each, so they take the common threshold: 997, 998" in data.note()
    assert 998 in data.labels
    assert not best.evaluations["official"].proba[:, data.labels.index(998)].any()
    assert not {"997", "998"} & set(best.published_by.by_label)
    assert not one.failures


def test_the_same_genres_on_every_track_cannot_be_trained(tables):
    """Two genres, both on every track: nothing is left to predict, and the message says so."""
    same = with_genres(tables, {row: [12, 25] for row in range(TRACKS)})

    with pytest.raises(UnfitError, match="all 359 rows have the same labels: Rock, Punk"):
        prepare(FMA_ALL_GENRES, same)


def test_too_few_artists_for_folds_name_genres_from_one_half_on():
    """Models are trained and scored; nobody challenges, and the reason is there."""
    tables = genre_set_tables(60, artists=4)
    data = prepare(FMA_ALL_GENRES, tables)
    one = train_task(data, FMA_ALL_GENRES, (NEAREST,), Quick())

    assert best_candidate(one) is None
    assert "no model of fma-all-genres can be a candidate" in one.failures["candidates"]
    assert {result.published_by for result in one.results} == {None}
    result = one.results[-1]
    half = SEVERAL_LABELS.judge(
        result.evaluations["official"].y_true, result.evaluations["official"].proba, data.labels
    )
    assert (half.decided == (half.predicted >= 0.5)).all()


def test_the_best_answer_that_is_always_the_same():
    """Two of three tracks have two genres, which pays more than the one that all have."""
    truth = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1]], dtype=bool)

    assert most_frequent(truth).tolist() == [True, True, False]
    assert SEVERAL_LABELS.constant(truth, (12, 25, 38), None).tolist() == [True, True, False]


def gate(challenger, champion=None, **more):
    """A decision on three labels of 400 tracks by 100 artists; models say how often they are right."""
    rng = np.random.default_rng(5)
    truth = rng.random((400, 3)) < [0.6, 0.3, 0.2]
    truth[~truth.any(axis=1), 0] = True
    answers = [
        None if share is None else np.where(rng.random((400, 3)) < share, truth, ~truth)
        for share in (challenger, champion)
    ]
    given = {
        "groups": np.repeat(np.arange(100), 4),
        "challenger_is_sample": False,
        "shares": most_frequent(truth),
        "seed": 1,
        "kind": SEVERAL_LABELS,
    }
    return decide(truth, *answers, (12, 25, 38), **(given | more))


def test_the_first_champion_has_to_beat_the_most_frequent_genres():
    """By Jaccard, beyond noise over artists."""
    assert gate(0.95).promoted
    assert "Promoted: the first champion, and better beyond noise (mean Jaccard +" in gate(0.95).reason
    assert not gate(0.5).promoted
    assert "Not promoted: worse in mean Jaccard" in gate(0.5).reason


def test_a_challenger_has_to_beat_the_champion():
    """Better is promoted, equal and worse are not; every score of decisions is reported with the deciding one first."""
    better = gate(0.97, 0.85)

    assert better.promoted
    assert list(better.numbers) == ["jaccard", "hamming_loss", "subset_accuracy", "micro_f1", "macro_f1"]
    assert better.numbers["hamming_loss"].is_negative
    assert "no difference beyond noise" in gate(0.9, 0.9).reason
    assert "worse in mean Jaccard" in gate(0.8, 0.95).reason


def test_sample_data_never_replace_real_ones():
    """However much better; and real data replace sample data that are better."""
    assert not gate(0.99, 0.6, challenger_is_sample=True).promoted
    assert gate(0.9, 0.99, champion_is_sample=True).promoted


def test_the_double_of_a_version_that_was_rolled_back_is_refused():
    """It wins against the champion and is still not promoted."""
    won = gate(0.97, 0.8)
    rng = np.random.default_rng(5)
    truth = rng.random((400, 3)) < [0.6, 0.3, 0.2]
    truth[~truth.any(axis=1), 0] = True
    double = np.where(rng.random((400, 3)) < 0.97, truth, ~truth)
    again = gate(0.97, 0.8, refused={"version 3": double})

    assert won.promoted
    assert not again.promoted
    assert "no different beyond noise from version 3" in again.reason


def test_a_variant_without_a_champion_chooses_on_folds_too(tables):
    """Its thresholds are chosen there, so its best model is."""
    task = replace(FMA_GIVEN_GENRES, minimum_support=3)
    one = train_task(prepare(task, tables), task, (LINEAR, NEAREST), Quick())

    chosen = next(each for each in one.candidates if each.is_chosen)
    assert best_candidate(one).model.name == chosen.model
    assert isinstance(best_candidate(one).published_by, Thresholds)


def test_drift_since_training_compares_what_such_a_champion_reads_and_no_sets():
    """FMA's split and the features; lists of genres are no class of a row."""
    watched = {
        table: WATCHED[table].read_by(columns) for table, columns in FMA_ALL_GENRES_ECHONEST.columns.items()
    }

    assert watched["fma_tracks"].classes == ("split",)
    assert watched["fma_tracks"].features == ()
    assert watched["fma_echonest"].features == ECHONEST_AUDIO
