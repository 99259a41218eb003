"""Features by genre: what is counted, ranked and left out."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from explore_facts import WIDE, made_frame, made_wide
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genrelab.analyses.features.collection import FMA, SPOTIFY, explore
from genrelab.analyses.features.correlations import correlate, density
from genrelab.analyses.features.effects import cliffs_delta
from genrelab.analyses.features.features import MOST_BARS, bar_of, describe_feature, round_edges
from genrelab.analyses.features.micro_genres import count_micro_genres
from genrelab.analyses.features.outliers import count_repeats, outlier_values, zeros_by_genre
from genrelab.analyses.features.result import GenreCount, GenrePart, MicroGenre, Repeats
from genrelab.analyses.features.wide import outlier_features
from genrelab.lake.schema import Column
from genrelab.runtime.records import encode
from genrelab.tables.spotify import SPOTIFY_BINNED

ENERGY = SPOTIFY_BINNED["energy"]
GENRES: list[str | None] = ["pop", "rock", None, "classical"] * 60
few_values = st.integers(0, 5).map(float)


@given(st.lists(st.tuples(few_values, st.integers(0, 2)), min_size=1, max_size=40))
def test_delta_is_what_comparing_every_pair_gives(rows):
    """The product of matrices equals its definition, ties included."""
    values = np.array([value for value, _ in rows])
    groups = np.array([group for _, group in rows])
    delta = cliffs_delta(values, groups, 3)

    for one in range(3):
        for other in range(3):
            signs = np.sign(values[groups == one][:, None] - values[groups == other][None, :])
            assert delta[one, other] == pytest.approx(signs.mean() if signs.size else np.nan, nan_ok=True)


def test_delta_ends_at_one():
    """Every track of one genre above every track of the other."""
    delta = cliffs_delta(np.array([1.0, 2.0, 8.0, 9.0]), np.array([0, 0, 1, 1]), 2)

    assert delta.tolist() == [[0, -1], [1, 0]]


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(-90, 260)))
def test_every_value_falls_into_one_bar_that_holds_it(values):
    """Nothing is lost at the ends, and there are never too many bars."""
    column = Column("x", pa.float64(), "Anything.")
    edges = round_edges(values, column)
    place = bar_of(values, edges)
    described = describe_feature(values, np.zeros(len(values), dtype=np.int64), 1, column)

    assert len(edges) - 1 <= MOST_BARS
    assert np.all(np.asarray(edges)[place] <= values + 1e-9)
    assert np.all(values <= np.asarray(edges)[place + 1] + 1e-9)
    assert sum(described.counts[0]) == len(values)


def test_a_share_is_counted_over_its_declared_range():
    """Histograms of energy have the same bars whatever the data."""
    assert round_edges(np.array([0.4, 0.5]), ENERGY)[:: MOST_BARS - 7] == [0.0, 1.0]


def test_quartiles_are_those_of_the_genre_and_gaps_are_left_out():
    """A track without the feature counts nowhere."""
    values = np.array([0.1, 0.2, 0.3, np.nan, 0.9])
    described = describe_feature(values, np.array([0, 0, 0, 0, 1]), 3, ENERGY)

    assert described.quartiles == ((0.15, 0.2, 0.25), (0.9, 0.9, 0.9), None)
    assert described.tracks == (3, 1, 0)
    assert described.missing == 1
    assert described.delta[1] == (1.0, 0.0, None)


def test_a_key_has_no_order():
    """Pitch classes lie on a circle: they are counted, never ranked."""
    described = describe_feature(np.array([0.0, 11.0, 11.0]), np.zeros(3, np.int64), 1, SPOTIFY_BINNED["key"])

    assert described.values == (0, 11)
    assert described.counts == ((1, 2),)
    assert described.quartiles == described.delta == ()


def test_ranks_find_what_bends():
    """A curve that only rises has rank correlation 1 and a smaller Pearson."""
    across = np.linspace(0, 1, 50)
    found = correlate(np.column_stack([across, across**9, -across, np.ones(50)]), ["a", "b", "c", "flat"])

    assert found.spearman[0][:3] == (1.0, 1.0, -1.0)
    assert 0.5 < found.pearson[0][1] < 0.9
    assert found.pearson[0][3] is None


def test_correlations_agree_with_pandas():
    """Both matrices are those of pandas on the same rows."""
    frame = made_frame(FMA, ["Rock", "Electronic"] * 60, 3)
    frame.iloc[5, 2] = np.nan
    found = correlate(frame.to_numpy(), list(frame))

    for kind in ("pearson", "spearman"):
        expected = frame.dropna().corr(method=kind).to_numpy()
        assert np.allclose(np.array(getattr(found, kind)), expected, atol=1e-5), kind
    assert found.tracks == 119


def test_a_density_counts_every_track_once():
    """Cells add up; the first row is the lowest."""
    tempo, energy = np.array([0.0, 200.0, 200.0, np.nan]), np.array([0.0, 1.0, 1.0, 0.5])
    found = density(tempo, energy, SPOTIFY_BINNED["tempo"], ENERGY)

    assert found.tracks == sum(map(sum, found.counts)) == 3
    assert found.counts[0][0] == 1
    assert found.counts[-1][-1] == 2


def test_zeros_are_found_where_they_live():
    """Most first, tracks without a genre too, a missing value is no zero."""
    values = np.array([0.0, 0.0, 120.0, 0.0, np.nan])
    found = zeros_by_genre(
        "tempo",
        values,
        np.array([1, 1, 1, 2, 0]),
        ["pop", "focus/sleep", None],
        lambda place: ("abcde"[place], str(place)),
    )

    assert found.tracks == 3
    assert found.genres == (GenrePart("focus/sleep", 2, 3), GenrePart(None, 1, 1))
    assert [example.track for example in found.examples] == ["a", "b", "d"]


def test_far_values_are_those_beyond_three_deviations():
    """Counted on either side; a genre of a few tracks is nobody's home."""
    values = np.concatenate([np.zeros(500), [50.0, 50.0, -60.0]])
    groups = np.concatenate([np.zeros(500, np.int64), [0, 1, 1]])
    found = outlier_values("tempo", values, groups, ["pop", "tiny"])

    assert (found.below, found.above) == (1, 2)
    assert found.lowest == pytest.approx((-60 - values.mean()) / values.std(), abs=0.01)
    assert found.home == GenrePart("pop", 1, 501)


def test_a_constant_feature_has_no_far_values():
    """No spread, nothing to divide by."""
    assert outlier_values("tempo", np.ones(5), np.zeros(5, np.int64), ["pop"]).above == 0
    assert outlier_values("tempo", np.array([np.nan]), np.zeros(1, np.int64), ["pop"]).mean is None


def test_twins_share_every_feature():
    """Twins across genres are counted apart; a row with a gap has none."""
    values = np.array([[1.0, 2], [1, 2], [1, 3], [1, 3], [5, 5], [np.nan, 1], [np.nan, 1]])
    columns = dict(zip("ab", values.T, strict=True))
    found = count_repeats("ab", columns.__getitem__, np.array([0, 0, 0, 1, 1, 0, 0]))

    assert found == Repeats(
        features=2, tracks=5, distinct=3, sharing=4, largest=2, contested=2, by_genre=(2, 2)
    )


def test_micro_genres_are_counted_once_per_track():
    """A list that names one twice is one track; none and an empty list are the same."""
    found = count_micro_genres(
        [["pop", "pop"], ["pop", None, "rock"], [], None]
    )  # a genre id may have no name

    assert found.top == (MicroGenre("pop", 2), MicroGenre("rock", 1))
    assert found.once == 1
    assert [row.tracks for row in found.per_track] == [2, 0, 2]


def test_small_genres_are_named_and_not_described():
    """A genre of three tracks has no quartiles worth showing; its tracks stay among the outliers' total."""
    genres = ["Rock"] * 40 + ["Blues"] * 3 + [None] * 5
    found = explore(made_frame(FMA, genres, 4), genres, FMA)

    assert found.genres == (GenreCount("Rock", 40),)
    assert found.too_few == (GenreCount("Blues", 3),)
    assert (found.tracks, found.labelled, found.described) == (48, 43, 40)
    assert found.far[0].tracks == 48
    assert found.features[0].tracks == (40,)


def test_summaries_are_plain_json_and_small():
    """No raw values: the size does not follow the number of tracks."""

    def size(copies: int) -> int:
        genres = list(SPOTIFY.order) * 30 * copies
        frame = pd.concat([made_frame(SPOTIFY, list(SPOTIFY.order) * 30, 5)] * copies, ignore_index=True)
        return len(json.dumps(encode(explore(frame, genres, SPOTIFY)), allow_nan=False))

    assert size(8) < size(1) * 1.3 < 150_000


def test_a_wide_table_is_measured_column_by_column():
    """Features without a value are counted apart; those with the longest tail come first."""
    found = outlier_features(made_wide(), WIDE)

    assert (found.tracks, found.features, found.empty) == (300, 2, 1)
    assert [one.feature for one in found.most] == list(WIDE[:2])
    assert (found.most[0].below, found.most[0].above) == (1, 3)
    assert (found.over, found.touched) == (1, 4)


def test_an_empty_table_is_explored_without_a_word():
    """A table may be published without a row."""
    found = explore(made_frame(FMA, [], 1), [], FMA)

    assert found.genres == ()
    assert found.described == 0
    json.dumps(encode(found), allow_nan=False)


def test_a_feature_that_no_track_has_is_left_out_and_named():
    """ReccoBeats has no time signature: everything else is described as ever."""
    frame, genres = made_frame(SPOTIFY, GENRES, 5), GENRES
    whole = explore(frame, genres, SPOTIFY)
    found = explore(frame.assign(time_signature=None), genres, SPOTIFY)

    assert found.absent == found.correlations.absent == ("time_signature",)
    names = [one.feature for one in found.features]
    assert names == [name for name in SPOTIFY.features if name != "time_signature"]
    assert found.features == tuple(one for one in whole.features if one.feature in names)
    assert found.repeats.features == 10
    assert found.repeats.tracks == found.described
    assert [one.feature for one in found.zeros] == ["tempo"]
    json.dumps(encode(found), allow_nan=False)


def test_a_feature_that_most_tracks_lack_costs_no_track_its_correlations():
    """It is described where it is there, and left out of what needs every feature."""
    frame, genres = made_frame(SPOTIFY, GENRES, 5), GENRES
    frame["time_signature"] = frame["time_signature"].where(np.arange(len(frame)) % 4 == 0)
    found = explore(frame, genres, SPOTIFY)

    assert found.absent == ()
    assert found.correlations.absent == ("time_signature",)
    assert found.correlations.tracks == found.described
    assert len(found.features) == len(SPOTIFY.features)
    json.dumps(encode(found), allow_nan=False)


def test_tracks_without_any_feature_are_no_crash():
    """Nothing was measured, so nothing is described."""
    frame, genres = made_frame(SPOTIFY, GENRES, 5), GENRES
    found = explore(frame.assign(**dict.fromkeys(SPOTIFY.features)), genres, SPOTIFY)

    assert found.features == ()
    assert found.repeats.tracks == 0
    json.dumps(encode(found), allow_nan=False)
