"""How test tracks are drawn."""

import numpy as np

from genrelab.analyses.genre_study.protocols import divisions
from genrelab.analyses.genre_study.result import APART, OFFICIAL, RANDOM

ARTISTS = np.repeat(np.arange(30), 4)
PARTS = np.array(["training"] * 80 + ["validation"] * 20 + ["test"] * 20)


def drawn(artists=ARTISTS, parts=PARTS, fewest=10):
    """The divisions of 120 tracks, two repeats."""
    return list(divisions(artists, parts, share=0.1, repeats=2, seed=3, fewest=fewest))


def test_every_protocol_and_repeat():
    """Random tracks and artists are drawn twice; FMA's split is there once."""
    assert [one.protocol for one in drawn()] == [RANDOM, RANDOM, APART, APART, OFFICIAL]


def test_artists_are_on_one_side_unless_tracks_are_drawn():
    """The reason to compare the protocols at all."""
    shared = [len(set(ARTISTS[one.train]) & set(ARTISTS[one.test])) for one in drawn()]

    assert min(shared[:2]) > 0
    assert shared[2:] == [0, 0, 0]


def test_sizes_are_the_same():
    """12 of 120 tracks, however they are drawn."""
    assert [len(one.test) for one in drawn()[:4]] == [12, 12, 12, 12]


def test_no_track_is_on_both_sides():
    """Nor does one get lost, but for FMA's validation part."""
    for one in drawn():
        assert not set(one.train) & set(one.test)
        assert len(one.train) + len(one.test) == (100 if one.protocol == OFFICIAL else 120)


def test_one_artist_cannot_be_kept_apart():
    """Nothing would be left to look in."""
    assert {one.protocol for one in drawn(np.zeros(120, np.int64))} == {RANDOM, OFFICIAL}


def test_no_official_test_part():
    """The other protocols go on."""
    assert {one.protocol for one in drawn(parts=np.full(120, "training"))} == {RANDOM, APART}
