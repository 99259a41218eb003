"""Doubts by confident learning, on cases computed by hand."""

import numpy as np
import pytest

from genrelab.analyses.doubtful_labels.doubts import confident_genre, find_doubts, mean_difference
from genrelab.models.calibration import find_temperature, losses, powered

CODES = np.array([0, 0, 0, 1, 1, 1])
PROBA = np.array([[0.9, 0.1], [0.8, 0.2], [0.04, 0.96], [0.3, 0.7], [0.1, 0.9], [0.6, 0.4]])
ARTISTS = np.arange(6)


def test_the_confident_joint_is_that_of_the_paper():
    """Thresholds are the means 0.58 and 2/3: row 2 goes to the second genre, row 5 to the first."""
    found = find_doubts(CODES, PROBA, ARTISTS)

    assert found.joint == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)
    assert found.is_off_label.tolist() == [False, False, True, False, False, True]


def test_a_label_is_doubtful_where_another_genre_is_sure_and_the_label_unlikely():
    """Row 2 has 0.04 for its label; row 5 has 0.4."""
    found = find_doubts(CODES, PROBA, ARTISTS)

    assert found.is_doubtful.tolist() == [False, False, True, False, False, False]
    assert found.suggested.tolist() == [0, 0, 1, 1, 1, 0]


def test_scores_are_self_confidence_and_half_of_the_margin_plus_one():
    """The margin of row 2 is 0.04 - 0.96 = -0.92, so its score is 0.04."""
    found = find_doubts(CODES, PROBA, ARTISTS)

    assert found.self_confidence == pytest.approx([0.9, 0.8, 0.04, 0.7, 0.9, 0.4])
    assert found.margin == pytest.approx([0.9, 0.8, 0.04, 0.7, 0.9, 0.4])
    assert found.rank.tolist() == [3, 2, 1, 2, 3, 1]


def test_what_is_expected_is_the_probability_of_labels_that_would_be_doubtful():
    """Only row 2 has a genre of at most 0.05 beside a sure one: labels drawn for it are doubtful with 0.04."""
    doubts = find_doubts(CODES, PROBA, ARTISTS).doubts

    assert (doubts.found, doubts.overlap, doubts.random) == (1, pytest.approx(0.04), pytest.approx(0.5))
    assert doubts.excess.value == pytest.approx(0.96)


def test_labels_drawn_from_calibrated_probabilities_show_no_excess():
    """The interval of the excess holds 0, however much genres overlap."""
    chance = np.random.default_rng(3)
    proba = powered(chance.dirichlet([0.6] * 4, 4_000), 2.0)
    codes = (proba.cumsum(axis=1) < chance.random((4_000, 1))).sum(axis=1)
    doubts = find_doubts(codes, proba, np.arange(4_000)).doubts

    assert doubts.found > 50
    assert doubts.excess.low < 0 < doubts.excess.high


def test_labels_that_were_changed_show_as_excess():
    """A tenth of them, to any genre."""
    chance = np.random.default_rng(3)
    proba = powered(chance.dirichlet([0.6] * 4, 4_000), 2.0)
    codes = (proba.cumsum(axis=1) < chance.random((4_000, 1))).sum(axis=1)
    codes = np.where(chance.random(4_000) < 0.1, chance.integers(4, size=4_000), codes)

    assert find_doubts(codes, proba, np.arange(4_000)).doubts.excess.low > 0


def test_the_genre_that_a_row_is_attributed_to_is_that_of_cleanlab():
    """None above its threshold: none; one: that one; several: the most probable genre of all."""
    proba = np.array([[0.4, 0.3, 0.3], [0.4, 0.35, 0.25], [0.5, 0.4, 0.1]])

    assert confident_genre(proba, np.array([0.6, 0.5, 0.25])).tolist() == [2, 2, -1]
    assert confident_genre(proba, np.array([0.5, 0.35, 0.9])).tolist() == [-1, 1, 0]


def test_artists_are_the_clusters_of_an_interval():
    """Copies of a row in the same artist add nothing; one artist alone has no interval."""
    values = np.array([1.0, 0.0, 1.0, 1.0])
    once, twice = (mean_difference(np.repeat(values, n), np.repeat(np.arange(4), n)) for n in (1, 2))

    assert (once.low, once.high) == pytest.approx((twice.low, twice.high))
    assert once.low < once.value == 0.75 < once.high
    assert mean_difference(values, np.zeros(4, dtype=int)).low is None


def test_the_exponent_undoes_overconfidence():
    """Probabilities raised to 3 need an exponent of about a third."""
    chance = np.random.default_rng(5)
    proba = chance.dirichlet([1.0] * 3, 5_000)
    codes = (proba.cumsum(axis=1) < chance.random((5_000, 1))).sum(axis=1)

    assert find_temperature(powered(proba, 3.0), codes) == pytest.approx(1 / 3, abs=0.03)
    assert find_temperature(proba[:0], codes[:0]) == 1.0


def test_a_probability_of_0_has_a_finite_loss():
    """A label that the training rows of a fold lack."""
    assert np.isfinite(losses(np.array([[1.0, 0.0]]), np.array([1])))[0]
    assert powered(np.array([[1.0, 0.0]]), 0.5).sum() == pytest.approx(1)
