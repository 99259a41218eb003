"""Scores of sets of labels, numbers and places: against scikit-learn and SciPy, by hand, and their intervals."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn import metrics

from genrelab.evaluation import label_sets, numbers, places
from genrelab.evaluation.geography import great_circle_km
from genrelab.evaluation.judged import Score, ValidationTarget, compare, evaluate, mean_of
from genrelab.evaluation.thresholds import choose_thresholds

RNG = np.random.default_rng(12)
ROWS = 60
TRUTH = RNG.random((ROWS, 7)) < 0.35
TRUTH[:, 6] = False  # a label that never occurs
TRUTH[~TRUTH.any(axis=1), 0] = True
PROBA = np.round(0.6 * RNG.random((ROWS, 7)) + 0.25 * TRUTH, 1)  # with ties
PROBA[:, 6] = 0.0
NAMED = PROBA >= 0.5
WEIGHTS = RNG.integers(0, 4, ROWS).astype(float)
SETS = ValidationTarget(TRUTH, PROBA, NAMED)

VALUES = np.round(RNG.normal(3, 2, ROWS), 1)
GUESSES = np.round(VALUES + RNG.normal(0, 2, ROWS), 1)
NUMBERS = ValidationTarget(VALUES, GUESSES, GUESSES)

BY_SKLEARN = {
    "jaccard": lambda w: metrics.jaccard_score(
        TRUTH, NAMED, average="samples", sample_weight=w, zero_division=0
    ),
    "hamming_loss": lambda w: metrics.hamming_loss(TRUTH, NAMED, sample_weight=w),
    "subset_accuracy": lambda w: metrics.accuracy_score(TRUTH, NAMED, sample_weight=w),
    "micro_f1": lambda w: metrics.f1_score(TRUTH, NAMED, average="micro", sample_weight=w),
    "macro_f1": lambda w: metrics.f1_score(
        TRUTH, NAMED, average="macro", sample_weight=w, zero_division=np.nan
    ),
    "lrap": lambda w: metrics.label_ranking_average_precision_score(TRUTH, PROBA, sample_weight=w),
    "coverage_error": lambda w: metrics.coverage_error(TRUTH, PROBA, sample_weight=w),
    "macro_ap": lambda w: metrics.average_precision_score(
        TRUTH[:, :6], PROBA[:, :6], average="macro", sample_weight=w
    ),
    "micro_ap": lambda w: metrics.average_precision_score(TRUTH, PROBA, average="micro", sample_weight=w),
    "macro_auc": lambda w: metrics.roc_auc_score(
        TRUTH[:, :6], PROBA[:, :6], average="macro", sample_weight=w
    ),
}
BY_LIBRARIES = {
    "mae": lambda w: metrics.mean_absolute_error(VALUES, GUESSES, sample_weight=w),
    "rmse": lambda w: metrics.root_mean_squared_error(VALUES, GUESSES, sample_weight=w),
    "r2": lambda w: metrics.r2_score(VALUES, GUESSES, sample_weight=w),
    "spearman": lambda w: (
        spearmanr(np.repeat(VALUES, w.astype(int)), np.repeat(GUESSES, w.astype(int))).statistic
    ),
    "top_decile_auc": lambda w: metrics.roc_auc_score(
        np.percentile(VALUES, 90) <= VALUES, GUESSES, sample_weight=w
    ),
}


@pytest.mark.parametrize("name", list(label_sets.SCORES))
@pytest.mark.parametrize("weights", [np.ones(ROWS), WEIGHTS], ids=["once", "resampled"])
def test_scores_of_sets_are_those_of_scikit_learn(name, weights):
    """Also where rows are drawn several times or not at all."""
    assert label_sets.SCORES[name].prepare(SETS)(weights) == pytest.approx(BY_SKLEARN[name](weights))


@pytest.mark.parametrize("name", list(numbers.SCORES))
@pytest.mark.parametrize("weights", [np.ones(ROWS), WEIGHTS], ids=["once", "resampled"])
def test_scores_of_numbers_are_those_of_the_libraries(name, weights):
    """Scikit-learn's with weights; SciPy's rank correlation of the drawn rows, ties among them."""
    assert numbers.SCORES[name].prepare(NUMBERS)(weights) == pytest.approx(BY_LIBRARIES[name](weights))


@pytest.mark.parametrize(
    ("scores", "judged"),
    [(label_sets.SCORES, SETS), (numbers.SCORES, NUMBERS)],
    ids=["sets", "numbers"],
)
def test_many_resamples_at_once_are_each_by_itself(scores, judged):
    """A leading axis of weights gives one value for each."""
    several = np.stack([np.ones(ROWS), WEIGHTS])
    for score in scores.values():
        of = score.prepare(judged)
        assert of(several) == pytest.approx([float(of(weights)) for weights in several])


def test_two_rows_of_sets_by_hand():
    """Truth {a, b} and {c}; named {a} and {a, c}, of three labels."""
    truth = np.array([[1, 1, 0], [0, 0, 1]], bool)
    proba = np.array([[0.9, 0.2, 0.3], [0.8, 0.1, 0.6]])
    judged, once = ValidationTarget(truth, proba, proba >= 0.5), np.ones(2)
    found = {name: float(score.prepare(judged)(once)) for name, score in label_sets.SCORES.items()}

    assert found["jaccard"] == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert found["hamming_loss"] == pytest.approx(2 / 6)
    assert found["subset_accuracy"] == 0
    assert found["micro_f1"] == pytest.approx(2 * 2 / (3 + 3))
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert found["lrap"] == pytest.approx(((1 + 2 / 3) / 2 + 1 / 2) / 2)
    assert found["coverage_error"] == pytest.approx((3 + 2) / 2)


def test_nothing_true_and_nothing_named():
    """Ratios of nothing are 0; a ranking without true labels is perfect, as in scikit-learn."""
    nothing = np.zeros((2, 3), bool)
    judged, once = ValidationTarget(nothing, np.full((2, 3), 0.1), nothing), np.ones(2)
    found = {
        name: float(label_sets.SCORES[name].prepare(judged)(once))
        for name in ("jaccard", "micro_f1", "macro_f1", "lrap", "coverage_error", "macro_auc")
    }

    assert found == {
        "jaccard": 0,
        "micro_f1": 0,
        "macro_f1": 0,
        "lrap": 1,
        "coverage_error": 0,
        "macro_auc": 0.5,
    }


def test_numbers_that_never_change_have_finite_scores():
    """A constant prediction ranks nothing; a constant truth has no variance to explain."""
    once, same = np.ones(3), np.full(3, 2.0)
    varied = np.array([1.0, 2.0, 3.0])
    guess, truth = ValidationTarget(varied, same, same), ValidationTarget(same, varied, varied)

    assert numbers.spearman(guess)(once) == numbers.spearman(truth)(once) == 0
    assert numbers.r2(guess)(once) == numbers.r2(truth)(once) == 0
    assert numbers.top_decile_auc(guess)(once) == numbers.top_decile_auc(truth)(once) == 0.5


def test_distances_on_the_globe_by_hand():
    """Three places hit, near and far: mean, and the middle one."""
    truth = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    guessed = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 179.0]])
    judged, once = ValidationTarget(truth, guessed, guessed), np.ones(3)
    errors = great_circle_km(guessed, truth)

    assert places.SCORES["great_circle_km"].prepare(judged)(once) == pytest.approx(errors.mean())
    assert places.median_km(judged)(once) == pytest.approx(np.median(errors))
    assert places.median_km(judged)(np.array([1.0, 1.0, 5.0])) == pytest.approx(errors[2])


def test_the_best_threshold_is_the_one_of_the_highest_jaccard():
    """True labels lie above 0.3, others below."""
    truth = np.array([[1, 0, 0], [0, 1, 1]], bool)
    proba = np.array([[0.5, 0.25, 0.1], [0.28, 0.35, 0.7]])

    assert choose_thresholds(truth, proba, "abc", [1, 1]).overall == 0.29


def test_intervals_come_from_artists_not_from_tracks():
    """Ten copies of every artist's track are no more evidence than one; each track its own artist would be."""
    hits = (RNG.random(80) < 0.6).astype(float)
    scores = {"share": Score(mean_of(lambda judged: judged.predicted))}

    def interval(copies, groups):
        values = np.repeat(hits, copies)
        found = evaluate("test", scores, ValidationTarget(values, values, values), groups, 1)
        return found["test/share_low"], found["test/share"], found["test/share_high"]

    once = interval(1, np.arange(80))
    assert interval(10, np.repeat(np.arange(80), 10)) == pytest.approx(once)
    low, value, high = interval(10, np.arange(800))
    assert once[0] < low < value < high < once[2]
    assert once[2] - once[0] == pytest.approx(2 * 1.96 * (value * (1 - value) / 80) ** 0.5, rel=0.2)


def test_every_score_of_sets_lies_inside_its_interval():
    """Those of rankings too."""
    found = evaluate("test", label_sets.SCORES, SETS, np.arange(ROWS) // 3, 1)

    for name in label_sets.SCORES:
        assert found[f"test/{name}_low"] < found[f"test/{name}"] < found[f"test/{name}_high"]


def test_rows_without_an_artist_are_drawn_together():
    """They count as one artist's, and no row is lost."""
    values = np.arange(6.0)
    scores = {"mean": Score(mean_of(lambda judged: judged.predicted))}
    groups = np.array(["a", None, "b", None, "c", "d"], dtype=object)
    named = np.array(["a", "-", "b", "-", "c", "d"], dtype=object)
    judged = ValidationTarget(values, values, values)

    assert evaluate("test", scores, judged, groups, 1) == evaluate("test", scores, judged, named, 1)


def test_a_difference_of_two_predictions_is_paired():
    """What makes both of them worse cancels: the interval is far narrower than that of either score."""
    rows = 300
    truth = RNG.normal(size=rows)
    noise = RNG.normal(size=rows)
    first, second = (ValidationTarget(truth, truth + by * noise, truth) for by in (0.9, 1.0))
    groups, score = np.arange(rows) // 3, numbers.SCORES["r2"]
    found = compare({"score": score}, first, second, groups, 1)["score"]
    alone = evaluate("test", {"r2": score}, first, groups, 1)
    one, other = (float(score.prepare(judged)(np.ones(rows))) for judged in (first, second))

    assert found.value == pytest.approx(one - other)
    assert 0 < found.low < found.value < found.high
    assert found.high - found.low < (alone["test/r2_high"] - alone["test/r2_low"]) / 2


def test_a_difference_on_one_artist_has_no_interval():
    """Nothing is known of another artist."""
    found = compare({"mae": numbers.SCORES["mae"]}, NUMBERS, NUMBERS, np.zeros(ROWS), 1)["mae"]

    assert (found.value, found.low, found.high) == (0.0, None, None)
