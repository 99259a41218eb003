"""Whether the place of the artist helps to name the genre, artists apart."""

import numpy as np
import pytest
from place_gain_facts import made_gain, placed_tracks, publish_places
from popularity_facts import as_table, made_tracks, publish_sound, publish_tracks

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.place_gain import gain, rows
from genrelab.analyses.place_gain.analysis import PLACE_GAIN
from genrelab.analyses.place_gain.gain import compute
from genrelab.analyses.place_gain.rows import read_placed
from genrelab.analyses.place_gain.runs import runs_of
from genrelab.analyses.place_gain.summary import summarise
from genrelab.lake.version import Counts
from genrelab.runtime.settings import Settings


def inputs_of(lake) -> Inputs:
    return Inputs(PLACE_GAIN, Settings(lake.home, budget="quick", cores=1))


def study(lake, tracks, *, with_places=False):
    publish_tracks(lake, tracks)
    publish_sound(lake, tracks)
    if with_places:
        publish_places(lake, tracks)
    return compute(inputs_of(lake))


def test_a_place_that_decides_the_genre_helps(lake):
    """Rock west of the ocean, Folk east of it; the sound says nothing; dealt-out places do not help."""
    found = study(lake, placed_tracks(), with_places=True)
    best = found.model("sound_place")

    assert best.loss_gain.is_positive
    assert best.accuracy.value > 0.9
    assert found.model("sound").accuracy.value < 0.7
    assert found.permuted.p == 1 / 10
    assert found.permuted.highest < best.loss_gain.value
    assert (found.countries, found.tracks, found.artists, found.missing) == (2, 160, 40, "")


def test_a_place_that_says_nothing_does_not_help(lake):
    """The same places, dealt out beforehand."""
    found = study(lake, placed_tracks(is_telling=False), with_places=True)

    assert not found.model("sound_place").loss_gain.is_positive
    assert found.permuted.p > 0.1


def test_without_a_table_of_places_the_coordinates_remain(lake):
    """Country and continent are not known."""
    found = study(lake, placed_tracks())

    assert [one.name for one in found.models] == ["prior", "sound", "place", "sound_coordinates"]
    assert found.countries is None
    assert found.model("sound_coordinates").loss_gain.is_positive


def test_one_country_only(lake):
    """It is counted; the coordinates are all that may tell."""
    tracks = placed_tracks()
    found = study(lake, tracks.assign(artist_longitude=-90.0), with_places=True)

    assert found.countries == 1
    assert found.models


@pytest.mark.parametrize(
    ("tracks", "why"),
    [
        (made_tracks(40, 2).assign(artist_latitude=None, artist_longitude=None), "no track has coordinates"),
        (placed_tracks(8, 4), "8 artists have a place, a sound and a genre that others have too"),
        (placed_tracks().assign(genre_top="Rock"), "all tracks with a place and a sound are of one genre"),
        (placed_tracks().assign(genre_top=None), "0 artists have a place"),
    ],
)
def test_what_cannot_be_compared_is_a_reason_not_a_failure(lake, tracks, why):
    """No coordinates, too few artists, one genre, no genre."""
    found = study(lake, tracks)

    assert why in found.missing
    assert found.missing in summarise(found).message
    assert (found.models, found.permuted, runs_of(found).runs) == ((), None, [])


def test_a_genre_with_few_artists_is_named_and_left_out(lake):
    """Two artists of Jazz."""
    tracks = placed_tracks()
    tracks.loc[tracks["artist_id"] <= 2, "genre_top"] = "Jazz"
    found = study(lake, tracks)

    assert found.small_genres == ("Jazz",)
    assert {one.genre: one.artists for one in found.genres} == {"Rock": 19, "Folk": 19}


def test_coordinates_off_the_globe_are_counted_and_left_out(lake):
    """A latitude of 95, which an older table may hold."""
    tracks = placed_tracks()
    tracks.loc[:3, "artist_latitude"] = 95.0
    data = as_table(tracks)
    lake.publish("fma_tracks", data, Counts(len(data), len(data)), source="made.csv", is_sample=False)
    placed = read_placed(inputs_of(lake))

    assert (placed.off_globe, len(placed.frame)) == (4, 156)


def test_no_sound_at_all_is_a_reason(lake):
    """Neither Echo Nest nor librosa."""
    publish_tracks(lake, placed_tracks())
    found = compute(inputs_of(lake))

    assert found.sound == "no audio features"
    assert "0 artists have a place, a sound" in found.missing


def test_dealing_out_keeps_the_tracks_of_an_artist_together(lake, monkeypatch):
    """Every artist gets the place of one artist, and no place is lost."""
    seen = []
    held_out = gain.Comparison.held_out

    def spied(self, place, names):
        seen.append((self.artists, place))
        return held_out(self, place, names)

    monkeypatch.setattr(gain.Comparison, "held_out", spied)
    study(lake, placed_tracks())
    (artists, first), *dealt = seen

    assert len(dealt) == gain.BUDGETS["quick"].permutations
    for _, place in dealt:
        assert all(len(np.unique(place[artists == one], axis=0)) == 1 for one in np.unique(artists))
        assert sorted(map(tuple, np.unique(place, axis=0))) == sorted(map(tuple, np.unique(first, axis=0)))
    assert len({place.tobytes() for _, place in dealt}) > 1


def test_whole_artists_are_drawn_where_there_are_many(lake, monkeypatch):
    """The result says of how many."""
    budget = gain.Budget(trees=5, most=80, repeats=1, permutations=1)
    monkeypatch.setitem(gain.BUDGETS, "quick", budget)
    found = study(lake, placed_tracks())

    assert (found.usable, found.tracks, found.artists) == (160, 80, 20)


def test_mlflow_has_a_run_for_each_set_of_inputs():
    """Below one parent with the test."""
    run = runs_of(made_gain())

    assert [one.key for one in run.runs] == ["place_gain/prior", "place_gain/sound", "place_gain/sound_place"]
    assert run.metrics["permuted/p"] == 0.125
    assert "cv/log_loss_gain" not in run.runs[1].metrics


def test_the_sounds_are_columns_of_their_tables():
    """Means of librosa's features, and all of Echo Nest's."""
    assert [len(columns) for _, _, columns in rows.SOUNDS] == [8, 74]
