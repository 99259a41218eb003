"""Prior shift: the shares of another collection, whether they moved, and the probabilities under them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.evaluation.prior_shift import (
    FEWEST_ARTISTS,
    LEVEL,
    adjusted,
    chance_of_shift,
    count_artists,
    estimate_shares,
    out_of_fold_means,
)

TRAINING = np.array([0.5, 0.3, 0.2])
"""Shares of three genres that the made-up model learnt."""


def sample(artists, shares, seed, *, tracks=3):
    """Probabilities of a perfectly calibrated model on tracks of artists who keep to a genre, with truth and artist.

    A track is a number around the place of its genre; the probabilities are Bayes' under the shares of `TRAINING`.
    """
    generator = np.random.default_rng(seed)
    of_artist = generator.choice(3, size=artists, p=shares)
    truth = np.repeat(of_artist, tracks)
    heard = truth * 1.5 + generator.normal(size=len(truth))
    density = np.exp(-0.5 * (heard[:, None] - 1.5 * np.arange(3)) ** 2) * TRAINING
    return density / density.sum(axis=1, keepdims=True), truth, np.repeat(np.arange(artists), tracks)


def test_the_shares_of_another_mix_are_found_without_labels():
    """Counting predictions would miss them: the model expects the mix that it learnt."""
    shares = np.array([0.1, 0.3, 0.6])
    proba, _, artists = sample(4_000, shares, seed=1)
    assert estimate_shares(proba, artists, TRAINING) == pytest.approx(shares, abs=0.03)
    counted = np.bincount(proba.argmax(axis=1), minlength=3) / len(proba)
    assert np.abs(counted - shares).max() > 0.1


def test_adjusted_probabilities_are_right_as_often_as_they_say():
    """More tracks are named right, and confidence meets accuracy again."""
    proba, truth, artists = sample(3_000, [0.1, 0.3, 0.6], seed=2)
    weights = estimate_shares(proba, artists, TRAINING) / TRAINING
    after = adjusted(proba, weights)
    hits = [(one.argmax(axis=1) == truth).mean() for one in (proba, after)]
    assert hits[1] > hits[0] + 0.05
    assert after.max(axis=1).mean() == pytest.approx(hits[1], abs=0.02)
    assert proba.max(axis=1).mean() != pytest.approx(hits[0], abs=0.02)


@given(seed=st.integers(0, 10_000), labels=st.integers(2, 6))
def test_a_collection_like_the_training_tracks_stays_as_it_is(seed, labels):
    """Where the probabilities average to what is expected, the estimate is the expectation and nothing changes."""
    proba = np.random.default_rng(seed).dirichlet(np.ones(labels), size=20)
    expected = proba.mean(axis=0)
    shares = estimate_shares(proba, np.arange(20), expected)
    assert shares == pytest.approx(expected, abs=1e-4)
    assert adjusted(proba, expected / expected) == pytest.approx(proba)


@given(seed=st.integers(0, 10_000))
def test_a_better_likelihood_never_comes_from_other_shares(seed):
    """Expectation maximisation ends at the maximum: the log likelihood is concave in the shares."""
    generator = np.random.default_rng(seed)
    proba, expected = generator.dirichlet([1, 1, 1], size=30), generator.dirichlet([3, 3, 3])

    def likelihood(shares):
        return np.log((proba / expected) @ shares).sum()

    best = likelihood(estimate_shares(proba, np.arange(30), expected, worth=0))
    assert all(likelihood(other) <= best + 1e-3 for other in generator.dirichlet([1, 1, 1], size=20))


def test_the_test_holds_its_level_when_nothing_moved():
    """Artists who keep to a genre and have a track or fifteen: drawing rows would see a shift nearly always."""
    proba, _, artists = sample(6_000, TRAINING, seed=3, tracks=2)
    means = out_of_fold_means(proba, artists, "abc")
    expected = np.array(list(means.means.values()))
    generator = np.random.default_rng(4)
    found = []
    for seed in range(150):
        own, _, who = sample(60, TRAINING, seed=100 + seed, tracks=15)
        kept = np.isin(who, generator.choice(60, size=30, replace=False)) | (np.arange(len(who)) % 15 == 0)
        found.append(chance_of_shift(own[kept], who[kept], expected, means.artists, seed))
    rejected = np.mean(np.array(found) <= 5 * LEVEL)
    assert 0.005 <= rejected <= 0.11  # nominal 0.05; 150 draws have a standard error of 0.018


def test_the_test_sees_another_mix():
    """A hundred artists are enough for a mix that is turned around."""
    proba, _, artists = sample(2_000, TRAINING, seed=5)
    means = out_of_fold_means(proba, artists, "abc")
    other, _, who = sample(100, TRAINING[::-1], seed=6)
    p = chance_of_shift(other, who, np.array(list(means.means.values())), means.artists, 0)
    assert p is not None
    assert p <= LEVEL


def test_one_artist_with_most_tracks_does_not_move_a_mix():
    """Five hundred tracks of one artist count as one artist."""
    proba, _, artists = sample(2_000, TRAINING, seed=7)
    means = out_of_fold_means(proba, artists, "abc")
    own, _, who = sample(80, TRAINING, seed=8)
    loud = np.tile([[0.01, 0.01, 0.98]], (500, 1))
    expected = np.array(list(means.means.values()))
    both = chance_of_shift(
        np.concatenate([own, loud]), np.concatenate([who, np.full(500, 99)]), expected, means.artists, 0
    )
    assert both is not None
    assert both > LEVEL


def test_too_few_artists_are_not_tested():
    """Rows without an artist may all be the same one's: they count as one."""
    proba = np.tile([[0.9, 0.1]], (500, 1))
    nobody = np.full(500, None)
    assert count_artists(nobody) == 1
    assert chance_of_shift(proba, nobody, np.array([0.5, 0.5]), 1_000, 0) is None
    few = np.arange(500) % (FEWEST_ARTISTS - 1)
    assert chance_of_shift(proba, few, np.array([0.5, 0.5]), 1_000, 0) is None


def test_a_collection_of_one_genre_is_found():
    """The estimate goes to the edge of what is possible, and stays finite."""
    proba, _, artists = sample(500, [0.0, 0.0, 1.0], seed=9)
    assert estimate_shares(proba, artists, TRAINING, worth=0)[2] > 0.95
    shares = estimate_shares(proba, artists, TRAINING)
    assert shares[2] > 0.7
    assert np.isfinite(adjusted(proba, shares / TRAINING)).all()


def test_a_label_without_any_probability_keeps_none():
    """A genre of the training tracks that the model gives to no track, and one that it never learnt."""
    proba = np.array([[0.6, 0.4, 0.0, 0.0]] * 40)
    expected = np.array([0.5, 0.4, 0.1, 0.0])
    assert estimate_shares(proba, np.arange(40), expected, worth=0)[2:].tolist() == [0.0, 0.0]
    assert estimate_shares(proba, np.arange(40), expected)[3] == 0.0
    p = chance_of_shift(proba, np.arange(40), expected, 1_000, 0)
    assert p is not None
    assert 0 < p <= 1


def test_probabilities_of_nought_and_one_are_counted():
    """A model that is always sure tells the shares by counting."""
    proba = np.eye(2)[[0, 0, 0, 1]]
    assert estimate_shares(proba, range(4), np.array([0.5, 0.5]), worth=0) == pytest.approx([0.75, 0.25])
    impossible = np.array([[0.0, 1.0]])
    assert adjusted(impossible, np.array([1.0, 0.0])).tolist() == [[0.0, 1.0]]
    assert estimate_shares(impossible, [1], np.array([1.0, 0.0])).tolist() == [1.0, 0.0]


def test_few_artists_move_the_estimate_little():
    """Thirty artists weigh less than what is expected, three thousand more; one artist's tracks count as one."""
    shares = np.array([0.1, 0.3, 0.6])
    few, _, artists = sample(30, shares, seed=10)
    many, _, others = sample(3_000, shares, seed=11)
    near = [
        np.abs(estimate_shares(*one, TRAINING) - TRAINING).max() for one in ((few, artists), (many, others))
    ]
    assert near[0] < 0.2 < near[1]
    loud = np.concatenate([few, np.tile([[0.01, 0.01, 0.98]], (500, 1))])
    who = np.concatenate([artists, np.full(500, 99)])
    assert estimate_shares(loud, who, TRAINING) == pytest.approx(
        estimate_shares(few, artists, TRAINING), abs=0.02
    )
