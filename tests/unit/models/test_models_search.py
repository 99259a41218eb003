"""The search: reproducible, grouped by artist, and slow to leave a good default."""

from dataclasses import replace

import numpy as np
import pytest
from model_rows import Quick
from sklearn.tree import DecisionTreeClassifier

from genrelab.models import curves
from genrelab.models import search as searching
from genrelab.models.curves import learning_curve, validation_curve
from genrelab.models.data import make_splits
from genrelab.models.declaration import Model, make_estimator, recipe_for
from genrelab.models.search import SearchError, artist_folds, gain_of, search
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.models.training import train_task
from genrelab.models.zoo import MODELS, find_models

NIGHTLY = Quick(budget="nightly")


@pytest.fixture(scope="module")
def train(data):
    rows = np.arange(len(data))
    return next(one.train for one in make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 1) if one.name == "gate")


def groups_of(data):
    return data.columns["artist_group"].to_numpy()


def stump(_seed, _cores, _budget):
    return DecisionTreeClassifier(max_depth=1, random_state=0)


STUMP = Model("stump", "Stump", "Hardly a tree.", stump, ("spotify",), search={"max_depth": (1, 8)})


def found(data, train, model=STUMP, settings=NIGHTLY):
    return search(model, "spotify", data, train, groups_of(data), settings)


def test_a_clearly_better_setting_is_found(data, train):
    """A stump cannot tell four genres apart; the pinned setting is the first trial."""
    result = found(data, train)

    assert result.trials[0].params == {}
    assert result.trials[0].gain == 0
    assert result.chosen == {"max_depth": 8}
    assert not result.was_cut


def test_the_same_seed_gives_the_same_search(data, train):
    """But for the seconds."""
    one, two = ([replace(trial, seconds=0) for trial in found(data, train).trials] for _ in range(2))

    assert one == two


def test_a_gain_within_noise_changes_nothing(data, train):
    """Random states differ by nothing but luck."""
    lucky = replace(STUMP, search={"random_state": (1, 2, 3)})

    assert found(data, train, lucky).chosen == {}


def test_the_error_of_a_gain_counts_artists_and_not_their_tracks():
    """By hand: two artists of two tracks, one told better in both; then the same tracks by four artists."""
    hits, others = np.array([True, True, False, False]), np.zeros(4, dtype=bool)

    gain, error = gain_of(hits, others, np.array([0, 0, 1, 1]))
    _, by_track = gain_of(hits, others, np.arange(4))

    assert gain == 0.5
    assert error == pytest.approx(np.sqrt(1.0**2 + 1.0**2) / 4)
    assert by_track == pytest.approx(np.sqrt(4 * 0.5**2) / 4)


def test_a_cap_in_seconds_cuts_and_is_told(data, train, monkeypatch):
    """The pinned setting is always tried."""
    monkeypatch.setitem(searching.SEARCH_BUDGETS, "nightly", searching.SearchBudget(3, 6_000, 0.0))

    result = found(data, train)

    assert result.was_cut
    assert len(result.trials) == 1
    assert "cut by its cap after 1 of 3" in result.in_words()


def test_a_quick_training_searches_nothing(data, train):
    """Nor a model without anything to search."""
    assert found(data, train, settings=Quick()) is None
    assert found(data, train, replace(STUMP, search={})) is None


def test_a_refused_setting_is_told(data, train):
    """The pinned parameters stay."""
    with pytest.raises(
        SearchError, match=r"the hyperparameter search of stump failed.*pinned parameters are used"
    ):
        found(data, train, replace(STUMP, search={"max_depth": (-1,)}))


def test_a_setting_refused_only_when_it_predicts_is_told_too(data, train):
    """Nearest neighbours are fitted with any number of them, and predict with no more than there are rows."""
    (knn,) = find_models(["knn"])
    parameter = next(name for name in knn.search if name.endswith("n_neighbors"))

    with pytest.raises(SearchError, match="the hyperparameter search of knn failed"):
        found(data, train, replace(knn, search={parameter: (len(train) + 1,)}))


def test_no_artist_stands_on_both_sides_of_a_fold(data, train):
    """And every row is held out once."""
    groups = groups_of(data)[train]

    _, folds = artist_folds(data, train, groups_of(data), 1)

    assert sorted(np.concatenate([test for _, test in folds])) == list(range(len(train)))
    for inner, test in folds:
        assert set(groups[inner]).isdisjoint(groups[test])


def test_every_declared_value_can_be_set():
    """A misspelt parameter would end each search."""
    for model in MODELS:
        for name, values in model.search.items():
            estimator = model.build(1, 1, "quick")
            assert name in estimator.get_params(), model.name
            estimator.set_params(**{name: values[0]})
        if model.while_searched:
            model.build(1, 1, "quick").set_params(**model.while_searched)
        for family, pinned in model.pinned.items():
            assert family in model.families
            if model.recipe is None:
                model.build(1, 1, "quick").set_params(**pinned)
            else:
                assert recipe_for(model, family) != model.recipe


def test_what_holds_while_searched_holds_in_every_trial(data, train):
    """Trials differ in nothing then: none is better than the pinned one, and the model itself stays as it is."""
    held = replace(STUMP, while_searched={"max_depth": 1})

    assert found(data, train).chosen
    assert {trial.gain for trial in found(data, train, held).trials} == {0.0}
    assert (
        make_estimator(held, SPOTIFY_BINS_CLASSIC.family, NIGHTLY).max_depth
        == STUMP.build(1, 1, "").max_depth
    )


def test_what_a_search_finds_serves_the_gate_alone(data):
    """The author's and the random split keep the pinned parameters: their test rows were searched on."""
    task = replace(SPOTIFY_BINS_CLASSIC, has_champion=False)

    with_search, without = (
        train_task(data, replace(task, is_searched=searched), (STUMP,), NIGHTLY).results[0]
        for searched in (True, False)
    )

    assert with_search.search.chosen
    assert with_search.scores["author/accuracy"] == without.scores["author/accuracy"]
    assert with_search.scores["random/accuracy"] == without.scores["random/accuracy"]
    assert with_search.scores["gate/accuracy"] > without.scores["gate/accuracy"]
    assert with_search.params["max_depth"] == 8


def test_the_validation_curve_over_neighbours(data, train):
    """A value for each number of neighbours that the folds have rows for."""
    (knn,) = find_models(["knn"])

    curve = validation_curve(knn, SPOTIFY_BINS_CLASSIC, data, train, Quick())

    assert curve.parameter == "n_neighbors"
    assert [point.value for point in curve.points] == [1, 3, 7, 15, 30, 60, 120]
    assert all(0 < point.accuracy < 1 for point in curve.points)


def test_the_learning_curve_grows_in_rows(data):
    """Judged on the gate, fitted on ever more artists."""
    rows = np.arange(len(data))
    gate = next(one for one in make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 1) if one.name == "gate")

    points = learning_curve(STUMP, SPOTIFY_BINS_CLASSIC, data, rows, gate, Quick())

    sizes = [point.rows for point in points]
    assert sizes == sorted(sizes)
    assert sizes[-1] <= len(gate.train) / 2


def test_the_learning_curve_of_many_rows_is_that_of_a_sample(data, monkeypatch):
    """Its shares are those of the cap, twice the same."""
    rows = np.arange(len(data))
    gate = next(one for one in make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 1) if one.name == "gate")
    monkeypatch.setattr(curves, "MOST_ROWS", len(gate.train) // 4)

    points, again = (learning_curve(STUMP, SPOTIFY_BINS_CLASSIC, data, rows, gate, Quick()) for _ in range(2))

    assert len(gate.train) / 10 < points[-1].rows <= len(gate.train) / 8
    assert points == again
