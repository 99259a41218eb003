"""Which tracks have a number of plays, how old they are, and which genres are played at equal age."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from popularity_facts import FIRST_DAY, as_table, made_tracks
from scipy.stats import linregress

from genrelab.analyses.popularity.age import age_bins, find_ages, with_plays
from genrelab.analyses.popularity.genres import compare_genres
from genrelab.analyses.popularity.tracks import known_numbers, tracks_of


def read(tracks: pd.DataFrame):
    return tracks_of(as_table(tracks))


def test_tracks_without_plays_are_counted_and_left_out():
    """Missing, or -1 as FMA writes what it does not know."""
    made = made_tracks().astype({"track_listens": object})
    made.loc[0, "track_listens"], made.loc[1, "track_listens"], made.loc[2, "track_listens"] = None, -1, 0
    tracks, counted = read(made)

    assert (counted.read, counted.used, counted.unknown, counted.negative) == (480, 478, 1, 1)
    assert counted.unplayed == 1
    assert tracks.target == pytest.approx(np.log1p(made["track_listens"][2:].astype(float)))


def test_no_plays_at_all():
    """Nothing is used, and nothing breaks."""
    tracks, counted = read(made_tracks().assign(track_listens=None))

    assert (counted.used, counted.unknown, counted.median, counted.most) == (0, 480, None, None)
    assert compare_genres(tracks, np.empty(0)) == ((), 0)


def test_genres_are_a_matrix_with_their_names():
    """An id that stands twice counts once; without titles genres have numbers."""
    made = made_tracks(4, 1)
    made["genres_all"] = [[12, 25, 25], [17], [], None]
    tracks, _ = read(made.assign(genre_all_names=[["Rock", "Punk", "Punk"], ["Folk"], [], None]))
    untitled, _ = read(made.assign(genre_all_names=[None] * 4))

    assert tracks.genre_names == ("Rock", "Folk", "Punk")
    assert tracks.genres.toarray().tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert untitled.genre_names == ("genre 12", "genre 17", "genre 25")


def test_a_number_of_minus_one_is_not_known_and_an_empty_column_is_left_out():
    """Bit rates of -1, and lengths that no track has."""
    frame = pd.DataFrame({"rate": [320, -1], "length": [np.nan, -1.0]})

    assert known_numbers(frame, ["rate", "length"]).fillna(0).to_dict("list") == {"rate": [320.0, 0.0]}


def days_of(made: pd.DataFrame):
    return find_ages(made["track_id"].to_numpy(), pd.to_datetime(made["track_date_created"]))


def test_an_id_says_the_day_where_ids_and_days_rise_together():
    """Two tracks of three have no day; their estimates are off by less than three days."""
    made = made_tracks()
    truth, whole = days_of(made)
    made.loc[made["track_id"] % 3 != 0, "track_date_created"] = pd.NaT
    days, age = days_of(made)

    assert (whole.dated, whole.estimated, whole.error_days) == (480, 0, None)
    assert (age.dated, age.estimated, age.unknown) == (160, 320, 0)
    assert age.order == pytest.approx(1.0)
    assert np.abs(days - truth).max() < 3
    assert 0 < age.error_days < 7


def test_an_id_says_nothing_where_days_are_in_another_order():
    """Tracks without a day have no age then."""
    made = made_tracks()
    made["track_date_created"] = np.random.default_rng(1).permutation(made["track_date_created"])
    made.loc[:99, "track_date_created"] = pd.NaT
    days, age = days_of(made)

    assert (age.dated, age.estimated, age.unknown) == (380, 0, 100)
    assert abs(age.order) < 0.2
    assert np.isnan(days[:100]).all()


def test_a_day_before_1900_is_a_mistake():
    """It is counted, and its track is dated by its id."""
    made = made_tracks()
    made.loc[5, "track_date_created"] = dt.datetime(1812, 1, 1)  # noqa: DTZ001
    days, age = days_of(made)

    assert (age.too_early, age.dated, age.estimated) == (1, 479, 1)
    assert days.max() < 500


def test_no_day_at_all():
    """No age, no curve, no elasticity."""
    made = made_tracks().assign(track_date_created=pd.NaT)
    days, age = days_of(made)
    found = with_plays(age, days, made["track_listens"].to_numpy(), made["artist_id"].to_numpy(), seed=1)

    assert (found.dated, found.unknown, found.newest, found.order) == (0, 480, "", None)
    assert (found.bins, found.elasticity) == ((), None)


def test_plays_at_a_constant_rate_have_an_elasticity_of_one():
    """The slope is that of SciPy; equal tracks of one artist are no more evidence than one."""
    generator = np.random.default_rng(4)
    days = generator.uniform(0, 3_000, 400)
    plays = np.round((1 + days) * 30 * np.exp(generator.normal(0, 0.5, 400)))
    age = days_of(made_tracks())[1]
    found = with_plays(age, days, plays, np.arange(400), seed=1).elasticity
    tenfold = with_plays(
        age, np.repeat(days, 10), np.repeat(plays, 10), np.repeat(np.arange(400), 10), seed=1
    )

    assert found.value == pytest.approx(linregress(np.log1p(days), np.log1p(plays)).slope)
    assert found.low < 1 < found.high
    assert tenfold.elasticity.high - tenfold.elasticity.low == pytest.approx(found.high - found.low, rel=0.2)
    assert with_plays(age, days, plays, np.zeros(400), seed=1).elasticity.low is None


def test_bins_of_ages_hold_equally_many_tracks():
    """The newest first; quartiles of the plays of each."""
    days = np.arange(100.0)
    age = with_plays(days_of(made_tracks())[1], days, days * 2, np.arange(100), seed=1)

    assert [one.tracks for one in age.bins] == [10] * 10
    assert age.bins[0].years == (0.0, pytest.approx(9 / 365.25))
    assert age.bins[0].plays == (4.5, 9.0, 13.5)
    assert age_bins(np.zeros(5), 10).tolist() == [0] * 5


def test_genres_are_compared_at_equal_age():
    """Rock is played e^1.4 times as often as Folk; that Rock is all old or new does not matter."""
    made = made_tracks(200, 4)
    is_rock = made["genre_top"] == "Rock"
    late = FIRST_DAY + dt.timedelta(days=2_000)
    made["track_date_created"] = [late if rock else FIRST_DAY for rock in is_rock]
    tracks, _ = read(made)
    mixed, _ = compare_genres(tracks, np.zeros(len(made)))
    apart, _ = compare_genres(tracks, days_of(made)[0])

    assert [one.genre for one in mixed] == ["Rock", "Folk"]
    assert mixed[0].ratio.value / mixed[1].ratio.value == pytest.approx(np.exp(1.4), rel=0.25)
    assert mixed[0].ratio.low < mixed[0].ratio.value < mixed[0].ratio.high
    assert [one.ratio.value for one in apart] == pytest.approx([1.0, 1.0])
    assert (mixed[0].is_root, mixed[0].tracks, mixed[0].artists) == (True, 400, 100)


def test_genres_of_few_artists_are_counted_and_not_compared():
    """Both have ten artists here; twenty are needed."""
    tracks, _ = read(made_tracks(20, 4))

    assert compare_genres(tracks, np.zeros(80)) == ((), 2)
