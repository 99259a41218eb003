"""Blends: the mean of their parts, sharpened and rescaled by the priors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_rows import Quick
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from genrelab.models.blending import Blend, blended, rescaled
from genrelab.models.data import make_splits, variant_rows
from genrelab.models.fitting import fit, probabilities, refit
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.models.training import train_task
from genrelab.models.zoo import find_models

PROBABILITY = st.floats(0.001, 1)


def normal(values):
    array = np.asarray(values)
    return array / array.sum(axis=-1, keepdims=True)


@given(
    st.lists(st.lists(PROBABILITY, min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(PROBABILITY, min_size=3, max_size=3),
    st.floats(0.2, 3),
    st.floats(0, 1),
)
def test_rescaled_probabilities_sum_to_one(rows, priors, sharpness, power):
    """Whatever the exponents."""
    scaled = rescaled(normal(rows), normal(priors), sharpness=sharpness, prior_power=power)

    assert scaled.sum(axis=1) == pytest.approx(1)
    assert (scaled >= 0).all()


@given(st.lists(PROBABILITY, min_size=4, max_size=4))
def test_without_exponents_nothing_changes(row):
    """Sharpness 1 and power 0."""
    assert rescaled(normal([row]), np.full(4, 0.25)) == pytest.approx(normal([row]))


def test_a_rare_genre_gains_by_the_ratio_of_the_shares():
    """By hand: 0.6 to 0.4 with shares 0.9 and 0.1 and the whole power: 0.667 to 4."""
    scaled = rescaled(np.array([[0.6, 0.4]]), np.array([0.9, 0.1]), prior_power=1.0)

    assert scaled[0, 1] / scaled[0, 0] == pytest.approx(0.4 / 0.1 / (0.6 / 0.9))


def test_a_label_without_training_rows_stays_impossible():
    """Its share is 0."""
    assert rescaled(np.array([[0.7, 0.3, 0.0]]), np.array([0.5, 0.5, 0.0]), prior_power=0.5)[0, 2] == 0


def test_weights_decide_how_much_a_part_says():
    """Three to one."""
    one, two = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])

    assert blended([one, two], [3, 1]).tolist() == [[0.75, 0.25]]


def test_a_blend_is_the_mean_of_its_parts():
    """Fitted on the same rows."""
    generator = np.random.default_rng(1)
    rows, codes = generator.normal(size=(60, 3)), generator.integers(2, size=60)
    parts = {"linear": LogisticRegression(), "tree": DecisionTreeClassifier(max_depth=2, random_state=1)}

    blend = Blend(parts, {"linear": 1.0, "tree": 1.0}).fit(rows, codes)

    own = [part.fit(rows, codes).predict_proba(rows) for part in parts.values()]
    assert blend.predict_proba(rows) == pytest.approx(np.mean(own, axis=0))
    assert blend.predict(rows).tolist() == blend.predict_proba(rows).argmax(axis=1).tolist()


def test_a_blend_fits_no_part_again_and_its_estimator_says_the_same(data):
    """Probabilities come from the parts' results; only the best candidate's estimator is put together."""
    task = replace(
        SPOTIFY_BINS_CLASSIC, has_champion=False, duplicates=("removed",), splits=("gate", "grouped")
    )
    models = find_models(["extra_trees", "random_forest_derived", "xgboost_derived", "blend"])
    trained = train_task(data, task, models, Quick())
    *parts, blend = trained.results

    assert blend.fit_seconds == pytest.approx(sum(one.fit_seconds for one in parts))
    gate = blend.evaluations["gate"]
    distinct = variant_rows(data, "removed")
    split, _ = make_splits(task, data, distinct, Quick().seed)
    estimator = refit(blend, task, data, distinct, split, Quick(), {})
    again = probabilities(estimator, blend.labels, data.features.iloc[gate.rows], data.labels)
    assert again == pytest.approx(gate.proba, abs=1e-9)


def test_a_blend_alone_fits_its_parts(data):
    """Nothing was judged before."""
    rows = np.arange(len(data))
    gate = [one for one in make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 1) if one.name == "gate"]
    (model,) = find_models(["blend"])

    result = fit(model, SPOTIFY_BINS_CLASSIC, data, rows, gate, settings=Quick(), duplicates="kept")

    weights = {name: value for name, value in result.params.items() if name.startswith("weight_")}
    assert weights == {f"weight_{name}": weight for name, weight in model.recipe.parts.items()}
    assert result.evaluations["gate"].proba.sum(axis=1) == pytest.approx(1)


def test_a_stored_blend_of_earlier_days_still_rescales():
    """Its sharpness and prior power are parameters of the estimator, no longer of a recipe."""
    generator = np.random.default_rng(1)
    rows, codes = generator.normal(size=(60, 3)), np.r_[np.zeros(45, dtype=int), np.ones(15, dtype=int)]
    parts = {"linear": LogisticRegression()}

    plain, rescaling = (
        Blend(parts, {"linear": 1.0}, *more).fit(rows, codes).predict_proba(rows) for more in ((), (1.2, 0.5))
    )

    assert (rescaling[:, 1] > plain[:, 1]).mean() > 0.9


def test_a_refit_says_so(data):
    """Training and validation part together, after choosing on validation: the author's split alone."""
    rows = np.arange(len(data))
    splits = make_splits(SPOTIFY_BINS_CLASSIC, data, rows, 24)
    extra, forest = find_models(["extra_trees", "random_forest"])

    refitted, plain = (
        fit(model, SPOTIFY_BINS_CLASSIC, data, rows, splits, settings=Quick(), duplicates="kept")
        for model in (extra, forest)
    )

    author = next(one for one in splits if one.name == "author")
    assert refitted.evaluations["author"].train_rows == len(author.train) + len(author.validation)
    assert "training and validation part" in refitted.fitted_on
    assert plain.evaluations["author"].train_rows == len(author.train)
    assert "validation" not in plain.fitted_on
