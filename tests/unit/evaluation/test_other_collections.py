"""Other collections: which tracks make one, and what is published when its mix has moved."""

from dataclasses import replace

import numpy as np
import pytest

from genrelab.analyses.predictions.mixes import describe
from genrelab.evaluation import other_collections
from genrelab.evaluation.other_collections import Tracks, judge_collections
from genrelab.evaluation.prior_shift import adjusted, out_of_fold_means
from genrelab.models.calibration import Calibration

LABELS = ("folk", "pop", "rock")
SHARES = np.array([0.2, 0.3, 0.5])
CALIBRATION = Calibration(1.0, 1.0, 0.0, dict(zip(LABELS, SHARES.tolist(), strict=True)))


def heard(shares, artists, seed):
    """Probabilities of a calibrated model that learnt `SHARES`, of two tracks by each artist."""
    generator = np.random.default_rng(seed)
    genre = np.repeat(generator.choice(3, size=artists, p=shares), 2)
    place = genre * 1.5 + generator.normal(size=len(genre))
    density = np.exp(-0.5 * (place[:, None] - 1.5 * np.arange(3)) ** 2) * SHARES
    return density / density.sum(axis=1, keepdims=True), np.repeat(np.arange(artists), 2)


def calibration():
    """A calibration whose means come from many artists."""
    proba, artists = heard(SHARES, 3_000, seed=1)
    return replace(CALIBRATION, out_of_fold=out_of_fold_means(proba, artists, LABELS))


def tracks(artists, **changes):
    """Labelled tracks of one file, none of them fitted on."""
    many = len(artists)
    given = {
        "sources": np.array(["new.csv"] * many, dtype=object),
        "artists": np.asarray(artists, dtype=object),
        "tracks": np.arange(many, dtype=np.uint64),
        "has_label": np.ones(many, dtype=bool),
        "was_fitted_on": np.zeros(many, dtype=bool),
    }
    return Tracks(**{**given, **changes})


def find_mixes(model, proba, rows, labels, known):
    """The mix of each collection, and the probabilities under it: NaN where nothing is adjusted."""
    found = judge_collections(model, proba, rows, labels, known)
    changed = np.full_like(proba, np.nan)
    for one in found:
        if one.mix.has_moved:
            changed[one.rows] = adjusted(proba[one.rows], one.weights)
    return tuple(one.mix for one in found), changed


def test_another_mix_is_said_and_adjusted():
    """Mostly folk here: the estimate says so, and the probabilities move there."""
    proba, artists = heard([0.7, 0.2, 0.1], 400, seed=2)
    (mix,), changed = find_mixes("m", proba, tracks(artists), LABELS, calibration())
    assert (mix.has_moved, mix.is_other, mix.tracks, mix.artists, mix.files) == (True, True, 800, 400, 1)
    assert mix.shares[0].genre == "folk"
    assert 0.5 < mix.shares[0].here < 0.75  # drawn towards the training mix, as if by a hundred artists
    assert mix.shares[0].training == 0.2
    assert sum(one.here for one in mix.shares) == pytest.approx(1)
    assert changed.sum(axis=1) == pytest.approx(1)
    assert changed[:, 0].mean() > proba[:, 0].mean() + 0.1


def test_the_same_mix_changes_nothing():
    """No row gets adjusted probabilities; the estimate is near the training shares."""
    proba, artists = heard(SHARES, 400, seed=3)
    (mix,), changed = find_mixes("m", proba, tracks(artists), LABELS, calibration())
    assert not mix.has_moved
    assert mix.p is not None
    assert np.isnan(changed).all()
    assert {one.genre: one.here for one in mix.shares} == pytest.approx(
        dict(zip(LABELS, SHARES, strict=True)), abs=0.1
    )


def test_files_that_were_trained_on_are_apart_from_others():
    """Of each only the tracks that the model was not fitted on take part, by whether there is a label."""
    old, old_artists = heard(SHARES, 200, seed=4)
    new, new_artists = heard([0.8, 0.1, 0.1], 200, seed=5)
    fitted = np.r_[np.arange(400) % 10 < 7, np.arange(400) % 50 == 0]  # some tracks are in both files
    rows = tracks(
        np.r_[old_artists, 1_000 + new_artists],
        sources=np.repeat(np.array(["old.csv", "new.csv"], dtype=object), 400),
        has_label=np.arange(800) % 4 != 1,
        was_fitted_on=fitted,
    )
    mixes, changed = find_mixes("m", np.r_[old, new], rows, LABELS, calibration())
    assert [(one.is_other, one.is_labelled) for one in mixes] == [
        (False, True),
        (False, False),
        (True, True),
        (True, False),
    ]
    assert sum(one.tracks for one in mixes) == (~fitted).sum()
    assert [one.has_moved for one in mixes] == [False, False, True, True]
    assert (~np.isnan(changed).any(axis=1) == ~fitted & (np.arange(800) >= 400)).all()


def test_copies_of_a_track_count_once():
    """A track that was delivered a hundred times does not make a collection of its genre."""
    proba, artists = heard(SHARES, 100, seed=6)
    again = np.r_[np.arange(200), np.zeros(1_000, dtype=np.int64)]
    rows = tracks(artists[again], tracks=again.astype(np.uint64))
    (mix,), _ = find_mixes("m", proba[again], rows, LABELS, calibration())
    (once,), _ = find_mixes("m", proba, tracks(artists), LABELS, calibration())
    assert (mix.tracks, mix.p, mix.shares) == (200, once.p, once.shares)


@pytest.mark.parametrize("missing", [None, CALIBRATION])
def test_a_champion_without_calibration_adjusts_nothing(missing):
    """Its probabilities tell no shares: said, not tested."""
    proba, artists = heard([0.8, 0.1, 0.1], 100, seed=7)
    (mix,), changed = find_mixes("m", proba, tracks(artists), LABELS, missing)
    assert (mix.p, mix.has_moved, mix.shares) == (None, False, ())
    assert "no calibration" in mix.problem
    assert np.isnan(changed).all()


def test_too_few_artists_are_said():
    """Twenty artists are no test, however many tracks, nor are tracks without an artist."""
    proba, artists = heard([0.8, 0.1, 0.1], 20, seed=8)
    (mix,), _ = find_mixes("m", proba, tracks(artists), LABELS, calibration())
    assert (mix.p, mix.problem) == (None, "fewer than 30 artists")
    (mix,), _ = find_mixes("m", proba, tracks(np.full(40, None)), LABELS, calibration())
    assert (mix.artists, mix.problem) == (1, "fewer than 30 artists")


def test_one_label_and_a_label_without_probability():
    """A collection of one genre, and a genre of the training tracks that has no probability anywhere."""
    proba = np.tile([0.0, 0.1, 0.9], (80, 1))
    (mix,), changed = find_mixes("m", proba, tracks(np.arange(80)), LABELS, calibration())
    assert mix.has_moved
    assert mix.shares[0].genre == "rock"
    assert mix.shares[-1].here < 0.2
    assert np.isfinite(changed).all()


def test_a_collection_that_is_all_fitted_on_has_nothing_to_tell():
    """No collection, nothing adjusted."""
    proba, artists = heard(SHARES, 50, seed=9)
    mixes, changed = find_mixes(
        "m", proba, tracks(artists, was_fitted_on=np.ones(100, dtype=bool)), LABELS, calibration()
    )
    assert mixes == ()
    assert np.isnan(changed).all()


def test_tracks_that_a_training_left_out_for_their_labels_are_no_collection():
    """They were chosen; the part of another file's track says nothing, since no training saw the file."""
    proba, artists = heard(SHARES, 100, seed=10)
    fitted = np.arange(200) % 10 < 5
    rows = tracks(artists, was_fitted_on=fitted, is_of_training=np.arange(200) % 10 < 7)
    (mix,), _ = find_mixes("m", proba, rows, LABELS, calibration())
    assert mix.tracks == 60

    other = replace(rows, was_fitted_on=np.zeros(200, dtype=bool))
    (mix,), _ = find_mixes("m", proba, other, LABELS, calibration())
    assert mix.tracks == 200


def test_a_large_collection_is_tested_on_artists_that_are_drawn(monkeypatch):
    """Its mix says so; every track that is not known is adjusted all the same."""
    monkeypatch.setattr(other_collections, "MOST_TRACKS", 500)
    proba, artists = heard([0.7, 0.2, 0.1], 400, seed=2)
    (mix,), changed = find_mixes("m", proba, tracks(artists), LABELS, calibration())

    assert (mix.tracks, mix.sampled, mix.has_moved) == (800, 500, True)
    assert not np.isnan(changed).any()
    assert "a sample of 500 of 800 tracks, seeded" in describe(mix)
    assert find_mixes("m", proba, tracks(artists), LABELS, calibration())[0] == (mix,)
