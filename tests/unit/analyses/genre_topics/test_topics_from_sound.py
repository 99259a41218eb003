"""Topics predicted from sound, and numbers of topics compared by hidden genres."""

import numpy as np
import pytest
from genre_topics_facts import combined, features_table, tracks_table, tree_table

from genrelab.analyses.genre_topics.completion import complete_genres, hide_genres
from genrelab.analyses.genre_topics.describe import order_topics
from genrelab.analyses.genre_topics.names import ALL_ROWS, ARTISTS, RANDOM, TRAINING_ROWS
from genrelab.analyses.genre_topics.sound import SoundBudget, most_frequent, neighbours, predict_topics, vote
from genrelab.analyses.genre_topics.topic_model import fit_topics
from genrelab.analyses.genre_topics.tracks import read_tracks
from genrelab.runtime.errors import GenrelabError

COLUMNS = ("mfcc_mean_01", "mfcc_mean_02", "mfcc_mean_03")
EFFORT = SoundBudget(repeats=2, passes=5, rows=1_000, seed=1, cores=1)


def heard(genres, **changes):
    """The prediction from made-up features."""
    tracks = read_tracks(tracks_table(genres), tree_table())
    topics = min(3, len(tracks.genres))
    _, shares = order_topics(tracks, fit_topics(tracks.sets, tracks.counts(), topics, passes=20, seed=1))
    effort = changes.pop("effort", EFFORT)
    table = changes["table"] if "table" in changes else features_table(genres)
    return predict_topics(
        tracks, shares, table, COLUMNS, features="librosa", version=("fma_features", 1), effort=effort
    )


def test_topics_that_sound_differently_are_recognised_beyond_the_most_frequent_ones():
    """The first feature is the genre; a column without values is left out."""
    found = heard(combined(300))

    assert (found.rows, found.columns, found.held_out) == (300, 2, 15)
    assert [(one.split, one.fitted) for one in found.curves] == [
        (RANDOM, ALL_ROWS),
        (ARTISTS, ALL_ROWS),
        (ARTISTS, TRAINING_ROWS),
    ]
    for curve in found.curves:
        assert [point.k for point in curve.points] == list(range(1, 11))
        assert curve.points[0].jaccard.value > curve.baseline.value + 0.2


def test_a_sample_keeps_whole_artists_and_says_how_many_tracks_there_were():
    """At most 101 of 300 tracks, two of each artist."""
    found = heard(combined(300), effort=SoundBudget(1, 2, 101, 1, 1))

    assert (found.with_features, found.rows, found.artists) == (300, 100, 50)


def test_fewer_tracks_than_it_takes_are_refused_by_number():
    """Also where no track has features."""
    with pytest.raises(GenrelabError, match=r"found: 30 tracks of 15 artists.*at least 100"):
        heard(combined(30))
    with pytest.raises(GenrelabError, match="found: 0 tracks of 0 artists"):
        heard(combined(300), table=features_table(combined(300)).slice(0, 0))


def test_one_topic_is_not_predicted():
    """All tracks have the same genre."""
    with pytest.raises(GenrelabError, match="one topic"):
        heard([[12]] * 200)


def test_half_of_the_votes_is_enough():
    """Two of four neighbours, and one of three."""
    topics = np.array([[True, False], [True, False], [False, True], [False, False]])
    near = np.array([[0, 1, 2, 3]])

    assert vote(topics, near, 4).tolist() == [[True, False]]
    assert vote(topics, near[:, 1:], 3).tolist() == [[False, False]]


def test_neighbours_are_the_nearest_by_city_block():
    """The corner is nearer by straight line only."""
    found = neighbours(np.array([[2.0, 2.0], [0.0, 3.0]]), np.array([[0.0, 0.0]]))

    assert found.tolist() == [[1, 0]]


def test_the_baseline_names_as_many_topics_as_pay_off():
    """Two topics always go together, the third is rare."""
    topics = np.array([[True, True, False]] * 9 + [[False, False, True]])

    assert most_frequent(topics).tolist() == [True, True, False]


def test_the_hidden_genre_is_one_without_another_below_it():
    """Punk of Rock and Punk; nothing of a track of one genre."""
    tracks = read_tracks(tracks_table([[12, 25], [17]]), tree_table())
    hidden = hide_genres(tracks, seed=1)

    assert hidden[tracks.of_track].tolist() == [tracks.genres.index(25), -1]


def test_topics_complete_genres_better_than_their_frequency():
    """The hidden genre follows from the other one."""
    found = complete_genres(read_tracks(tracks_table(combined(600)), tree_table()), passes=20, seed=1)

    assert found is not None
    assert found.tracks > 0
    assert min(one.perplexity.value for one in found.numbers) < found.baseline.value
    assert [one.topics for one in found.numbers] == [5]


def test_without_a_track_of_two_genres_no_number_of_topics_is_compared():
    """Nothing can be hidden."""
    tracks = read_tracks(tracks_table([[12], [15]] * 20), tree_table())

    assert complete_genres(tracks, passes=2, seed=1) is None
