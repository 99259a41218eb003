"""Calibration: probabilities that are as sure as they are right, and the decision that names a genre."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.models.calibration import (
    Calibration,
    calibrated,
    find_fair_power,
    find_smoothing,
    find_temperature,
    mean_loss,
    named,
    powered,
    smoothed,
    weighed,
)

LABELS = ["folk", "pop", "rock"]
FAIR = Calibration(0.5, 1.0, 0.5, {"folk": 0.04, "pop": 0.64, "rock": 0.32})


def normal(values):
    array = np.asarray(values, dtype=float)
    return array / array.sum(axis=-1, keepdims=True)


@given(
    st.lists(st.lists(st.floats(0.001, 1), min_size=3, max_size=3), min_size=1, max_size=5),
    st.floats(0.05, 20),
)
def test_an_exponent_keeps_sum_and_order(rows, exponent):
    """Whatever it is."""
    proba = normal(rows)
    raised = powered(proba, exponent)

    assert raised.sum(axis=1) == pytest.approx(1)
    best = raised[np.arange(len(proba)), proba.argmax(axis=1)]
    assert best == pytest.approx(raised.max(axis=1))


@pytest.mark.parametrize("exponent", [0.05, 1.0, 20.0])
def test_probabilities_of_0_and_1_are_defined(exponent):
    """A row that is quite sure, and one of zeros."""
    raised = powered(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), exponent)

    assert np.isfinite(raised).all()
    assert raised.sum(axis=1) == pytest.approx(1)
    assert raised[0].argmax() == 0
    assert raised[1] == pytest.approx(1 / 3)


@pytest.mark.parametrize("exponent", [0.4, 1.0, 2.5])
def test_the_temperature_undoes_what_distorted_the_probabilities(exponent):
    """Labels drawn from known probabilities, which were then raised to 1 / exponent."""
    generator = np.random.default_rng(5)
    proba = generator.dirichlet([1.0, 1.0, 1.0], size=40_000)
    truth = (proba.cumsum(axis=1) < generator.random((40_000, 1))).sum(axis=1)

    assert find_temperature(powered(proba, 1 / exponent), truth) == pytest.approx(exponent, rel=0.05)


def test_a_model_that_is_always_right_and_one_that_never_is_have_a_temperature():
    """Probabilities of 0 and 1 at the ends of the range."""
    sure, truth = np.eye(3)[[0, 1, 2, 0]], np.array([0, 1, 2, 0])

    assert find_temperature(sure, truth) <= 20
    assert find_temperature(sure, (truth + 1) % 3) == pytest.approx(0.05, rel=0.01)


def test_without_rows_nothing_changes():
    """No artist to fold."""
    assert find_temperature(np.empty((0, 3)), np.empty(0, dtype=np.int64)) == 1


def test_without_calibration_probabilities_are_published_as_they_are():
    """And the genre is the most probable one, whatever the decision."""
    proba = np.array([[0.3, 0.4, 0.3]])

    assert calibrated(proba, None) is proba
    assert named(proba, None, LABELS, "fair").tolist() == [1]


def test_the_fair_decision_names_a_rare_genre_and_changes_no_probability():
    """By hand: 0.3 / sqrt(0.04) = 1.5, 0.4 / sqrt(0.64) = 0.5, 0.3 / sqrt(0.32) = 0.53."""
    proba = np.array([[0.3, 0.4, 0.3]])

    assert named(proba, FAIR, LABELS, "most-accurate").tolist() == [1]
    assert named(proba, FAIR, LABELS, "fair").tolist() == [0]
    assert weighed(proba, FAIR, LABELS, "fair")[0] == pytest.approx([1.5, 0.5, 0.530], abs=0.001)
    assert proba.tolist() == [[0.3, 0.4, 0.3]]


def test_a_label_without_training_rows_is_never_named_by_the_fair_decision():
    """Its share is not known."""
    unseen = Calibration(1.0, 1.0, 0.5, {"pop": 0.6, "rock": 0.4})

    assert named(np.array([[0.9, 0.05, 0.05]]), unseen, LABELS, "fair").tolist() == [2]


def drawn(rows=20_000, seed=5):
    """Known probabilities, the last label rare, and labels drawn from them."""
    generator = np.random.default_rng(seed)
    proba = generator.dirichlet([2.0, 2.0, 0.2], size=rows)
    truth = (proba.cumsum(axis=1) < generator.random((rows, 1))).sum(axis=1)
    return proba, truth


def test_smoothing_repairs_what_an_exponent_cannot():
    """A model that gives 0 to what is rare: the exponent alone makes it unsure of everything."""
    proba, truth = drawn()
    proba[proba < 0.05] = 0
    proba = normal(proba)

    exponent, share = find_smoothing(proba, truth)

    alone = mean_loss(powered(proba, find_temperature(proba, truth)), truth)
    assert share > 0
    assert mean_loss(powered(smoothed(proba, share), exponent), truth) < alone - 0.05


def test_well_calibrated_probabilities_stay_as_they_are():
    """Nothing to repair."""
    exponent, share = find_smoothing(*drawn())

    assert exponent == pytest.approx(1, abs=0.03)
    assert share < 0.01


def test_the_fair_power_raises_macro_f1():
    """Of a rare label that is hardly ever the most probable one."""
    proba, truth = drawn()
    shares = np.bincount(truth) / len(truth)

    power = find_fair_power(proba, truth, shares)

    assert 0 < power <= 1
    assert find_fair_power(np.eye(3)[truth], truth, shares) == 0, "nothing to gain, so the least"


def test_without_rows_there_is_nothing_to_choose():
    """Every number is that which changes nothing."""
    empty = np.empty((0, 3)), np.empty(0, dtype=np.int64)

    assert find_smoothing(*empty) == (1.0, 0.0)
    assert find_fair_power(*empty, np.ones(3) / 3) == 0
