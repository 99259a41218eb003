"""Paired tests: which differences between models are real."""

import numpy as np
import pytest
from model_rows import Quick, spotify_binned
from scipy.stats import binomtest

from genrelab.models.comparison import compare_models, holm, mcnemar
from genrelab.models.data import prepare
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.models.training import train_task
from genrelab.models.zoo import find_models


def hits(*rows):
    return np.array(rows, dtype=bool)


def test_mcnemar_by_hand():
    """Of ten rows, five only the first names right and one only the second: 0.4 apart, p = 0.21875."""
    first = hits(1, 1, 1, 1, 1, 0, 1, 1, 0, 0)
    second = hits(0, 0, 0, 0, 0, 1, 1, 1, 0, 0)

    difference, low, high, p = mcnemar(first, second)

    assert difference == pytest.approx(0.4)
    assert p == pytest.approx(0.21875)
    error = np.sqrt(6 - 16 / 10) / 10
    assert (low, high) == pytest.approx((0.4 - 1.96 * error, 0.4 + 1.96 * error))


def test_the_test_is_the_same_either_way_round():
    """Only the sign changes."""
    generator = np.random.default_rng(2)
    first, second = generator.random((2, 200)) < 0.5

    one, two = mcnemar(first, second), mcnemar(second, first)

    assert one[0] == -two[0]
    assert one[3] == two[3]


def test_holm_by_hand():
    """The smallest counts threefold, the next twofold, and none falls below the one before it."""
    assert holm([0.02, 0.001, 0.03]) == pytest.approx([0.04, 0.003, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_model_is_really_better_than_the_majority_and_not_than_itself():
    """On genres that differ, with the same rows."""
    data = prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned(1_200)})
    models = find_models(["majority", "logistic_regression", "linear_svm"])
    trained = train_task(data, SPOTIFY_BINS_CLASSIC, models, Quick())
    removed = [one for one in trained.results if one.duplicates == "removed"]

    compared = compare_models(removed[1], removed, "grouped", data.labels, 1)

    assert [one.model for one in compared] == ["majority", "linear_svm"]
    majority = compared[0]
    assert majority.is_real
    assert majority.accuracy.low > 0
    assert majority.macro_f1.low > 0
    assert majority.accuracy.value == pytest.approx(
        removed[1].scores["grouped/accuracy"] - removed[0].scores["grouped/accuracy"]
    )
    again = compare_models(removed[1], [removed[1]], "grouped", data.labels, 1)
    assert again == ()


def test_the_exact_test_is_the_binomial_one():
    """Under no difference either of the two is right alone by a coin's throw."""
    first, second = hits(*[1] * 9, 0, 0), hits(*[0] * 9, 1, 1)

    assert mcnemar(first, second)[3] == binomtest(9, 11).pvalue
