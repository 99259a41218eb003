"""Thresholds of label sets: which rule is chosen, on which artists, and what it names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import jaccard_score

from genrelab.evaluation.results import Thresholds
from genrelab.evaluation.thresholds import CURVE, choose_thresholds, curve, named

SEED = 5
ROWS, LABELS = 600, ("a", "b", "c")
ARTISTS = np.arange(ROWS) // 3


def made(shift):
    """Truth, and true probabilities of which each label's are raised to a power: its best threshold moves."""
    generator = np.random.default_rng(SEED)
    proba = generator.beta(0.5, 1.0, (ROWS, len(LABELS)))
    truth = generator.random(proba.shape) < proba
    return truth, proba ** np.asarray(shift)


def choose(truth, proba, **settings):
    """With the artists of all rows."""
    return choose_thresholds(truth, proba, LABELS, ARTISTS, **{"minimum_support": 10} | settings)


def by_sklearn(truth, decided):
    """Mean Jaccard of rows."""
    return jaccard_score(truth, decided, average="samples", zero_division=0)


def test_one_threshold_is_chosen_where_labels_need_no_other():
    """True probabilities of all labels: the simplest rule is within noise of all others."""
    found = choose(*made([1, 1, 1]))

    assert [rule.by_label for rule in found.compared if rule.is_chosen] == [False]
    assert found.by_label == {}


def test_each_label_gets_its_threshold_where_that_helps():
    """One label's probabilities are far too low, one's too high; the rule says by how much it is better."""
    found = choose(*made([5, 1, 0.3]))
    chosen = next(rule for rule in found.compared if rule.is_chosen)

    assert chosen.by_label
    assert found.by_label["a"] < found.by_label["b"] < found.by_label["c"]
    assert found.compared[0].behind > 2 * found.compared[0].behind_error > 0


def test_the_most_probable_label_is_named_where_a_row_would_have_none():
    """Every row has one label, and its probability is low in every second one."""
    generator = np.random.default_rng(SEED)
    truth = np.eye(3, dtype=bool)[generator.integers(0, 3, ROWS)]
    proba = (0.1 * generator.random((ROWS, 3)) + 0.2 * truth) * np.where(np.arange(ROWS) % 2, 1, 3)[:, None]
    found = choose(truth, proba)

    assert found.at_least == 1
    assert named(proba, LABELS, found).any(axis=1).all()
    assert [rule.name for rule in found.compared] == [
        "one threshold",
        "one threshold, the most probable genre at least",
        "one threshold per genre",
        "one threshold per genre, the most probable genre at least",
    ]


def test_thresholds_that_only_fit_their_own_rows_are_not_chosen():
    """Noise, few rows, many labels: thresholds by label raise the score of the rows that chose them, and no other."""
    generator = np.random.default_rng(SEED)
    truth, proba, labels = generator.random((60, 30)) < 0.3, generator.random((60, 30)), list(range(30))
    found = choose_thresholds(truth, proba, labels, np.arange(60), minimum_support=1)
    one, _, own, _ = found.compared

    assert own.jaccard < one.jaccard
    assert found.by_label == {}


def test_a_label_of_few_artists_has_no_threshold_of_its_own():
    """However many tracks: its artists are counted."""
    truth, proba = made([1, 5, 0.3])
    truth[:, 0] &= ARTISTS < 9
    found = choose(truth, proba, minimum_support=10)

    assert set(found.by_label) == {"b", "c"}
    assert found.of(LABELS).tolist() == [found.overall, found.by_label["b"], found.by_label["c"]]


def test_a_threshold_is_shrunk_towards_the_common_one():
    """The fewer artists a label has beside the minimum, the more."""
    truth, proba = made([5, 1, 0.3])
    support = len(np.unique(ARTISTS[truth[:, 0]]))
    lone, pulled = (choose(truth, proba, minimum_support=minimum) for minimum in (0, 10))
    expected = (support * lone.by_label["a"] + 10 * lone.overall) / (support + 10)

    assert lone.overall == pulled.overall
    assert pulled.by_label["a"] == pytest.approx(expected)


def test_one_artist_gets_one_threshold():
    """Nothing can be compared on other artists, and that is said."""
    truth, proba = made([5, 1, 0.3])
    found = choose_thresholds(truth, proba, LABELS, np.zeros(ROWS), minimum_support=10)

    assert found.compared == ()
    assert (found.by_label, found.at_least) == ({}, 0)


def test_rules_are_judged_on_artists_that_they_were_not_fitted_on():
    """Two artists, two folds: the threshold of one judges the other, and back."""
    truth, proba = made([1, 1, 1])
    pair = choose_thresholds(truth, proba, LABELS, ARTISTS < 100, minimum_support=10).compared[0]
    parts = [ARTISTS < 100, ARTISTS >= 100]
    of_rows = []
    for fitted, held in (parts, parts[::-1]):
        best = CURVE[int(np.argmax(curve(truth[fitted], proba[fitted])))]
        of_rows.append(held.sum() * by_sklearn(truth[held], proba[held] >= best))

    assert pair.jaccard == pytest.approx(sum(of_rows) / ROWS)


@pytest.mark.parametrize("at_least", [0, 1])
def test_the_curve_is_the_jaccard_of_scikit_learn(at_least):
    """At every threshold, with probabilities that are exactly one of them, and rows of zeros."""
    truth, proba = made([1, 1, 1])
    proba = np.round(proba, 2)
    proba[:5] = 0
    found = curve(truth, proba, at_least)
    expected = [
        by_sklearn(truth, named(proba, LABELS, Thresholds(step, {}, at_least, 0, ()))) for step in CURVE
    ]

    assert found == pytest.approx(expected)


def test_a_model_that_knows_no_label_names_none():
    """Also where the most probable label is to be named."""
    assert not named(np.zeros((2, 3)), LABELS, Thresholds(0.5, {}, 1, 0, ())).any()


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), *(st.tuples(st.booleans(), st.floats(0, 1)) for _ in LABELS)),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 3),
)
def test_every_input_gets_thresholds_that_name_what_they_say(rows, minimum):
    """Between 0 and 1, the same for rows in another order, and one rule is chosen."""
    artists = np.array([row[0] for row in rows])
    truth = np.array([[label[0] for label in row[1:]] for row in rows])
    proba = np.array([[label[1] for label in row[1:]] for row in rows])
    found = choose_thresholds(truth, proba, LABELS, artists, minimum_support=minimum)

    assert ((found.of(LABELS) > 0) & (found.of(LABELS) < 1)).all()
    assert sum(rule.is_chosen for rule in found.compared) == (len(set(artists.tolist())) > 1)
    decided = named(proba, LABELS, found)
    assert (decided.any(axis=1) | (found.at_least == 0) | (proba == 0).all(axis=1)).all()
    assert (decided >= ((proba >= found.of(LABELS)) & (proba > 0))).all()
