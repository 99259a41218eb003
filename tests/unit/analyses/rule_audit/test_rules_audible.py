"""Labels a machine can hear: sound that decides is heard, noise is not, and rows are chosen as promised."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.analyses.rule_audit.audio_recoverability import Forest, audio_recoverability, interval
from genrelab.evaluation.splits import SplitError

FOREST = Forest(trees=10, min_samples_leaf=1, cores=1)
ROWS = 200


@pytest.fixture
def tracks():
    """Sound, artists of two tracks each, labels that follow the sound and labels that do not."""
    chance = np.random.default_rng(24)
    sound = pd.DataFrame({"energy": chance.random(ROWS), "valence": chance.random(ROWS)})
    follows = np.where(sound["energy"] > 0.5, "rock", "pop").tolist()
    random = chance.choice(["rock", "pop"], ROWS).tolist()
    labels = {"noise": pd.Series(random), "heard": pd.Series(follows)}
    return sound, labels, [f"artist {row // 2}" for row in range(ROWS)]


def hear(sound, labels, artists, **settings):
    """The forests on the columns of a frame."""
    given = {"forest": FOREST} | settings
    return audio_recoverability(pa.Table.from_pandas(sound), list(sound), labels, artists, **given)


def test_labels_that_follow_the_sound_are_heard(tracks):
    """Kappa is near 1 for them and near 0 for noise, and the difference says so."""
    sound, labels, artists = tracks
    found = hear(sound, labels, artists)

    assert found.sets["heard"]["kappa"].value > 0.9
    assert abs(found.sets["noise"]["kappa"].value) < 0.3
    assert found.differences["heard"]["kappa"].low > 0.3
    assert len(found.sets["heard"]["macro_f1"].by_seed) == 5


def test_only_distinct_rows_that_every_set_bins_take_part(tracks):
    """A missing label, a missing feature and a repetition are left out."""
    sound, labels, artists = tracks
    sound.loc[0] = sound.loc[1]
    sound.loc[2, "energy"] = math.nan
    labels["noise"][3] = labels["heard"][4] = None
    found = hear(sound, labels, artists, seeds=[1])

    assert found.rows == ROWS - 4


def test_rows_that_repeat_a_row_but_for_the_sign_of_zero_are_left_out(tracks):
    """-0.0 is 0.0; the first row of a set of features stays, with its label."""
    sound, labels, artists = tracks
    sound["energy"] = np.where(np.arange(ROWS) % 2, -0.0, 0.0)
    sound["valence"] = sound["valence"].iloc[::2].repeat(2).to_numpy()
    odd_rows_are_jazz = {"heard": labels["heard"].where(np.arange(ROWS) % 2 == 0, "jazz")}
    found = hear(sound, odd_rows_are_jazz, artists, seeds=[1])

    assert (found.rows, found.bins) == (ROWS // 2, {"heard": 2})


def test_a_feature_that_no_row_has_is_not_heard(tracks):
    """The others are, on all rows; and a few rows without one are left out as before."""
    sound, labels, artists = tracks
    found = hear(sound.assign(tempo=math.nan), labels, artists, seeds=[1])
    same = hear(sound, labels, artists, seeds=[1])

    assert (found.features, found.rows) == (2, ROWS)
    assert found == same


def test_rows_without_any_feature_leave_nobody_to_hear(tracks):
    """A sentence instead of a forest that was grown on nothing."""
    sound, labels, artists = tracks

    with pytest.raises(SplitError):
        hear(sound.assign(energy=math.nan, valence=math.nan), labels, artists, seeds=[1])


def test_every_forest_is_told(tracks):
    """A progress bar of two sets and three draws has six steps."""
    told = []
    hear(*tracks, seeds=range(3), advance=told.append)

    assert told == [1, 2, 3, 4, 5, 6]


def test_a_set_of_a_single_bin_says_nothing(tracks):
    """Kappa is undefined there, and told as nothing beyond chance."""
    sound, labels, artists = tracks
    found = hear(sound, labels | {"one": pd.Series(["pop"] * ROWS)}, artists, seeds=range(2))

    assert found.sets["one"]["kappa"].value == 0.0


def test_a_set_that_bins_nothing_leaves_nothing_to_hear(tracks):
    """No row is in a bin of every set."""
    sound, labels, artists = tracks
    with pytest.raises(SplitError, match="needs two groups"):
        hear(sound, labels | {"none": pd.Series([None] * ROWS)}, artists)


def test_one_artist_cannot_be_judged(tracks):
    """The error says what is missing."""
    sound, labels, _ = tracks
    with pytest.raises(SplitError, match="needs two groups"):
        hear(sound, labels, ["one"] * ROWS)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8))
def test_an_interval_holds_its_mean(values):
    """Low, mean and high are in order, and one draw has no width."""
    found = interval(values)

    assert found.low <= found.value <= found.high
    assert len(values) > 1 or found.low == found.high


def test_an_interval_allows_for_draws_that_share_artists():
    """By hand: Student's 2.776 for five draws, times their standard deviation, times the root of 1/5 + 1/3."""
    found = interval([0.1, 0.2, 0.3, 0.4, 0.5])

    assert found.high - found.value == pytest.approx(2.7764 * 0.158114 * (1 / 5 + 1 / 3) ** 0.5, rel=1e-4)
