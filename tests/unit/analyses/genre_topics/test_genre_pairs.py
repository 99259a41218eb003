"""Which genres go together, LSI, and reading the tracks: by hand on small tables."""

import math

import numpy as np
import pytest
from genre_topics_facts import combined, tracks_table, tree_table

from genrelab.analyses.genre_topics import together
from genrelab.analyses.genre_topics.lsi import decompose, index_genres
from genrelab.analyses.genre_topics.names import ACROSS
from genrelab.analyses.genre_topics.together import count_pairs, families_together, strongest
from genrelab.analyses.genre_topics.tracks import read_tracks
from genrelab.runtime.errors import GenrelabError


def counted(tracks):
    """Pairs of all genres."""
    return count_pairs(tracks, tracks.sets, tracks.above | tracks.above.T)


def test_singular_values_are_those_of_the_matrix_of_tracks():
    """Sets with weights against one row per track."""
    tracks = read_tracks(tracks_table(combined()), tree_table())
    values, vectors = decompose(tracks)
    expected = np.linalg.svd(tracks.sets[tracks.of_track].astype(float), compute_uv=False)

    np.testing.assert_allclose(values, expected[: len(values)])
    assert expected[len(values) :].max(initial=0) < 1e-6
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(values)), atol=1e-9)


def test_lsi_has_the_signs_of_the_document_and_no_distance_without_its_genres():
    """Rock is printed as positive in the first topic; Experimental does not occur here."""
    found = index_genres(read_tracks(tracks_table([[12], [12], [15]]), tree_table()))

    assert found.topics[0][0].genre == "Rock"
    assert found.topics[0][0].weight == pytest.approx(1)
    assert found.farthest is None


def test_a_pair_is_counted_by_artist():
    """One artist with ten tracks of both genres, three with one track of one of them."""
    artists = [1] * 10 + [2, 3, 4]
    tracks = read_tracks(tracks_table([[12, 15]] * 10 + [[12], [15], [17]], artists), tree_table())
    found = counted(tracks)
    rock, electronic = tracks.genres.index(12), tracks.genres.index(15)

    assert found.artists[rock, electronic] == 1
    assert found.shares[rock, electronic] == pytest.approx(1 / 4)
    assert found.npmi[rock, electronic] == pytest.approx(math.log((1 / 4) / (1 / 2) ** 2) / math.log(4))


def test_a_genre_and_its_parent_are_kin_and_not_ranked(monkeypatch):
    """Punk is always Rock; Folk with Electronic is news."""
    monkeypatch.setattr(together, "FEWEST", 2)
    tracks = read_tracks(tracks_table(combined()), tree_table())
    found = strongest(tracks, counted(tracks))

    assert {(one.first, one.second) for one in found} == {("Electronic", "Folk")}
    assert found[0].relation == ACROSS
    assert found[0].lift.low < found[0].lift.value < found[0].lift.high


def test_families_are_the_roots_of_the_tree():
    """A genre below a root counts for it."""
    tracks = read_tracks(tracks_table([[25, 15], [15], [17]]), tree_table())

    assert set(families_together(tracks).genres) == {"Rock", "Electronic", "Folk"}


def test_tracks_without_genres_and_unknown_ids_are_counted():
    """An empty list, a missing one, an id that genres.csv does not know, a genre of one track."""
    tracks = read_tracks(tracks_table([[12], [], None, [12, 999], [17]]), tree_table())

    assert (len(tracks), tracks.without, tracks.unknown) == (3, 2, {999: 1})
    assert "999" in tracks.names
    assert tracks.leaves(tracks.of_track[1]) == ("Rock", "999")


def test_an_archive_without_any_genre_is_refused_by_name():
    """Nothing to find topics in."""
    with pytest.raises(GenrelabError, match=r"no genres to find topics in; found: 2 tracks"):
        read_tracks(tracks_table([[], None]), tree_table())
