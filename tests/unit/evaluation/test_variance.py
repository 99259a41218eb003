"""How much of the variance lies between artists: against SciPy, by hand, and on made-up effects."""

import numpy as np
import pytest
from scipy.stats import f_oneway

from genrelab.evaluation.results import Score
from genrelab.evaluation.variance import variance_between

RNG = np.random.default_rng(7)


def test_equal_groups_give_what_the_analysis_of_variance_gives():
    """With n rows each the component is (F - 1) / (F - 1 + n), the ratio F / (F + (N - k) / (k - 1))."""
    values = RNG.normal(size=(12, 5)) + RNG.normal(size=(12, 1))
    f = f_oneway(*values).statistic
    found = variance_between(values.ravel(), np.repeat(np.arange(12), 5), seed=1)

    assert found.component.value == pytest.approx((f - 1) / (f - 1 + 5))
    assert found.ratio.value == pytest.approx(f / (f + (60 - 12) / 11))


def test_unequal_groups_by_hand():
    """Groups of 1, 2 and 3 rows with means 0, 3 and 6; n0 = (6 - 14 / 6) / 2."""
    values, groups = np.array([0.0, 2, 4, 5, 6, 7]), np.array([0, 1, 1, 2, 2, 2])
    found = variance_between(values, groups, seed=1)
    between, inside, size = 2 * 3.0**2 + 3 * 6.0**2 - 24**2 / 6, 4.0, (6 - 14 / 6) / 2
    effect = (between / 2 - inside / 3) / size

    assert found.ratio.value == pytest.approx(between / (between + inside))
    assert found.component.value == pytest.approx(effect / (effect + inside / 3))
    assert (found.rows, found.artists) == (6, 3)


def test_artists_without_an_effect_have_none():
    """The ratio of few rows each is far above 0 all the same: that is why both are stated."""
    groups = np.repeat(np.arange(400), 3)
    found = variance_between(RNG.normal(size=1_200), groups, seed=1)

    assert found.ratio.value > 0.25
    assert found.component.value < 0.1
    assert found.component.low <= found.component.value <= found.component.high


def test_intervals_hold_the_share_that_was_drawn():
    """Effects of variance 3, rest of variance 1, artists of unlike sizes: three quarters, nine times of ten."""
    holding = 0
    shares = []
    for seed in range(60):
        artists = np.repeat(np.arange(120), RNG.integers(1, 12, 120))
        values = RNG.normal(0, 3**0.5, 120)[artists] + RNG.normal(size=len(artists))
        found = variance_between(values, artists, seed).component
        holding += found.low < 0.75 < found.high
        shares.append(found.value)

    assert holding >= 50
    assert np.mean(shares) == pytest.approx(0.75, abs=0.02)


def test_one_artist_and_equal_values_have_no_shares():
    """Nothing lies between, or nothing varies."""
    assert variance_between(RNG.normal(size=9), np.zeros(9), seed=1) is None
    assert variance_between(np.ones(9), np.arange(9), seed=1) is None


def test_one_row_each_has_no_component():
    """What is the artist's and what the track's cannot be told apart."""
    found = variance_between(RNG.normal(size=9), np.arange(9), seed=1)

    assert found.component is None
    assert found.ratio == Score(1.0, 1.0, 1.0)
