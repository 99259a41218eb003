"""Artist means: a track's probabilities with those of the artist's other tracks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.evaluation.artist_means import artist_means, other_tracks

PROBA = np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.3, 0.7]])


def by_hand(proba, groups, tracks, own_weight):
    """The definition, row by row."""
    found = []
    for row, artist in enumerate(groups):
        of_track = {
            tracks[other]: proba[other]
            for other in range(len(groups))
            if artist is not None and groups[other] == artist and tracks[other] != tracks[row]
        }
        others = list(of_track.values())
        found.append(
            proba[row] if not others else own_weight * proba[row] + (1 - own_weight) * np.mean(others, axis=0)
        )
    return np.array(found)


@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 4)), min_size=1, max_size=12),
    own_weight=st.sampled_from([0.0, 0.3, 0.5, 1.0]),
)
def test_it_is_the_mean_of_the_definition(rows, own_weight):
    """Own weight times the row, the rest times the mean of the artist's other tracks, each track once."""
    groups, tracks = [artist for artist, _ in rows], [track for _, track in rows]
    proba = np.random.default_rng(5).dirichlet([1, 1, 1], size=5)[
        tracks
    ]  # the same track, the same prediction
    found = artist_means(proba, groups, own_weight, tracks=tracks)
    assert found == pytest.approx(by_hand(proba, groups, tracks, own_weight))
    assert found.sum(axis=1) == pytest.approx(1)


def test_a_track_alone_keeps_its_own_probabilities():
    """A row without an artist or without another track of the artist is not changed at all."""
    groups = ["a", "b", None, None]
    assert (artist_means(PROBA, groups) == PROBA).all()
    assert other_tracks(groups).tolist() == [0, 0, 0, 0]


def test_rows_without_an_artist_are_not_one_artist():
    """None and NaN name nobody, beside rows that have an artist."""
    found = artist_means(PROBA, ["a", None, float("nan"), "a"])
    assert (found[1:3] == PROBA[1:3]).all()
    assert found[0] == pytest.approx([0.6, 0.4])


def test_copies_of_a_track_are_not_its_artists_other_tracks():
    """A track that was delivered twice is averaged with the artist's other tracks only."""
    proba = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]])
    assert other_tracks(["a"] * 3, ["x", "x", "y"]).tolist() == [1, 1, 1]
    assert artist_means(proba, ["a"] * 3, tracks=["x", "x", "y"]) == pytest.approx(np.full((3, 2), 0.5))


def test_the_order_of_the_rows_does_not_matter():
    """Rows of an artist may lie anywhere."""
    groups = np.array(["a", "b", "a", "b"])
    order = np.array([3, 0, 2, 1])
    assert artist_means(PROBA[order], groups[order]) == pytest.approx(artist_means(PROBA, groups)[order])


def test_no_rows_give_no_rows():
    """An empty collection has nothing to average."""
    assert artist_means(np.empty((0, 3)), []).shape == (0, 3)
    assert other_tracks([]).shape == (0,)
