"""The paired test over artists: exact for exchangeable models, and its interval says the same."""

import numpy as np
import pytest

from genrelab.evaluation import sign_flips
from genrelab.evaluation.sign_flips import LEVEL, mean_difference

SIZES = [94, 30, *[1] * 60]
"""Rows of each artist: one has half of all rows."""
ARTISTS = np.repeat(np.arange(len(SIZES)), SIZES)


def made(shift: float, seed: int) -> np.ndarray:
    """Differences that are alike within an artist, with long tails."""
    generator = np.random.default_rng(seed)
    of_artist = generator.standard_t(3, size=len(SIZES))
    return of_artist[ARTISTS] + 0.1 * generator.normal(size=len(ARTISTS)) + shift


def test_exchangeable_models_differ_beyond_noise_as_often_as_the_level_says(monkeypatch):
    """One artist with half of the rows: 2.5 % on either side, of 800 draws."""
    monkeypatch.setattr(sign_flips, "FLIPS", 399)
    monkeypatch.setattr(sign_flips, "CHUNK", 399)
    found = [mean_difference(made(0.0, seed), ARTISTS, seed) for seed in range(800)]

    for side in (sum(one.is_positive for one in found), sum(one.is_negative for one in found)):
        assert side / 800 == pytest.approx(LEVEL, abs=3 * np.sqrt(LEVEL / 800))


def test_a_clear_difference_is_beyond_noise():
    """On the side where it is."""
    assert mean_difference(made(-3.0, 1), ARTISTS, 1).is_negative
    assert mean_difference(made(3.0, 1), ARTISTS, 1).is_positive


def test_the_interval_is_what_the_test_does_not_refuse():
    """A mean just inside an end is not refused, one just outside is."""
    difference = made(0.4, 3)
    found = mean_difference(difference, ARTISTS, 3)

    assert found.low < found.value < found.high
    assert not mean_difference(difference - (found.low + 1e-9), ARTISTS, 3).is_positive
    assert mean_difference(difference - (found.low - 1e-9), ARTISTS, 3).is_positive


def test_many_alike_artists_have_the_interval_of_their_standard_error():
    """As wide as the normal one: 1.96 standard errors on either side."""
    difference = np.random.default_rng(2).normal(size=2_000)
    found = mean_difference(difference, np.arange(2_000), 2)

    error = difference.std() / np.sqrt(2_000)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.05)


def test_one_artist_more_or_less_decides_nothing():
    """The rows of one artist, however many, are one observation."""
    generator = np.random.default_rng(4)
    difference = np.r_[generator.normal(size=40), np.full(500, 5.0)]
    groups = np.r_[np.arange(40), np.full(500, 40)]

    assert not mean_difference(difference, groups, 4).is_positive


@pytest.mark.parametrize("artists", [1, 2, 5])
def test_too_few_artists_have_no_interval(artists):
    """Even if all agree: of five coins, all five fall alike once in 32 throws."""
    found = mean_difference(np.full(20, -1.0), np.arange(20) % artists, 1)

    assert (found.low, found.high) == (None, None)
    assert not found.is_negative
    assert "too few artists" in str(found)


def test_six_artists_that_agree_are_enough():
    """Once in 64."""
    assert mean_difference(np.full(20, -1.0), np.arange(20) % 6, 1).is_negative


def test_rows_without_an_artist_count_as_one_artists():
    """The safe side: no difference beyond noise from many rows that may be one artist's."""
    groups = np.array(["a", "b", "c", *[None] * 50], dtype=object)

    assert mean_difference(np.full(53, -1.0), groups, 1).low is None
