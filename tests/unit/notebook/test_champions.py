"""`gl.champions()` and `gl.champion()`."""

import numpy as np
import pytest
from served import small_champion

import genrelab as gl
from genrelab.notebook import places
from genrelab.notebook.champions import COLUMNS


def test_a_champion_predicts_a_frame_as_it_predicts_its_values(home):
    """Other columns of the frame are left alone, and the order of its columns does not matter."""

    small_champion(home)
    champion = gl.champion("spotify-bins-classic")
    names = [feature.name for feature in champion.description.features]
    values = np.array([[feature.quantiles[3] for feature in champion.description.features]] * 3)
    frame = gl_frame(names, values)

    found = champion.predict(frame)

    of_values = champion.probabilities(values)
    assert len(found) == 3
    assert found["probability"].tolist() == pytest.approx(of_values.max(axis=1).tolist())
    assert found["genre"].tolist() == [
        champion.description.labels[place] for place in of_values.argmax(axis=1)
    ]


def gl_frame(names, values):
    """A frame with the columns in reverse order and one more."""
    import pandas as pd  # noqa: PLC0415 - only here

    frame = pd.DataFrame(values, columns=names)[names[::-1]]
    return frame.assign(track_name="Harbour Lights")


def test_the_champions_are_listed(home):
    """With what they were trained on; an empty home has none."""

    assert gl.champions().empty
    assert gl.champions().columns.tolist() == list(COLUMNS)

    small_champion(home)

    listed = gl.champions().to_dict("records")
    description = gl.champion("spotify-bins-classic").description
    assert [(one["champion"], one["version"], one["labels"]) for one in listed] == [
        ("spotify-bins-classic", description.version, len(description.labels))
    ]


def test_an_unknown_champion_is_named_with_those_there_are(home):
    """The error of `genrelab.serving`."""

    small_champion(home)

    with pytest.raises(gl.GenrelabError, match="spotify-bins-classic"):
        gl.champion("spotify-bins-clasic")


def test_a_champion_of_sample_data_is_announced_once(home, monkeypatch):
    """Its predictions say nothing about music."""

    monkeypatch.setattr(places, "_announced", set())
    small_champion(home)

    if gl.champion("spotify-bins-classic").description.is_sample:
        pytest.fail("the helper's champion is of real data; see its arguments")
