"""Runners-up counted by hand, the priors beside them, their intervals and their p-values."""

import numpy as np
import pytest
from genre_similarity_facts import FMA, drawn_genres

from genrelab.analyses.genre_similarity.runners_up import (
    by_priors,
    count_pairs,
    effective_tracks,
    runners_up,
    second_highest,
)
from genrelab.evaluation.share_interval import share_interval

NAMES = ("rock", "folk", "jazz")
PROBA = np.array(
    [
        [0.6, 0.3, 0.1],  # rock: runner-up folk, second highest folk
        [0.2, 0.5, 0.3],  # rock mistaken for folk: runner-up folk, second highest jazz
        [0.5, 0.1, 0.4],  # rock: runner-up jazz
        [0.7, 0.2, 0.1],  # folk mistaken for rock: runner-up rock, second highest folk itself
        [0.1, 0.8, 0.1],  # folk: runner-up rock, the first of two that are equal
        [0.2, 0.3, 0.5],  # jazz: runner-up folk
    ]
)
CODES = np.array([0, 0, 0, 1, 1, 2])
CARRIES = CODES[:, None] == np.arange(3)
ARTISTS = ["a", "a", "b", "c", "d", "e"]


def test_a_small_collection_is_counted_as_by_hand():
    """Six tracks: the runner-up is the most probable other genre, right or wrong; genres by their tracks."""
    rock, folk, jazz = count_pairs(PROBA, CARRIES, ARTISTS, NAMES)

    assert [(one.genre, one.tracks, one.artists) for one in (rock, folk, jazz)] == [
        ("rock", 3, 2),
        ("folk", 2, 2),
        ("jazz", 1, 1),
    ]
    assert [(one.other, one.tracks, round(one.share.value, 4)) for one in rock.pairs] == [
        ("folk", 2, 0.6667),
        ("jazz", 1, 0.3333),
    ]
    assert [(one.other, one.tracks) for one in folk.pairs] == [("rock", 2), ("jazz", 0)]
    assert [(one.other, one.tracks) for one in jazz.pairs] == [("folk", 1), ("rock", 0)]


def test_the_priors_deal_the_runner_up_by_the_tracks_of_the_others():
    """n(b) / (n - n(a)): of rock's tracks two thirds folk, one third jazz."""
    rock, folk, jazz = count_pairs(PROBA, CARRIES, ARTISTS, NAMES)

    assert {one.other: one.prior for one in rock.pairs} == pytest.approx({"folk": 2 / 3, "jazz": 1 / 3})
    assert {one.other: one.prior for one in folk.pairs} == pytest.approx({"rock": 3 / 4, "jazz": 1 / 4})
    assert {one.other: one.prior for one in jazz.pairs} == pytest.approx({"rock": 3 / 5, "folk": 2 / 5})
    assert folk.pairs[0].lift == pytest.approx(4 / 3)


def test_the_second_highest_probability_may_be_that_of_the_genre_itself():
    """The student project's definition is counted beside ours."""
    rock, folk, _ = count_pairs(PROBA, CARRIES, ARTISTS, NAMES)

    assert second_highest(PROBA).tolist() == [1, 2, 2, 1, 0, 1]
    assert runners_up(PROBA, CARRIES).tolist() == [1, 1, 2, 0, 0, 1]
    assert (rock.itself, folk.itself) == (0.0, 0.5)
    assert folk.pairs[0].second == 0.5


def test_of_several_genres_a_track_has_those_that_it_does_not_carry():
    """A track with all of them has no runner-up; second highest means nothing."""
    carries = np.array([[True, True, False], [True, False, False], [True, True, True]])
    proba = np.array([[0.9, 0.8, 0.1], [0.9, 0.2, 0.7], [0.1, 0.2, 0.3]])
    rock, folk, jazz = count_pairs(proba, carries, ARTISTS[:3], NAMES)

    assert runners_up(proba, carries).tolist() == [2, 2, -1]
    assert by_priors(carries)[1].tolist() == pytest.approx([0.0, 2 / 3, 1 / 3])
    assert [(one.other, one.tracks, one.second) for one in rock.pairs] == [
        ("jazz", 2, None),
        ("folk", 0, None),
    ]
    assert rock.pairs[0].prior == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert (folk.itself, jazz.pairs[0].tracks) == (None, 0)


def test_a_share_of_zero_has_an_interval_that_counts_artists():
    """Wilson's: z^2 / (n + z^2) of ten artists, however many tracks they have; one artist has none."""
    values, artists = np.zeros(500, dtype=bool), np.arange(500) // 50

    assert effective_tracks(values, artists) == 10
    assert share_interval(0.0, 10) == pytest.approx((0.0, 3.8415 / 13.8415), abs=1e-4)
    assert share_interval(10.0, 10) == pytest.approx((10 / 13.8415, 1.0), abs=1e-4)
    folk, jazz = count_pairs(PROBA, CARRIES, ARTISTS, NAMES)[1:]
    assert (folk.pairs[1].share.value, folk.pairs[1].share.low) == (0.0, 0.0)
    assert folk.pairs[1].share.high == pytest.approx(3.8415 / 5.8415, abs=1e-4)
    assert jazz.pairs[0].share.low is jazz.pairs[0].share.high is None


def test_tracks_of_an_artist_that_agree_count_once():
    """And never more than there are tracks."""
    agree, differ = np.repeat([True, False], 50), np.tile([True, False], 50)
    pairs = np.arange(100) // 2

    assert effective_tracks(agree, pairs) == pytest.approx(50)
    assert effective_tracks(agree, np.arange(100)) == pytest.approx(100)
    assert effective_tracks(np.append(differ, True), np.append(pairs, 50)) == 101


def test_a_planted_resemblance_is_found_and_nothing_else():
    """Classical resembles Folk; all other runners-up are drawn by the priors' own probabilities."""
    genres = {one.genre: one for one in drawn_genres(FMA)}
    more = [(one.genre, pair.other) for one in genres.values() for pair in one.pairs if pair.is_more]

    assert ("Classical", "Folk") in more
    assert [one for one in more if "Classical" in one and "Folk" not in one] == []


def test_a_genre_of_few_artists_is_not_judged():
    """However far from the priors it is."""
    rows = 300
    codes = np.arange(rows) % 3
    proba = np.where(np.arange(3) == 1, 0.6, 0.2) * np.ones((rows, 1))
    judged = count_pairs(proba, codes[:, None] == np.arange(3), np.arange(rows), NAMES)
    few = count_pairs(proba, codes[:, None] == np.arange(3), np.arange(rows) % 57, NAMES)

    assert judged[0].pairs[0].is_more
    assert [pair.p for one in few for pair in one.pairs if one.artists < 20] == [1.0] * 6
