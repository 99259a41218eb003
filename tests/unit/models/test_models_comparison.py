"""Paired tests: which differences between models are real."""

import numpy as np
import pytest
from model_rows import Quick, spotify_binned
from scipy.stats import binomtest

from genrelab.models import comparison
from genrelab.models.comparison import compare_models, holm, sign_flip
from genrelab.models.data import prepare
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.models.training import train_task
from genrelab.models.zoo import find_models


def hits(*rows):
    return np.array(rows, dtype=bool)


def test_signs_of_artists_flip_by_hand():
    """Three artists, ahead by 3, 2 and -1 rows, sum 4: four of the eight flips reach 4 on one side or the other."""
    first = hits(1, 1, 1, 1, 1, 0, 1)
    second = hits(0, 0, 0, 0, 0, 1, 1)
    artists = ["a", "a", "a", "b", "b", "c", "c"]

    p = sign_flip(first, second, artists, 1)

    assert p == pytest.approx(4 / 8, abs=0.02)
    assert p == sign_flip(second, first, artists, 1)


def test_rows_of_one_artist_prove_nothing():
    """However many they are; the same rows by as many artists do."""
    first, second = np.ones(40, dtype=bool), np.zeros(40, dtype=bool)

    assert sign_flip(first, second, ["a"] * 40, 1) == 1.0
    assert sign_flip(first, second, np.arange(40), 1) == 1 / 10_000


def test_equal_models_differ_in_as_many_trials_as_the_level_says(monkeypatch):
    """With one artist who has 11 % of the rows and tracks alike; a test by rows would find a third of them."""
    monkeypatch.setattr(comparison, "FLIPS", 499)
    generator = np.random.default_rng(4)
    sizes = np.array([94, *generator.poisson(4, 160) + 1])
    artists = np.repeat(np.arange(len(sizes)), sizes)

    def trial(seed: int) -> tuple[float, float]:
        right = generator.beta(2.4, 1.6, (2, len(sizes)))[:, artists]
        first, second = generator.random(right.shape) < right
        only_first, apart = int((first & ~second).sum()), int((first != second).sum())
        return sign_flip(first, second, artists, seed), binomtest(only_first, apart).pvalue

    by_artists, by_rows = np.mean(np.array([trial(seed) for seed in range(400)]) < 0.05, axis=0)

    assert 0.02 < by_artists < 0.08
    assert by_rows > 0.2


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
