"""Other draws of artists, and fits side by side: what is told of them, and that nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest
from model_rows import Quick, fma_tables

from genrelab.evaluation.scores import SCORES
from genrelab.models import training
from genrelab.models.data import make_repeats, prepare
from genrelab.models.tasks import FMA_TOP_GENRE, SPOTIFY_BINS_CLASSIC, spotify_bins
from genrelab.models.training import train_task
from genrelab.models.zoo import find_models


def test_a_thorough_training_tells_the_spread_over_other_draws_of_artists(data):
    """Five more splits by group; the other budgets leave them out."""
    task = replace(SPOTIFY_BINS_CLASSIC, duplicates=("removed",))
    model = find_models(["logistic_regression"])

    thorough, quick = (
        train_task(data, replace(task, is_searched=False), model, Quick(budget=budget)).results[0].scores
        for budget in ("thorough", "quick")
    )

    assert set(thorough) - set(quick) == {
        f"grouped/{name}_{end}" for name in SCORES for end in ("sd", "seeds_mean")
    }
    assert 0 < thorough["grouped/accuracy_sd"] < 0.2


def test_other_draws_of_fmas_artists_divide_all_rows():
    """FMA has no permanent parts: a quarter of the artists of all rows is drawn, named by the shown split."""
    data = prepare(FMA_TOP_GENRE, fma_tables(600))
    artists = data.columns["artist_id"].to_numpy()

    repeats = make_repeats(FMA_TOP_GENRE, data, np.arange(len(data)))
    trained = train_task(data, FMA_TOP_GENRE, find_models(["decision_tree"]), Quick(budget="nightly"))

    assert len(repeats) == 5
    for split in repeats:
        assert sorted([*split.train, *split.test]) == list(range(len(data)))
        assert not set(artists[split.train]) & set(artists[split.test])
    found = trained.results[-1].scores
    assert 0 < found["official/accuracy_sd"] < 0.2
    assert found["official/accuracy_seeds_mean"] != found["official/accuracy"]


def test_a_variant_that_has_no_champion_is_not_fitted_again():
    """Its spread would cost time and stand beside nothing."""
    data = prepare(FMA_TOP_GENRE, fma_tables(300))
    task = replace(FMA_TOP_GENRE, has_champion=False)

    trained = train_task(data, task, find_models(["decision_tree"]), Quick(budget="nightly"))

    assert not [name for name in trained.results[-1].scores if name.endswith("_sd")]


@pytest.mark.parametrize("name", ["xgboost", "rbf_svm"])
def test_fits_side_by_side_say_the_same_as_one_after_the_other(data, name):
    """Models that use one core are fitted for several splits and folds at once."""
    task = replace(SPOTIFY_BINS_CLASSIC, duplicates=("kept",), has_champion=False)
    (model,) = find_models([name])
    assert model.is_serial
    key, values = next(iter(model.search.items()))
    few = replace(model, is_slow=False, search={key: values[:2]})

    one, two = (
        train_task(data, task, [few], Quick(budget="nightly", cores=cores)).results[0] for cores in (1, 2)
    )

    assert one.scores == two.scores
    assert [trial.accuracy for trial in one.search.trials] == [trial.accuracy for trial in two.search.trials]


def test_other_draws_of_artists_for_a_blend_are_told_for_its_parts_too(data, monkeypatch):
    """The parts are fitted for the blend anyway; what has nothing to do with it is left alone."""
    task = replace(SPOTIFY_BINS_CLASSIC, duplicates=("removed",), splits=("gate", "grouped"))
    names = ["extra_trees", "random_forest_derived", "xgboost_derived", "blend"]
    small = [replace(each, search={}) for each in find_models(["knn", *names])]
    monkeypatch.setattr(
        training, "_best", lambda _, results, __: results[-1]
    )  # the blend that was fitted last

    trained = train_task(data, task, small, Quick(budget="nightly"))

    told = {each.model.name for each in trained.results if "grouped/accuracy_seeds_mean" in each.scores}
    assert told == set(names)


def test_other_draws_of_artists_leave_out_rows_of_no_part(data):
    """A row that links two parts is nowhere, and no group is divided."""
    parts = ["none" if row % 9 == 0 else part for row, part in enumerate(data.columns["part"])]
    columns = data.columns.assign(part=parts)
    linked = replace(data, columns=columns)
    groups = columns["artist_group"].to_numpy()

    repeats = make_repeats(SPOTIFY_BINS_CLASSIC, linked, np.arange(len(data)))

    assert len(repeats) == 5
    for split in repeats:
        assert not set(groups[split.train]) & set(groups[split.test])
        assert not any(row % 9 == 0 for row in (*split.train, *split.test))


def test_a_nightly_training_judges_slow_models_on_the_fewest_splits(data):
    """With duplicates on the author's split alone, without them on all but the random one; others everywhere."""
    models = [replace(each, search={}) for each in find_models(["decision_tree", "extra_trees"])]

    trained = train_task(
        data, replace(SPOTIFY_BINS_CLASSIC, is_searched=False), models, Quick(budget="nightly")
    )

    judged = {(each.model.name, each.duplicates): list(each.evaluations) for each in trained.results}
    assert judged == {
        ("decision_tree", "kept"): ["author", "random", "gate", "grouped"],
        ("decision_tree", "removed"): ["random", "gate", "grouped"],
        ("extra_trees", "kept"): ["author"],
        ("extra_trees", "removed"): ["gate", "grouped"],
    }


def test_a_slow_model_without_a_split_is_left_out_and_no_failure(data):
    """Another rule set has no author's split: with duplicates nothing remains of a slow model."""
    task = replace(spotify_bins("reviewed"), is_searched=False)

    trained = train_task(data, task, find_models(["decision_tree", "extra_trees"]), Quick(budget="nightly"))

    assert [(each.model.name, each.duplicates) for each in trained.results] == [
        ("decision_tree", "kept"),
        ("decision_tree", "removed"),
        ("extra_trees", "removed"),
    ]
    assert trained.failures == {}
