"""What dropping doubtful rows changes, and rows that are too few for that."""

import numpy as np
import pytest

from genrelab.analyses.doubtful_labels.doubts import find_doubts
from genrelab.analyses.doubtful_labels.effect import (
    KEPT,
    TooFewError,
    audit_rows,
    effects_of,
    find_planted,
    run_trial,
    without,
)
from genrelab.analyses.doubtful_labels.held_out import Rows, folds_by_group, out_of_fold
from genrelab.analyses.doubtful_labels.names import ALL, DROPPED, HALVED, OFF_LABEL
from genrelab.analyses.doubtful_labels.tracks import joined_groups

TREES, SEED = 40, 24


def made(artists: int = 60, tracks: int = 5, *, wrong: int = 0, seed: int = 1) -> Rows:
    """Two sounds, one for each label; some artists of the first sound have the other label."""
    chance = np.random.default_rng(seed)
    artist = np.arange(artists * tracks) // tracks
    sound = artist % 2
    features = sound[:, None] + chance.normal(0, 0.3, (len(artist), 3))
    codes = np.where((sound == 0) & (artist < 2 * wrong), 1, sound)
    return Rows(features, codes.astype(np.int64), artist.astype(np.int64), 2)


def test_artists_with_the_wrong_label_are_doubtful():
    """Confident learning attributes them to the other label, and they are the most doubtful of their label."""
    rows = made(200, wrong=2)
    doubts = audit_rows(rows, 4, TREES, SEED).doubts
    is_wrong = rows.codes != rows.groups % 2

    assert doubts.is_doubtful[is_wrong].mean() > 0.3
    assert doubts.is_doubtful[~is_wrong].mean() < 0.01
    assert sorted(doubts.rank[is_wrong].tolist()) == list(range(1, 11))


def test_the_same_seed_gives_the_same_doubts_on_any_number_of_cores():
    """Threads finish in any order."""
    one, two = (audit_rows(made(wrong=3), 4, TREES, SEED, cores) for cores in (1, 2))

    assert np.array_equal(one.proba, two.proba)
    assert np.array_equal(one.doubts.rank, two.doubts.rank)


def test_a_recording_is_never_on_both_sides_of_a_fold():
    """Rows with the same features, of different artists, form one group."""
    groups = joined_groups(np.array([0, 0, 1, 2, 3]), np.array([0, 1, 1, 2, 2]))

    assert groups[0] == groups[1] == groups[2]
    assert groups[3] == groups[4] != groups[0]


def test_no_artist_is_judged_by_a_model_that_was_fitted_on_it():
    """Every row is held out once, with its whole artist."""
    rows = made()
    folds = folds_by_group(rows, 4, SEED)

    assert sorted(np.concatenate([held for _, held in folds]).tolist()) == list(range(len(rows)))
    assert not any(set(rows.groups[training]) & set(rows.groups[held]) for training, held in folds)


def test_a_label_of_one_row_is_left_out_and_the_others_are_audited():
    """Nothing teaches it, so its probability of 0 says nothing."""
    rows = made()
    codes = rows.codes.copy()
    codes[7] = 2
    audited = audit_rows(Rows(rows.features, codes, rows.groups, 3), 4, TREES, SEED)

    assert set(range(len(rows))) - set(audited.rows.tolist()) == {7}
    assert audited.labels.tolist() == [0, 1]
    assert audited.proba.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(("artists", "found"), [(1, "1 artists"), (3, "3 artists")])
def test_fewer_artists_than_folds_are_reported(artists, found):
    """One artist only, and three for four folds."""
    with pytest.raises(TooFewError, match=f"so few artists; found: {found}.*allowed: at least 4"):
        audit_rows(made(artists), 4, TREES, SEED)


def test_equal_labels_are_reported():
    """There is no other genre to suggest."""
    rows = made()

    with pytest.raises(TooFewError, match="1 labels, 1 of them known"):
        audit_rows(Rows(rows.features, np.zeros_like(rows.codes), rows.groups, 2), 4, TREES, SEED)


def test_training_rows_of_one_label_predict_it():
    """The others get 0."""
    rows = made(4, 2)
    proba, is_known = out_of_fold(
        Rows(rows.features, np.array([0] * 6 + [1] * 2), rows.groups, 2),
        folds_by_group(rows, 4, SEED),
        TREES,
        SEED,
    )

    assert is_known.tolist() == [True] * 6 + [False] * 2
    assert proba[6:].tolist() == [[1.0, 0.0]] * 2


def test_dropping_leaves_every_label_its_least_doubtful_rows():
    """Though all rows of a label may be doubtful."""
    codes = np.repeat([0, 1], 10)
    proba = np.full((20, 2), 0.01)
    proba[:, 0] = 0.99
    proba[:10] -= np.array([0.001, -0.001]) * np.arange(10)[:, None]
    doubts = find_doubts(codes, proba, np.arange(20))
    weights = without(np.ones(20, dtype=bool), doubts, codes)

    assert weights[:10].sum() == weights[10:].sum() == KEPT
    assert weights[:10].tolist() == [1.0] * KEPT + [0.0] * (10 - KEPT)


def test_every_variant_is_compared_with_all_training_rows():
    """Each against a model on all rows, with an interval; a few training rows are dropped."""
    effects = {one.variant: one for one in effects_of(made(160, 4, wrong=4), TREES, SEED, 1)}

    assert list(effects) == [ALL, DROPPED, HALVED, OFF_LABEL]
    assert effects[ALL].changed == 0.0 < effects[DROPPED].changed < 0.5
    assert effects[ALL].log_loss_change.low == effects[ALL].log_loss_change.high == 0.0
    change = effects[DROPPED].log_loss_change
    assert change.low < change.value < change.high
    assert change.value == pytest.approx(effects[DROPPED].log_loss - effects[ALL].log_loss)


def test_labels_changed_on_purpose_are_found_where_sounds_differ():
    """And rank below those that were not changed."""
    planted = find_planted(made(160, 5), TREES, SEED, 1)

    assert planted.found > 5 * planted.others
    assert planted.ranked > 0.9


def test_labels_changed_on_purpose_are_not_found_where_sounds_are_the_same():
    """The test can fail: half of the pairs is chance."""
    rows = made(80, 5)
    noise = np.random.default_rng(2).normal(size=rows.features.shape)
    planted = find_planted(Rows(noise, rows.codes, rows.groups, 2), TREES, SEED, 1)

    assert planted.found < 0.1
    assert planted.ranked == pytest.approx(0.5, abs=0.2)


def test_a_trial_that_has_too_few_artists_says_so():
    """The audit goes on without it."""
    trial = run_trial(made(3), TREES, SEED, 1)

    assert (trial.effects, trial.planted) == ((), None)
    assert "so few artists" in trial.missing
