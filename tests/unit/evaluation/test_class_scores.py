"""Scores of each label, with intervals over artists."""

import numpy as np
import pytest
from sklearn import metrics

from genrelab.evaluation.class_scores import per_class

LABELS = ["blues", "pop", "rock"]


def rows(artists: int = 60, tracks: int = 10):
    """Tracks of artists, all of whose tracks sound alike: truth, probabilities, artist."""
    generator = np.random.default_rng(4)
    of_row = np.repeat(np.arange(artists), tracks)
    truth = of_row % 3
    named = np.where(generator.random(artists) < 0.6, np.arange(artists) % 3, 1)[of_row]
    return np.array(LABELS)[truth], np.eye(3)[named], of_row


def width(ends: tuple[float, float] | None) -> float:
    """From the lower to the upper end."""
    assert ends is not None
    return ends[1] - ends[0]


def test_scores_are_those_of_scikit_learn():
    """Precision, recall, F1 and support of each label."""
    truth, proba, artists = rows()
    expected = metrics.precision_recall_fscore_support(
        truth, np.array(LABELS)[proba.argmax(1)], labels=LABELS, zero_division=0
    )

    found = per_class(truth, proba, LABELS, 1, groups=artists)

    assert [one.genre for one in found] == LABELS
    of_each = [(one.precision, one.recall, one.f1, one.support) for one in found]
    assert pytest.approx(np.array(expected)) == np.array(of_each).T
    assert sum(one.true_share for one in found) == pytest.approx(1)
    assert [one.artists for one in found] == [20, 20, 20]


def test_intervals_hold_the_share_and_are_wider_over_artists_than_over_tracks():
    """Ten tracks of one artist that sound alike are no ten independent ones."""
    truth, proba, artists = rows()

    by_artist = per_class(truth, proba, LABELS, 1, groups=artists)[0]
    by_track = per_class(truth, proba, LABELS, 1, groups=np.arange(len(truth)))[0]

    low, high = by_artist.recall_interval
    assert low < by_artist.recall < high
    assert width(by_artist.recall_interval) > 2 * width(by_track.recall_interval)


def test_a_share_that_no_resample_changes_has_no_interval():
    """All pop is named right, no polka exists, and one artist tells nothing of another."""
    truth, proba, artists = rows()
    _, pop, _ = per_class(truth, proba, LABELS, 1, groups=artists)
    one_artist = per_class(truth, proba, LABELS, 1, groups=np.zeros(len(truth)))
    *_, polka = per_class(truth, np.pad(proba, [(0, 0), (0, 1)]), [*LABELS, "polka"], 1, groups=artists)

    assert (pop.recall, pop.recall_interval) == (1.0, None)
    assert width(pop.precision_interval) > 0
    assert [one.recall_interval for one in one_artist] == [None] * 3
    assert (polka.support, polka.recall_interval, polka.precision_interval) == (0, None, None)
