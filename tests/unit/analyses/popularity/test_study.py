"""Plays predicted from nested sets of inputs, and what becomes of bad input."""

import numpy as np
import pytest
from popularity_facts import made_tracks, publish_sound, publish_tracks
from scipy.sparse import csr_array
from sklearn.metrics import r2_score

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.popularity.analysis import POPULARITY
from genrelab.analyses.popularity.models import Question, fit_trees
from genrelab.analyses.popularity.result import ALL_TRACKS, ECHONEST, LIBROSA, LOOKUP, MEAN, OFFICIAL, RANDOM
from genrelab.analyses.popularity.study import compute
from genrelab.evaluation.splits import official
from genrelab.runtime.settings import Settings


def study(lake, tracks, *, sound=None):
    publish_tracks(lake, tracks)
    if sound is not None:
        publish_sound(lake, tracks, sound)
    return compute(Inputs(POPULARITY, Settings(lake.home, budget="quick", cores=1)))


def loud_if_played(tracks):
    """Energy that rises with the plays, not closely."""
    noise = np.random.default_rng(9).normal(0, 0.8, len(tracks))
    value = np.log(tracks["track_listens"].to_numpy(dtype=float)) + noise
    return (value - value.min()) / np.ptp(value)


def by_name(group):
    return {one.name: one for one in group.sets}


@pytest.fixture
def found(lake):
    """Half of the plays are the genre's; ids and days are known; Echo Nest knows nothing of the plays."""
    return study(lake, made_tracks(120, 6), sound=lambda tracks: np.full(len(tracks), 0.5))


def test_genres_tell_what_they_were_made_to_tell(found):
    """The genre explains half of the variance of log plays, for artists that were not seen."""
    group = found.group(ALL_TRACKS)
    sets = by_name(group)

    assert list(sets) == ["length", "genres", "genres_length", "genres_length_age", "reactions"]
    assert 0.25 < sets["genres"].by_split[OFFICIAL].r2.value < 0.7
    assert sets["genres"].gain.is_positive
    assert sets["length"].by_split[OFFICIAL].r2.value < 0.1
    assert not sets["length"].gain.is_positive
    assert sets["reactions"].by_split[OFFICIAL].r2.value > 0.9
    assert [one.name for one in group.allowed] == list(sets)[:-1]


def test_random_tracks_look_the_artist_up(found):
    """The mean of the artist's other tracks is no better than the mean of all, unless the artist is in training."""
    group = found.group(ALL_TRACKS)
    lookup, mean = group.baseline(LOOKUP).by_split, group.baseline(MEAN).by_split

    assert lookup[OFFICIAL].r2 == mean[OFFICIAL].r2
    assert lookup[RANDOM].r2.value > 0.7
    assert abs(mean[RANDOM].r2.value) < 0.05
    assert found.variance.component.value > 0.7


def test_a_sound_that_knows_nothing_does_not_tell(found):
    """On the tracks that have it, alone and beside the rest."""
    sets = by_name(found.group(ECHONEST))

    assert not sets["echonest"].gain.is_positive
    assert not sets["known_echonest"].gain.is_positive
    assert sets["known_echonest"].over == "known"
    assert found.missing == {LIBROSA: "there is no table fma_features; to do: import a source that has it"}


def test_a_sound_that_knows_something_tells(lake):
    """Energy that follows the plays."""
    sets = by_name(study(lake, made_tracks(120, 6), sound=loud_if_played).group(ECHONEST))

    assert sets["echonest"].gain.is_positive
    assert sets["known_echonest"].gain.is_positive


def test_a_sound_made_of_the_plays_is_refused(lake):
    """The guard stands before the fit: the group is named with the reason, the others go on."""
    found = study(
        lake, made_tracks(), sound=lambda tracks: tracks["track_listens"].rank().to_numpy() / len(tracks)
    )

    assert "found: energy (rank correlation 1.00)" in found.missing[ECHONEST]
    assert [one.name for one in found.groups] == [ALL_TRACKS]


def test_tenths_by_prediction_hold_all_test_tracks(found):
    """Those predicted higher are played more."""
    group = found.group(ALL_TRACKS)

    assert sum(one.tracks for one in group.deciles) == group.parts[2]
    assert group.deciles[-1].plays[1] > 2 * group.deciles[0].plays[1]


def test_the_same_seed_gives_the_same_result(lake):
    """Threads fit side by side, and nothing depends on their order."""
    first = study(lake, made_tracks(60, 4))

    assert compute(Inputs(POPULARITY, Settings(lake.home, budget="quick", cores=2))) == first


def test_settings_are_chosen_on_the_validation_part():
    """Test targets that are turned round change the scores, not the choice."""
    generator = np.random.default_rng(1)
    values = generator.random((600, 1))
    target = np.sin(6 * values[:, 0]) + generator.normal(0, 0.3, 600)
    part = np.repeat(["training", "validation", "test"], 200)
    split = official(part)[1]
    turned = np.where(part == "test", -target, target)
    inputs = csr_array(values)
    one, other = (
        fit_trees(Question(of, np.arange(600), {OFFICIAL: split}, 1), inputs, OFFICIAL, 60, (2, 6))
        for of in (target, turned)
    )

    assert (one.depth, one.trees) == (other.depth, other.trees)
    assert one.predicted[OFFICIAL] == pytest.approx(other.predicted[OFFICIAL])
    assert r2_score(target[split.test], one.predicted[OFFICIAL]) > 0.6


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"track_listens": None}, "no track has a number of plays"),
        ({"track_listens": -1}, "no track has a number of plays"),
        ({"track_listens": 7}, "all 480 tracks were played equally often"),
        ({"artist_id": 7}, "all tracks are one artist's, and artists must be apart"),
    ],
)
def test_plays_that_cannot_be_predicted_are_a_reason_not_a_failure(lake, changes, why):
    """None, -1 everywhere, all the same, one artist."""
    found = study(lake, made_tracks().assign(**changes))

    assert found.missing == {ALL_TRACKS: why}
    assert (found.groups, found.variance) == ((), None)
    assert found.counted.read == 480


def test_absent_columns_leave_their_sets_out(lake):
    """No bit rate, no length, no genre, no day: the track id stands for the age."""
    nothing = {
        "track_duration": None,
        "track_bit_rate": -1,
        "genres_all": [None] * 480,
        "genre_all_names": [None] * 480,
        "track_date_created": None,
    }
    group = study(lake, made_tracks().assign(track_bit_rate=-1, track_duration=None)).group(ALL_TRACKS)
    bare = study(lake, made_tracks().assign(**nothing))

    assert [one.name for one in group.sets] == ["genres"]
    assert group.without == ("length and bit rate",)
    assert bare.groups == ()
    assert "no track has genres or length and bit rate" in bare.missing[ALL_TRACKS]
    assert bare.genres == ()


def test_a_split_without_a_part_is_a_reason(lake):
    """All tracks in training."""
    found = study(lake, made_tracks().assign(split="training"))

    assert "has no rows in its test part" in found.missing[ALL_TRACKS]
    assert found.genres
