"""What a model of popularity may not see."""

import numpy as np
import pandas as pd
import pytest
from popularity_facts import as_table, made_tracks

from genrelab.analyses.popularity.guard import CLOSEST, REACTIONS, find_disguised, refuse_disguised
from genrelab.analyses.popularity.tracks import tracks_of
from genrelab.runtime.errors import GenrelabError

RNG = np.random.default_rng(2)
TARGET = RNG.normal(5, 1, 400)
HONEST = pd.DataFrame({"age": RNG.random(400), "track_duration": TARGET + RNG.normal(0, 3, 400)})


def test_what_is_known_in_advance_passes():
    """Also an input that correlates a little with the plays."""
    refuse_disguised(HONEST, TARGET)


@pytest.mark.parametrize("name", REACTIONS)
def test_counts_of_what_listeners_did_are_refused_by_name(name):
    """Also where they are zero for everybody, as comments almost are."""
    with pytest.raises(GenrelabError, match=rf"must not see what listeners did; found: {name};"):
        refuse_disguised(HONEST.assign(**{name: 0.0}), TARGET)


@pytest.mark.parametrize("disguise", [np.exp, lambda target: -(target**3), lambda target: target * 7 + 1])
def test_a_target_under_another_name_is_refused(disguise):
    """By its ranks, whatever its scale or sign; values that are not known hide nothing."""
    values = disguise(TARGET)
    values[::3] = np.nan
    with pytest.raises(GenrelabError, match=r"found: tempo \(rank correlation -?1.00\)"):
        refuse_disguised(HONEST.assign(tempo=values), TARGET)


def test_closeness_begins_at_its_limit():
    """Just above it an input is refused, just below it passes."""
    near, far = (TARGET + RNG.normal(0, noise, 400) for noise in (0.4, 1.5))
    ranks = pd.DataFrame({"near": near, "far": far, "target": TARGET}).corr("spearman")["target"]
    assert ranks["far"] < CLOSEST < ranks["near"]

    refuse_disguised(HONEST.assign(far=far), TARGET)
    with pytest.raises(GenrelabError, match="near"):
        refuse_disguised(HONEST.assign(near=near), TARGET)


def test_how_close_they_are_is_stated():
    """Interest is the plays themselves here; comments are all zero; -1 is not known."""
    tracks, _ = tracks_of(as_table(made_tracks()))
    found = {one.column: one for one in find_disguised(tracks.frame, tracks.target)}

    assert found["track_interest"].ranks == pytest.approx(1.0, abs=0.01)
    assert found["track_interest"].correlation == pytest.approx(1.0, abs=0.01)
    assert found["track_comments"].ranks is None
    assert "album_listens" not in found
