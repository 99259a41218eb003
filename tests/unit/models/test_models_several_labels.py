"""Estimators of several labels per row: all are held to the same contract, then each to what it promises."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import skops.io
from model_rows import Quick
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from genrelab.models.declaration import limit_threads
from genrelab.models.estimation import fit_rows, unfitted
from genrelab.models.families import MULTILABEL, MULTILABEL_SHORT
from genrelab.models.kinds import SEVERAL_LABELS
from genrelab.models.label_chain import ChainOfLabels
from genrelab.models.label_forest import ForestOfLabels
from genrelab.models.label_kernel import KernelOfLabels, RidgeOfLabels
from genrelab.models.label_neighbours import NeighboursOfLabels
from genrelab.models.label_network import NetworkOfLabels, label_sets
from genrelab.models.tasks import FMA_ALL_GENRES
from genrelab.models.zoo import MODELS, models_for

FAMILY = [model for model in MODELS if MULTILABEL in model.families]
LABELS = (1, 2, 3, 4, 5)
CONSTANT = "sklearn.multiclass._ConstantPredictor"
NEVER = 4
"""Column of a label that no row has."""

ESTIMATORS = {
    "chain": ChainOfLabels(LogisticRegression()),
    "forest": ForestOfLabels(10, components=2, random_state=1),
    "kernel": KernelOfLabels(),
    "ridge": RidgeOfLabels(),
    "neighbours": NeighboursOfLabels(5),
    "network": NetworkOfLabels((8,), epochs=20, random_state=1),
    "set network": NetworkOfLabels((8,), most_sets=3, epochs=20, random_state=1),
}


def rows(columns=6, count=120, seed=1):
    """Features and label sets: a parent (0), two children (1, 2) by the sign of a feature, a label by chance (3)."""
    draw = np.random.default_rng(seed)
    features = draw.normal(size=(count, columns))
    is_child = features[:, 0] > 0
    has = np.column_stack(
        [
            features[:, 1] > -0.5,
            is_child & (features[:, 1] > -0.5),
            ~is_child & (features[:, 1] > -0.5),
            (draw.random(count) < 0.2) | (features[:, 1] <= -0.5),
            np.zeros(count, dtype=bool),
        ]
    )
    return pd.DataFrame(features, columns=[f"f{number}" for number in range(columns)]), has


def fitted(model, features, has):
    """A model of the zoo as training fits it."""
    task = replace(FMA_ALL_GENRES, family=MULTILABEL)
    with limit_threads(1):
        return fit_rows(
            unfitted(model, task, Quick(), {}), SEVERAL_LABELS, features, has, LABELS, name=model.name
        )


def answered(model, features, has):
    """Probabilities of all labels of the task."""
    found = fitted(model, features, has)
    return SEVERAL_LABELS.predict(found.estimator, found.labels, features, LABELS)


@pytest.mark.parametrize("columns", [1, 8, 59])
@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.name)
def test_a_model_gives_each_label_a_probability_from_any_number_of_features(model, columns):
    """One column per label of the task; the label that no row has gets 0."""
    features, has = rows(max(columns, 2))
    found = answered(model, features.iloc[:, :columns], has)

    assert found.shape == has.shape
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-9
    assert (found[:, NEVER] == 0).all()
    assert found[:, 0].std() > 0


@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.name)
def test_the_same_seed_gives_the_same_probabilities(model):
    """Fitted twice."""
    features, has = rows()

    assert answered(model, features, has) == pytest.approx(answered(model, features, has), abs=1e-12)


@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.name)
def test_a_stored_model_of_several_labels_predicts_as_before(model):
    """Through pickle, and through skops with the types that it declares (one is for a label that all rows have)."""
    features, has = rows()
    estimator = fitted(model, features, has).estimator
    data = skops.io.dumps(estimator)
    again = pickle.loads(pickle.dumps(estimator))  # noqa: S301 - our own bytes
    loaded = skops.io.loads(data, trusted=list(model.trusted))

    assert set(model.trusted) - set(skops.io.get_untrusted_types(data=data)) <= {CONSTANT}
    expected = estimator.predict_proba(features)
    assert loaded.predict_proba(features) == pytest.approx(expected, abs=1e-9)
    assert again.predict_proba(features) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.name)
def test_a_label_of_all_rows_is_the_most_probable_one(model):
    """The others are told apart all the same."""
    features, has = rows()
    has[:, 0] = True
    found = answered(model, features, has)

    assert found[:, 0].mean() > found[:, 1:].mean(axis=0).max()
    assert found[:, 1].std() > 0


@pytest.mark.parametrize("name", ESTIMATORS)
def test_one_label_is_enough(name):
    """A matrix of one column."""
    features, has = rows()
    found = ESTIMATORS[name].fit(features, has[:, 1:2].astype(int)).predict_proba(features)

    assert found.shape == (len(has), 1)
    assert found[has[:, 1], 0].mean() > found[~has[:, 1], 0].mean()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_rows_that_all_have_the_same_labels_are_predicted_as_they_are(name):
    """Nothing to tell apart is no error."""
    features, _ = rows()
    same = np.tile([1, 0, 1], (len(features), 1))
    found = ESTIMATORS[name].fit(features, same).predict_proba(features)

    assert found == pytest.approx(same, abs=1e-3)


@pytest.mark.parametrize("name", ["forest", "neighbours", "set network"])
def test_no_label_is_more_probable_than_its_parent(name):
    """Labels 1 and 2 are only there where label 0 is."""
    features, has = rows()
    found = ESTIMATORS[name].fit(features, has.astype(int)).predict_proba(features)

    assert (found[:, 0] >= found[:, 1] - 1e-9).all()
    assert (found[:, 0] >= found[:, 2] - 1e-9).all()
    assert (found[:, 1] + found[:, 2]).max() <= 1 + 1e-6


def test_the_kernel_is_that_of_kernel_ridge():
    """Scikit-learn's, on centred targets."""
    features, has = rows()
    target = has.astype(float)
    theirs = KernelRidge(alpha=1.0, kernel="rbf", gamma=1 / 6).fit(features, target - target.mean(axis=0))
    expected = (theirs.predict(features) + target.mean(axis=0)).clip(0, 1)

    assert KernelOfLabels().fit(features, has).predict_proba(features) == pytest.approx(expected, abs=1e-3)


def test_a_kernel_answers_one_row_as_it_answers_many():
    """In single precision they differed by 5e-5, so that a served row was not that of `predictions`."""
    features, has = rows(count=2_000)
    model = KernelOfLabels(width=0.5, penalty=0.05).fit(features, has)
    few = np.asarray(features)[:50]
    one_by_one = [model.predict_proba(row[None])[0] for row in few]

    assert model.predict_proba(features)[:50] == pytest.approx(np.array(one_by_one), abs=1e-9)


def test_a_kernel_of_more_rows_is_fitted_on_a_sample():
    """Predicted in chunks smaller than the rows."""
    features, has = rows()
    found = KernelOfLabels(most_rows=100, chunk=50, random_state=1).fit(features, has)

    assert len(found.rows_) == 100
    assert found.predict_proba(features).shape == has.shape


def test_equal_votes_are_those_of_scikit_learn():
    """By the sum of absolute differences."""
    features, has = rows()
    theirs = KNeighborsClassifier(5, metric="manhattan").fit(features, has[:, :4])
    expected = np.column_stack([of_label[:, -1] for of_label in theirs.predict_proba(features)])
    ours = NeighboursOfLabels(5, "manhattan", 0.0).fit(features, has[:, :4])

    assert ours.predict_proba(features) == pytest.approx(expected)


def test_more_neighbours_than_rows_are_all_rows():
    """Each label by its share."""
    features, has = rows()
    found = NeighboursOfLabels(500, power=0.0).fit(features, has).predict_proba(features)

    assert found == pytest.approx(np.tile(has.mean(axis=0), (len(has), 1)))


def test_leaves_hold_the_shares_that_a_forest_of_all_labels_predicts():
    """With as many components as labels the trees are scikit-learn's own."""
    features, has = rows()
    target = has.astype(np.float32)
    settings = {"min_samples_leaf": 3, "max_features": 2, "random_state": 1}
    theirs = ExtraTreesRegressor(10, **settings).fit(features, target - target.mean(axis=0))
    expected = theirs.predict(features) + target.mean(axis=0)
    ours = ForestOfLabels(10, **settings).fit(features, has)

    assert ours.predict_proba(features) == pytest.approx(expected, abs=1e-5)


def test_a_rare_set_joins_the_frequent_one_that_it_shares_most_with():
    """And lends it the label that only it has."""
    target = np.array([[1, 0, 0]] * 3 + [[0, 1, 0]] * 3 + [[0, 1, 1]])
    numbers, shares = label_sets(target, 2)

    assert numbers.tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert shares == pytest.approx(np.array([[0, 1, 0.25], [1, 0, 0]]))


def test_a_chain_begins_with_the_most_frequent_label():
    """So that a genre is told its parent."""
    features, has = rows()
    chain = ChainOfLabels(LogisticRegression()).fit(features, has)

    assert chain.chain_.order_[0] == 0
    assert np.diff(has[:, chain.varies_].sum(axis=0)[list(chain.chain_.order_)]).max() <= 0


def test_a_short_training_takes_the_models_of_the_blend_and_few_more():
    """And a quick one no network."""
    short = {model.name for model in models_for(MULTILABEL_SHORT)}

    assert {"blend_of_labels", "kernel_of_labels", "neighbours_of_labels"} <= short
    assert len(short) <= 5
    assert short < {model.name for model in models_for(MULTILABEL)}
    assert not any("network" in model.name for model in models_for(MULTILABEL, "quick"))
