"""Nearest neighbours by the student project's rule."""

import numpy as np
import pytest

from genrelab.analyses.genre_study.neighbours import (
    VOTES,
    Found,
    K,
    by_k,
    most_frequent,
    nearest,
    scaled,
    shares,
)
from genrelab.runtime.errors import GenrelabError

HAS = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0, 1], [1, 0], [0, 1], [0, 1], [1, 1]], dtype=bool)


def found(*rows: int) -> Found:
    """Neighbours of one track, in this order."""
    order = [*rows, *(row for row in range(len(HAS)) if row not in rows)]
    return Found(np.array([order]), np.zeros((1, len(order))))


def test_one_query_serves_every_k():
    """The neighbours of a k are the first of the largest one."""
    rng = np.random.default_rng(1)
    train, test = rng.normal(size=(30, 4)).astype(np.float32), rng.normal(size=(5, 4)).astype(np.float32)
    rows = nearest(train, test).rows

    distances = np.abs(test[:, None] - train[None]).sum(axis=2)

    assert rows.tolist() == np.argsort(distances, axis=1)[:, : K[-1]].tolist()


def test_votes_are_shares_of_k():
    """After three neighbours with the labels a, a, b."""
    votes = list(shares(HAS, found(0, 1, 2)))

    assert np.allclose(votes[2], [[2 / 3, 1 / 3]])


def test_two_neighbours_name_with_one_vote():
    """Even k name more: 1 of 2 is enough, 1 of 3 is not."""
    truth = np.array([[True, False]])

    one, two, three = by_k(truth, HAS, found(0, 2, 3))[:3, 0]

    assert (one, two, three) == (1.0, 0.5, 0.0)
    assert 1 / 3 < VOTES < 1 / 2


def test_fewer_tracks_than_neighbours():
    """The error says how many there are and how many it takes."""
    with pytest.raises(
        GenrelabError, match="fewer tracks than neighbours; found: 9 training tracks; allowed: 10"
    ):
        nearest(np.zeros((9, 2), np.float32), np.zeros((1, 2), np.float32))


def test_scaling_is_fitted_on_training_tracks():
    """A far test track does not move the training tracks."""
    train, test = np.array([[0.0], [2.0]], np.float32), np.array([[100.0]], np.float32)

    scaled_train, scaled_test = scaled(train, test)

    assert scaled_train.ravel().tolist() == [-1, 1]
    assert scaled_test.ravel().tolist() == [99]


def test_the_most_frequent_labels_are_those_of_the_training_tracks():
    """One label is named: that of most training tracks."""
    assert most_frequent(np.array([[False, True], [True, True]]), HAS, labels=1) == (1 + 0.5) / 2
