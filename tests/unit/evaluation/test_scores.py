"""Scores: by hand, against scikit-learn, and with intervals that mean something."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from genrelab.evaluation import scores

LABELS = ["blues", "pop", "rock"]
TRUTH = np.array(["pop", "pop", "rock", "blues"])
PROBA = np.array([[0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.1, 0.2, 0.7], [0.3, 0.6, 0.1]])
"""Two of four right: pop as pop, pop as rock, rock as rock, blues as pop."""

ARTISTS = ["x", "y", "x", "z"]


def alone(truth) -> np.ndarray:
    """Every row by an artist of its own."""
    return np.arange(len(truth))


def value(name: str, truth=TRUTH, proba=PROBA, labels=LABELS) -> float:
    return float(scores.SCORES[name](scores.count(truth, proba, labels)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", 2 / 4),
        ("balanced_accuracy", (0 + 1 / 2 + 1) / 3),
        ("macro_f1", (0 + 1 / 2 + 2 / 3) / 3),
        ("log_loss", -(np.log(0.8) + np.log(0.3) + np.log(0.7) + np.log(0.3)) / 4),
        ("top2_accuracy", 4 / 4),
        ("ece", (abs(0.8 - 1) + abs(0.5 - 0) + abs(0.7 - 1) + abs(0.6 - 0)) / 4),
    ],
)
def test_scores_by_hand(name, expected):
    """Four rows whose scores can be reckoned on paper; each confidence has a bin of its own."""
    assert value(name) == pytest.approx(expected)


def test_rows_in_one_bin_of_confidence_are_averaged_before_they_are_compared():
    """Confidence 0.62 and 0.64 share a bin: one right, one wrong, accuracy 0.5."""
    proba = np.array([[0.62, 0.38], [0.64, 0.36]])

    assert value("ece", ["a", "b"], proba, ["a", "b"]) == pytest.approx(0.63 - 0.5)


def test_equal_probabilities_go_to_the_first_label():
    """Prediction and top two break ties alike."""
    proba = np.array([[0.25, 0.25, 0.25, 0.25]])

    assert [value("accuracy", [label], proba, list("abcd")) for label in "abcd"] == [1, 0, 0, 0]
    assert [value("top2_accuracy", [label], proba, list("abcd")) for label in "abcd"] == [1, 1, 0, 0]


def test_a_label_that_was_ruled_out_costs_much_and_not_infinity():
    """A probability of 0 counts as the smallest float above, as in scikit-learn."""
    assert value("log_loss", ["b"], np.array([[1.0, 0.0]]), ["a", "b"]) == pytest.approx(36.04, abs=0.01)


@st.composite
def predictions(draw):
    """Truth and probabilities of up to 40 rows and 6 labels."""
    labels, rows = draw(st.integers(2, 6)), draw(st.integers(2, 40))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    names = [f"label {number}" for number in range(labels)]
    return (
        np.array(names)[generator.integers(labels, size=rows)],
        generator.dirichlet(np.ones(labels), rows),
        names,
    )


@given(predictions())
def test_scores_agree_with_scikit_learn(given_predictions):
    """Accuracy, balanced accuracy, macro F1, log loss and top two."""
    truth, proba, labels = given_predictions
    predicted = np.array(labels)[proba.argmax(axis=1)]
    recalls = [np.mean(predicted[truth == label] == label) for label in np.unique(truth)]

    assert value("accuracy", truth, proba, labels) == pytest.approx(metrics.accuracy_score(truth, predicted))
    assert value("balanced_accuracy", truth, proba, labels) == pytest.approx(np.mean(recalls))
    assert value("macro_f1", truth, proba, labels) == pytest.approx(
        metrics.f1_score(truth, predicted, average="macro")
    )
    assert value("log_loss", truth, proba, labels) == pytest.approx(
        metrics.log_loss(truth, proba, labels=labels)
    )
    if len(labels) > 2:
        assert value("top2_accuracy", truth, proba, labels) == pytest.approx(
            metrics.top_k_accuracy_score(truth, proba, k=2, labels=labels)
        )


@settings(max_examples=30)
@given(predictions())
def test_every_score_lies_in_its_interval_and_its_bounds(given_predictions):
    """Low, value, high in order; nothing below 0, and nothing but the log loss above 1."""
    truth, proba, labels = given_predictions

    found = scores.evaluate("s", truth, proba, labels, 1, groups=alone(truth))

    for name in scores.SCORES:
        low, middle, high = (found[f"s/{name}{end}"] for end in ("_low", "", "_high"))
        assert 0 <= low <= middle + 1e-12
        assert middle <= high + 1e-12
        assert name == "log_loss" or high <= 1


def test_evaluate_names_its_metrics_by_the_contract():
    """Six scores with two ends each, the rows and their artists, and the baseline of the training majority."""
    found = scores.evaluate("author", TRUTH, PROBA, LABELS, 1, groups=ARTISTS, majority="pop")

    assert set(found) == {
        "author/baseline_accuracy",
        *(f"author/{name}" for name in ("rows", "artists", "largest_artist")),
        *(f"author/{name}{end}" for name in scores.SCORES for end in ("", "_low", "_high")),
    }
    assert found["author/baseline_accuracy"] == 0.5
    assert [found[f"author/{name}"] for name in ("rows", "artists", "largest_artist")] == [4, 3, 0.5]


def test_the_same_seed_gives_the_same_interval():
    """And another seed another one."""
    truth = np.tile(TRUTH, 20)
    proba = np.tile(PROBA, (20, 1))

    one, again, other = (
        scores.evaluate("s", truth, proba, LABELS, seed, groups=alone(truth)) for seed in (1, 1, 2)
    )

    assert one == again
    assert one != other


def test_the_interval_of_accuracy_is_as_wide_as_theory_says():
    """1.96 standard errors of a share to each side."""
    generator = np.random.default_rng(5)
    truth = np.where(generator.random(2_000) < 0.4, "a", "b")
    proba = np.tile([0.9, 0.1], (2_000, 1))

    found = scores.evaluate("s", truth, proba, ["a", "b"], 1, groups=alone(truth))

    error = np.sqrt(found["s/accuracy"] * (1 - found["s/accuracy"]) / 2_000)
    assert found["s/accuracy_high"] - found["s/accuracy"] == pytest.approx(1.96 * error, rel=0.1)
    assert found["s/accuracy"] - found["s/accuracy_low"] == pytest.approx(1.96 * error, rel=0.1)


def test_a_prediction_does_not_differ_from_itself():
    """Paired resamples cancel to nothing."""
    found = scores.compare(TRUTH, PROBA, PROBA, LABELS, 1, groups=ARTISTS)

    assert {(one.value, one.low, one.high) for one in found.values()} == {(0.0, 0.0, 0.0)}


def test_the_paired_interval_is_narrower_than_two_apart():
    """Two models that fail on the same hard rows differ surely where their own intervals overlap."""
    generator = np.random.default_rng(3)
    truth = np.where(generator.random(1_000) < 0.5, "a", "b")
    right = generator.random(1_000) < 0.6
    also = right | (generator.random(1_000) < 0.04)
    proba = [
        np.where((np.where(good, truth, "x") == "a")[:, None], [0.9, 0.1], [0.1, 0.9])
        for good in (also, right)
    ]

    difference = scores.compare(truth, proba[0], proba[1], ["a", "b"], 1, groups=alone(truth))["accuracy"]
    each = [scores.evaluate("s", truth, one, ["a", "b"], 1, groups=alone(truth)) for one in proba]

    assert difference.low > 0
    assert difference.value == pytest.approx(each[0]["s/accuracy"] - each[1]["s/accuracy"])
    assert each[0]["s/accuracy_low"] < each[1]["s/accuracy_high"]


def test_confusion_matrix_counts_true_by_predicted():
    """First index true, second predicted."""
    assert scores.confusion_matrix(scores.count(TRUTH, PROBA, LABELS)) == [[0, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_calibration_bins_hold_every_row_once():
    """Only bins with rows are listed."""
    bins = scores.calibration_bins(scores.count(TRUTH, PROBA, LABELS))

    assert [one.count for one in bins] == [1, 1, 1, 1]
    assert [one.confidence for one in bins] == pytest.approx([0.5, 0.6, 0.7, 0.8])
    assert [one.accuracy for one in bins] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("truth", "proba", "message"),
    [
        (TRUTH[:3], PROBA, "shape"),
        ([], np.empty((0, 3)), "at least one row"),
        (["polka", *TRUTH[1:]], PROBA, "'polka'.* not among"),
        (TRUTH, PROBA * 2, "between 0 and 1"),
        (TRUTH, np.full_like(PROBA, np.nan), "between 0 and 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(truth, proba, message):
    """Lengths, labels and probabilities are checked before anything is counted."""
    with pytest.raises(ValueError, match=message):
        scores.count(truth, proba, LABELS)


def test_labels_may_come_in_any_order():
    """Columns are what the caller says they are."""
    order = [2, 0, 1]

    shuffled = scores.count(TRUTH, PROBA[:, order], [LABELS[place] for place in order])

    assert scores.macro_f1(shuffled) == pytest.approx(value("macro_f1"))
    assert scores.log_loss(shuffled) == pytest.approx(value("log_loss"))
