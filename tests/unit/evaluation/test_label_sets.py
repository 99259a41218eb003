"""Scores that respect the genre tree, and scores by label; all others are in `test_kind_scores`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrelab.evaluation.genre_tree import make_tree
from genrelab.evaluation.judged import ValidationTarget, evaluate
from genrelab.evaluation.label_sets import SCORES, per_label, scores_for

ROCK, PUNK, HARDCORE, POP = 12, 25, 31, 10
LABELS = [ROCK, PUNK, HARDCORE, POP]
TREE = make_tree(LABELS, [0, ROCK, ROCK, 0], ["Rock", "Punk", "Hardcore", "Pop"])
HIERARCHICAL = ("hierarchical_precision", "hierarchical_recall", "hierarchical_f1")

ROWS = st.lists(
    st.tuples(*(st.tuples(st.booleans(), st.integers(0, 10)) for _ in LABELS), st.integers(0, 3)),
    min_size=2,
    max_size=12,
)


def sets(*rows):
    """Which labels each row has."""
    return np.array([[label in row for label in LABELS] for row in rows])


def hierarchical(truth, decided, tree=TREE):
    """Precision, recall and F1."""
    scores = scores_for(tree, LABELS)
    judged = ValidationTarget(truth, decided * 1.0, decided)
    return tuple(float(scores[name].prepare(judged)(np.ones(len(truth)))) for name in HIERARCHICAL)


@pytest.mark.parametrize(
    ("true", "named", "expected"),
    [
        ({PUNK}, {PUNK}, (1, 1, 1)),
        ({PUNK}, {ROCK}, (1, 1 / 2, 2 / 3)),
        ({ROCK}, {PUNK}, (1 / 2, 1, 2 / 3)),
        ({PUNK}, {HARDCORE}, (1 / 2, 1 / 2, 1 / 2)),
        ({PUNK}, {POP}, (0, 0, 0)),
        ({PUNK}, {HARDCORE, PUNK}, (2 / 3, 1, 4 / 5)),
        ({PUNK}, set(), (0, 0, 0)),
    ],
    ids=["right", "parent", "child", "sibling", "other root", "one too many", "nothing"],
)
def test_partial_credit_by_hand(true, named, expected):
    """Punk and Hardcore lie below Rock, Pop does not."""
    assert hierarchical(sets(true), sets(named)) == pytest.approx(expected)


def test_sums_run_over_tracks_before_one_is_divided_by_the_other():
    """A track with one genre found of one, and one with none of two: 1 of 3, not the mean of 1 and 0."""
    precision, recall, _ = hierarchical(sets({POP}, {PUNK}), sets({POP}, {POP}))

    assert precision == pytest.approx(1 / 2)
    assert recall == pytest.approx(1 / 3)


def test_without_anything_above_the_hierarchical_f1_is_the_micro_f1():
    """A flat tree gives no partial credit; a genre that the tree does not know is a root."""
    truth, decided = sets({PUNK}, {ROCK, POP}), sets({HARDCORE, PUNK}, {ROCK})
    flat = make_tree([ROCK], [0], ["Rock"])
    micro = SCORES["micro_f1"].prepare(ValidationTarget(truth, decided * 1.0, decided))(np.ones(2))

    assert hierarchical(truth, decided, flat)[2] == pytest.approx(float(micro))


def test_there_are_hierarchical_scores_only_with_a_tree():
    """All others are always there."""
    assert set(scores_for(None, LABELS)) == set(SCORES)
    assert set(scores_for(TREE, LABELS)) == {*SCORES, *HIERARCHICAL}


def _judged(rows):
    truth = np.array([[label[0] for label in row[:-1]] for row in rows])
    proba = np.array([[label[1] / 10 for label in row[:-1]] for row in rows])
    return ValidationTarget(truth, proba, proba >= 0.5), np.array([row[-1] for row in rows])


@settings(max_examples=30)
@given(ROWS)
def test_scores_are_bounded_finite_and_inside_their_intervals(rows):
    """Whatever the rows: with labels that never occur, always occur or are never named."""
    judged, artists = _judged(rows)
    found = evaluate("test", scores_for(TREE, LABELS), judged, artists, 1)
    one_artist = len(set(artists)) == 1

    for name in scores_for(TREE, LABELS):
        value = found[f"test/{name}"]
        assert 0 <= value <= (len(LABELS) if name == "coverage_error" else 1 + 1e-12)
        assert (f"test/{name}_low" not in found) == one_artist
        if not one_artist:
            assert found[f"test/{name}_low"] <= value <= found[f"test/{name}_high"]


@settings(max_examples=50)
@given(ROWS)
def test_rows_twice_and_rows_of_weight_two_score_as_once(rows):
    """Nothing depends on how many rows there are; a row drawn twice is two rows."""
    judged, _ = _judged(rows)
    twice = ValidationTarget(
        *(np.repeat(one, 2, axis=0) for one in (judged.truth, judged.predicted, judged.decided))
    )
    drawn = np.arange(len(rows)) % 3
    again = ValidationTarget(
        *(np.repeat(one, drawn, axis=0) for one in (judged.truth, judged.predicted, judged.decided))
    )

    for score in scores_for(TREE, LABELS).values():
        once = score.prepare(judged)
        assert once(np.ones(len(rows))) == pytest.approx(score.prepare(twice)(np.ones(2 * len(rows))))
        assert once(drawn * 1.0) == pytest.approx(score.prepare(again)(np.ones(drawn.sum())))


def test_scores_by_label_by_hand():
    """Support in tracks and artists, what is named, and rankings; None where nothing can be said."""
    truth = sets({ROCK}, {ROCK}, {PUNK}, set())
    proba = np.array([[0.9, 0.1, 0.0, 0.6], [0.4, 0.1, 0.0, 0.0], [0.6, 0.8, 0.0, 0.0], [0.1, 0.3, 0.0, 0.0]])
    judged = ValidationTarget(truth, proba, proba >= 0.5)
    artists = ["a", "b", "c", "c"]
    rock, punk, hardcore, pop = per_label(
        judged, LABELS, artists, thresholds=[0.5, 0.5, 0.5, 0.5], seen=[ROCK, PUNK, POP]
    )

    assert (rock.label, rock.tracks, rock.artists, rock.named, rock.threshold) == ("12", 2, 2, 2, 0.5)
    assert (rock.precision, rock.recall, rock.f1) == (0.5, 0.5, 0.5)
    assert (rock.ap, rock.auc) == (pytest.approx((1 + 2 / 3) / 2), pytest.approx(3 / 4))
    assert (rock.is_one_artists, punk.is_one_artists) == (False, True)
    assert (punk.f1, punk.ap, punk.auc) == (1, 1, 1)
    assert (rock.is_seen, hardcore.is_seen) == (True, False)
    assert (hardcore.tracks, hardcore.precision, hardcore.recall, hardcore.f1) == (0, None, None, None)
    assert (hardcore.ap, hardcore.auc) == (None, None)
    assert (pop.precision, pop.recall, pop.f1) == (0, None, 0)


def test_a_label_that_all_rows_have_has_no_roc_area():
    """No row ranks below."""
    truth = np.ones((2, 1), bool)
    (found,) = per_label(ValidationTarget(truth, truth * 0.5, truth), ["a"], [1, 2])

    assert (found.ap, found.auc) == (1, None)
    assert (found.threshold, found.is_seen) == (None, True)
