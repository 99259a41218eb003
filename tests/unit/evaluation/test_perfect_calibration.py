"""The ECE of a perfectly calibrated model: the correlation within artists, and what the simulation gives."""

from itertools import combinations

import numpy as np
import pytest

from genrelab.evaluation import perfect_calibration, scores
from genrelab.evaluation.perfect_calibration import artist_correlation, perfect_ece

LABELS = ["a", "b", "c"]


def drawn(rho: float, seed: int, artists: int = 300, tracks: int = 6):
    """Confidences, hits that are right as often as these say, and artists whose tracks are alike by `rho`."""
    generator = np.random.default_rng(seed)
    of_row = np.repeat(np.arange(artists), tracks)
    confidence = generator.uniform(0.35, 0.95, len(of_row))
    own, shared = generator.random(len(of_row)), generator.random(artists)[of_row]
    return confidence, np.where(generator.random(len(of_row)) < rho**0.5, shared, own) < confidence, of_row


def rows_of(confidence, hits):
    """Truth and probabilities with these confidences and hits: `a` is always the most probable label."""
    truth = np.where(hits, "a", "b")
    rest = 1 - confidence
    return truth, np.stack([confidence, np.minimum(rest, confidence) * 0.9, rest * 0.1], axis=1)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.8])
def test_the_correlation_within_artists_is_found_again(rho):
    """Mean over 30 samples of 1,800 tracks."""
    found = [artist_correlation(*drawn(rho, seed)) for seed in range(30)]

    assert np.mean(found) == pytest.approx(rho, abs=0.03)


def test_the_correlation_is_that_of_pairs_counted_one_by_one():
    """Each pair among n tracks weighs 1 / (n - 1)."""
    confidence, hits, artists = drawn(0.5, 1, artists=10)
    artists[artists < 3] = 0  # one of 18 tracks, seven of 6
    residual = hits - confidence
    residual = residual - residual.mean()
    products = most = 0.0
    for one, other in combinations(range(60), 2):
        if artists[one] == artists[other]:
            weight = 1 / (np.sum(artists == artists[one]) - 1)
            p, q = confidence[one], confidence[other]
            products += weight * residual[one] * residual[other]
            most += weight * (min(p, q) - p * q)

    assert artist_correlation(confidence, hits, artists) == pytest.approx(products / most)


def test_a_model_that_is_too_sure_of_everybody_has_no_artists_alike():
    """Its residuals have one sign, and no artist is worse than another."""
    confidence, hits, artists = drawn(0.0, 2)

    assert artist_correlation(np.minimum(confidence + 0.2, 1), hits, artists) < 0.05


def test_a_perfect_model_has_the_ece_that_is_simulated():
    """Over 60 samples its ECE is what is expected, and above the 95th percentile in few."""
    within, means, eces = 0, [], []
    for seed in range(60):
        confidence, hits, artists = drawn(0.4, seed, artists=80)
        truth, proba = rows_of(confidence, hits)
        expected = perfect_ece("s", truth, proba, LABELS, seed, groups=artists)
        ece = float(scores.ece(scores.count(truth, proba, LABELS)))
        within += ece <= expected["s/ece_perfect_p95"]
        means.append(expected["s/ece_perfect_mean"])
        eces.append(ece)

    assert np.mean(means) == pytest.approx(np.mean(eces), rel=0.08)
    assert within >= 53


def test_a_model_that_is_too_sure_lies_above(monkeypatch):
    """And tracks that are alike allow more than tracks that are not."""
    monkeypatch.setattr(perfect_calibration, "SIMULATIONS", 300)
    confidence, hits, artists = drawn(0.4, 1)
    truth, proba = rows_of(np.minimum(confidence + 0.2, 0.99), hits)

    by_artist, by_row = (
        perfect_ece("s", truth, proba, LABELS, 1, groups=groups)
        for groups in (artists, np.arange(len(truth)))
    )

    assert scores.ece(scores.count(truth, proba, LABELS)) > by_artist["s/ece_perfect_p95"]
    assert by_artist["s/ece_perfect_mean"] > by_row["s/ece_perfect_mean"]


def test_certain_probabilities_and_one_artist_have_a_result():
    """Probabilities of 0 and 1 leave nothing to chance; an artist alone has the correlation of its own tracks."""
    truth = np.array(["a", "b", "a", "c"])
    certain = np.eye(3)[[0, 1, 0, 2]]

    assert perfect_ece("s", truth, certain, LABELS, 1, groups=[1, 1, 2, 2]) == {
        "s/ece_perfect_mean": 0.0,
        "s/ece_perfect_p95": 0.0,
    }
    found = perfect_ece("s", truth, np.full((4, 3), 1 / 3), LABELS, 1, groups=["x"] * 4)
    assert 0 < found["s/ece_perfect_mean"] <= found["s/ece_perfect_p95"] < 1
