"""Scores with the artist's other tracks: beside those of the track alone, never in their place."""

import numpy as np
import pytest

from genrelab.evaluation.scores import compare, evaluate
from genrelab.models.artist_scores import artist_scores
from genrelab.models.calibration import Calibration, find_artist_temperature, powered, with_artists

LABELS = ("folk", "pop", "rock")
CALIBRATION = Calibration(0.5, 1.7, 0.0, {"folk": 0.3, "pop": 0.3, "rock": 0.4})


def noisy(artists: int, tracks: int, seed: int):
    """Tracks of artists who keep to a genre, each heard with its own noise: truth, probabilities, artists."""
    generator = np.random.default_rng(seed)
    truth = np.repeat(generator.integers(3, size=artists), tracks)
    proba = powered(np.exp(np.eye(3)[truth] + generator.normal(size=(len(truth), 3))), 1.0)
    return truth, proba, np.repeat(np.arange(artists), tracks)


def test_other_tracks_of_the_artist_help_where_an_artist_keeps_to_a_genre():
    """More accuracy and less log loss, both beyond chance, with intervals around the scores."""
    truth, proba, artists = noisy(200, 6, seed=1)
    found = artist_scores("gate", np.array(LABELS)[truth], proba, LABELS, 1, artists, CALIBRATION)

    assert found["gate/artist_mean_accuracy_difference_low"] > 0
    assert found["gate/artist_mean_log_loss_difference_high"] < 0
    assert found["gate/artist_mean_rows"] == 1
    for name in ("accuracy", "macro_f1", "log_loss", "ece"):
        score = f"gate/artist_mean_{name}"
        assert found[f"{score}_low"] <= found[score] <= found[f"{score}_high"]


def test_they_are_the_scores_of_the_means_and_their_paired_difference():
    """By the functions that judge the track alone."""
    truth, proba, artists = noisy(30, 2, seed=2)
    labels = np.array(LABELS)[truth]
    together = with_artists(proba, artists, CALIBRATION)
    found = artist_scores("gate", labels, proba, LABELS, 1, artists, CALIBRATION)

    assert (
        found["gate/artist_mean_ece"] == evaluate("x", labels, together, LABELS, 1, groups=artists)["x/ece"]
    )
    apart = compare(labels, together, proba, LABELS, 1, groups=artists)["accuracy"]
    assert found["gate/artist_mean_accuracy_difference"] == apart.value
    assert found["gate/artist_mean_accuracy_difference_high"] == apart.high


def test_artists_of_one_track_change_nothing():
    """The prediction with no other track is that of the track alone, to the last digit."""
    truth, proba, _ = noisy(40, 1, seed=3)
    alone = np.arange(40)
    assert (with_artists(proba, alone, CALIBRATION) == proba).all()
    found = artist_scores("gate", np.array(LABELS)[truth], proba, LABELS, 1, alone, CALIBRATION)
    assert (found["gate/artist_mean_rows"], found["gate/artist_mean_log_loss_difference"]) == (0, 0)


def test_one_artist_has_scores_without_intervals():
    """Nothing is known of how another artist would differ."""
    truth, proba, _ = noisy(1, 9, seed=4)
    found = artist_scores(
        "gate", np.array(LABELS)[truth], proba, LABELS, 1, np.zeros(9, dtype=int), CALIBRATION
    )
    assert "gate/artist_mean_accuracy" in found
    assert not any(name.endswith(("_low", "_high")) for name in found)


def test_the_exponent_of_means_is_chosen_on_tracks_with_others():
    """Means are too flat, so it is above 1; tracks of artists with one track have no say in it."""
    truth, proba, artists = noisy(400, 5, seed=5)
    exponent = find_artist_temperature(proba, artists, truth)
    assert exponent > 1
    wrong, sure = np.zeros(300, dtype=int), np.tile([0.01, 0.01, 0.98], (300, 1))
    more = find_artist_temperature(
        np.concatenate([proba, sure]),
        np.concatenate([artists, 1_000 + np.arange(300)]),
        np.concatenate([truth, wrong]),
    )
    assert more == pytest.approx(exponent)
    assert find_artist_temperature(sure, np.arange(300), wrong) == 1
