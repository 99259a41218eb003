"""Artists as the sampling unit: intervals against a plain implementation, their coverage, and odd samples."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from genrelab.evaluation import sampling, scores
from genrelab.evaluation.class_scores import per_class
from genrelab.evaluation.judged import Score, ValidationTarget, mean_of
from genrelab.evaluation.judged import evaluate as evaluate_judged
from genrelab.evaluation.results import Difference, score_of
from genrelab.evaluation.sampling import RESAMPLES, artist_numbers, resample_weights, sampled

LABELS = ["a", "b", "c"]


def clustered(seed: int, artists: int = 40, largest: int = 0, mean: float = 0.6):
    """Rows of artists whose tracks are alike: truth, probabilities, artist; each track is named right by `mean`."""
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 16, artists)
    sizes[0] = largest or sizes[0]
    of_row = np.repeat(np.arange(artists), sizes)
    right = generator.random(len(of_row)) < generator.beta(mean * 2, (1 - mean) * 2, artists)[of_row]
    truth = generator.integers(3, size=len(of_row))
    named = np.where(right, truth, (truth + 1) % 3)
    proba = np.full((len(of_row), 3), 0.2)
    proba[np.arange(len(of_row)), named] = 0.6
    return np.array(LABELS)[truth], proba, of_row


def plain_interval(value, of_rows, groups, seed, *, is_shifted):
    """Percentiles of a score over resamples of whole artists, their rows copied out one artist after the other."""
    weights = np.concatenate([each.T for each in resample_weights(len(set(groups)), seed)])
    order = list(dict.fromkeys(groups.tolist()))
    found = []
    for drawn in weights.astype(int):
        rows = [np.tile(np.flatnonzero(groups == order[at]), times) for at, times in enumerate(drawn)]
        found.append(of_rows(np.concatenate(rows)))
    return np.percentile(found, [2.5, 97.5]) + (value - np.mean(found) if is_shifted else 0)


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "log_loss"])
def test_the_interval_is_that_of_a_plain_bootstrap_over_artists(name, monkeypatch):
    """Rows copied out and judged by scikit-learn give the same ends as sums by artist."""
    monkeypatch.setattr(sampling, "RESAMPLES", 200)
    truth, proba, groups = clustered(3)
    named = np.array(LABELS)[proba.argmax(axis=1)]
    by_sklearn = {
        "accuracy": lambda rows: metrics.accuracy_score(truth[rows], named[rows]),
        "macro_f1": lambda rows: metrics.f1_score(truth[rows], named[rows], average="macro"),
        "log_loss": lambda rows: metrics.log_loss(truth[rows], proba[rows], labels=LABELS),
    }

    found = score_of(scores.evaluate("s", truth, proba, LABELS, 5, groups=groups), f"s/{name}")

    expected = plain_interval(found.value, by_sklearn[name], groups, 5, is_shifted=name == "macro_f1")
    assert [found.low, found.high] == pytest.approx(expected)


def test_a_paired_interval_is_that_of_a_plain_bootstrap_over_artists():
    """The same artists are drawn for both models."""
    truth, first, groups = clustered(3)
    second = np.roll(first, 1, axis=1) * 0.3 + first * 0.7
    second[::3] = 1 / 3
    hits = [np.array(LABELS)[proba.argmax(axis=1)] == truth for proba in (first, second)]

    found = scores.compare(truth, first, second, LABELS, 5, groups=groups)["accuracy"]

    expected = plain_interval(
        found.value, lambda rows: hits[0][rows].mean() - hits[1][rows].mean(), groups, 5, is_shifted=False
    )
    assert [found.low, found.high] == pytest.approx(expected)


def test_intervals_hold_the_truth_as_often_as_they_say_only_where_artists_are_drawn():
    """In 200 samples of 40 artists, intervals over artists hold 0.6 in about 95 %, those over rows in far fewer."""
    held = {"artists": 0, "rows": 0}
    for seed in range(200):
        truth, proba, groups = clustered(seed)
        units = {"artists": groups, "rows": np.arange(len(groups))}
        for unit, of_row in units.items():
            found = scores.evaluate("s", truth, proba, LABELS, seed, groups=of_row)
            held[unit] += found["s/accuracy_low"] <= 0.6 <= found["s/accuracy_high"]

    assert 0.9 <= held["artists"] / 200 <= 0.98
    assert held["rows"] / 200 < 0.75


def test_one_artist_has_no_interval():
    """Scores are there; their ends are not, in a score as in a difference, and text says why."""
    truth, proba, _ = clustered(1)
    groups = ["only"] * len(truth)

    found = scores.evaluate("s", truth, proba, LABELS, 1, groups=groups)
    apart = scores.compare(truth, proba, proba[:, ::-1], LABELS, 1, groups=groups)["accuracy"]
    values = proba[:, 0]
    other = evaluate_judged(
        "s", {"mean": Score(mean_of(lambda one: one.truth))}, ValidationTarget(values, values, values),
        np.array(groups), 1,
    )  # fmt: skip

    assert not [name for name in (*found, *other) if name.endswith(("_low", "_high"))]
    assert str(score_of(found, "s/accuracy")).endswith("(no interval: one artist)")
    assert (apart.low, apart.high) == (None, None)
    assert not apart.is_positive
    assert not apart.is_negative
    assert str(apart).endswith("(no interval: too few artists)")


def test_an_artist_with_half_of_the_rows_makes_the_interval_wide_and_is_counted():
    """Nothing else changes: 200 of 400 rows by one artist, 200 by as many others."""
    generator = np.random.default_rng(2)
    truth = np.where(generator.random(400) < 0.6, "a", "b")
    proba = np.tile([0.6, 0.4, 0.0], (400, 1))
    alone, half = np.arange(400), np.concatenate([np.zeros(200, int), np.arange(200) + 1])

    wide, narrow = (scores.evaluate("s", truth, proba, LABELS, 1, groups=each) for each in (half, alone))

    def width(found):
        return found["s/accuracy_high"] - found["s/accuracy_low"]

    assert wide["s/largest_artist"] == 0.5
    assert wide["s/artists"] == 201
    truth[:200] = "a"  # the one artist is all right
    sure = scores.evaluate("s", truth, proba, LABELS, 1, groups=half)
    assert width(sure) > 2 * width(narrow)


def test_a_lead_on_the_tracks_of_one_artist_is_noise():
    """Half of the rows are by one artist, whom one model names right and the other wrong; else they agree."""
    truth, other = np.array(["a"] * 600), np.tile([0.6, 0.4, 0.0], (600, 1))
    wrong = other.copy()
    wrong[:300] = [0.4, 0.6, 0.0]
    half = np.concatenate([np.zeros(300, int), np.arange(300) + 1])

    by_artist, by_row = (
        scores.compare(truth, other, wrong, LABELS, 1, groups=groups) for groups in (half, np.arange(600))
    )

    for name in ("accuracy", "log_loss"):
        assert by_row[name].is_positive != by_row[name].is_negative
        assert by_artist[name].is_positive == by_artist[name].is_negative


def test_a_label_that_no_row_has_and_certain_probabilities_have_scores():
    """Means are over the labels that occur; a probability of 0 for the truth costs much and is finite."""
    truth = np.array(["a", "b", "a", "b"])
    proba = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])

    found = scores.evaluate("gate", truth, proba, LABELS, 1, groups=[1, 2, 3, 4])
    report = per_class(truth, proba, LABELS, 1, groups=[1, 2, 1, 2])

    assert all(np.isfinite(value) for value in found.values())
    assert found["gate/balanced_accuracy"] == 0.75
    assert found["gate/log_loss"] == pytest.approx(-np.log(scores.SMALLEST) / 4)
    assert [(one.support, one.artists) for one in report] == [(2, 1), (2, 1), (0, 0)]


def test_rows_without_an_artist_count_as_one_artists():
    """None and NaN alike; their interval is as if a single artist had them all."""
    truth, proba, groups = clustered(4)
    some = groups < 12
    unknown = pd.Series(groups, dtype=object)
    unknown[some] = [None, np.nan] * (some.sum() // 2) + [None] * (some.sum() % 2)

    one = scores.evaluate("s", truth, proba, LABELS, 1, groups=unknown.to_numpy())
    same = scores.evaluate("s", truth, proba, LABELS, 1, groups=np.where(some, 0, groups))

    assert one == same
    assert one["s/artists"] == 40 - 12 + 1


def test_artists_of_other_rows_are_refused():
    """One for each row."""
    truth, proba, groups = clustered(1)

    with pytest.raises(ValueError, match="artists of 3 rows, expected one for each of"):
        scores.evaluate("s", truth, proba, LABELS, 1, groups=groups[:3])


def test_as_many_artists_are_drawn_as_there_are():
    """In every resample, and the number of an artist is that of its first row."""
    weights = np.concatenate([each.T for each in resample_weights(7, 1)])

    assert weights.shape == (RESAMPLES, 7)
    assert set(weights.sum(axis=1)) == {7}
    assert list(resample_weights(1, 1)) == []
    assert artist_numbers(["x", 5, "x"]).tolist() == [0, 1, 0]
    assert sampled("s", ["x", 5, "x"]) == {"s/rows": 3, "s/artists": 2, "s/largest_artist": 2 / 3}


def test_a_difference_is_real_where_its_interval_lies_on_one_side_of_0():
    """Ends at 0 are not beyond it."""
    assert Difference(0.2, 0.1, 0.3).is_positive
    assert Difference(-0.2, -0.3, -0.1).is_negative
    assert not Difference(0.1, 0.0, 0.2).is_positive
    assert not Difference(-0.1, -0.2, 0.0).is_negative
