"""`gl.champions()` and `gl.champion()`."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from served import small_champion

import genrelab as gl
from genrelab.notebook import champions, places

NAME = "spotify-bins-classic"


@pytest.mark.filterwarnings("ignore::genrelab.SampleDataWarning")
def test_a_champion_predicts_a_frame_as_it_predicts_its_values(home):
    """Other columns of the frame are left alone, and the order of its columns does not matter."""

    small_champion(home)
    champion = gl.champion(NAME)
    features = champion.description.features
    values = np.array([[feature.quantiles[place] for feature in features] for place in (1, 3, 5)])
    frame = pd.DataFrame(values, columns=[feature.name for feature in features])

    found = champion.predict(frame[frame.columns[::-1]].assign(track_name="Harbour Lights"))

    of_values = champion.probabilities(values)
    assert found["probability"].tolist() == pytest.approx(of_values.max(axis=1).tolist())
    assert found["genre"].tolist() == [
        champion.description.labels[place] for place in of_values.argmax(axis=1)
    ]


@pytest.mark.filterwarnings("ignore::genrelab.SampleDataWarning")
def test_the_champions_are_listed(home):
    """With what they were trained on; an empty home has none."""

    assert gl.champions().empty
    assert gl.champions().columns.tolist() == list(champions.COLUMNS)

    small_champion(home)

    description = gl.champion(NAME).description
    listed = gl.champions()[["champion", "version", "labels", "features", "rows"]]
    assert listed.to_numpy().tolist() == [
        [
            NAME,
            description.version,
            len(description.labels),
            len(description.features),
            description.trained_rows,
        ]
    ]


def test_a_home_chosen_in_the_notebook_has_its_own_champions(home, tmp_path):
    """Not those of GENRELAB_HOME."""

    small_champion(home)

    with gl.home(tmp_path / "other"):
        assert gl.champions().empty
        with pytest.raises(gl.GenrelabError, match=NAME):
            gl.champion(NAME)


def test_an_unknown_champion_is_named(home):
    """The error of `genrelab.serving`."""

    small_champion(home)

    with pytest.raises(gl.GenrelabError, match="spotify-bins-clasik"):
        gl.champion("spotify-bins-clasik")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("is_sample", "warned"), [(True, 1), (False, 0)])
def test_a_champion_of_sample_data_is_announced_once(is_sample, warned, monkeypatch):
    """Its predictions say nothing about music."""

    made = SimpleNamespace(description=SimpleNamespace(is_sample=is_sample, version=3))
    monkeypatch.setattr(champions, "load_champion", lambda *_: made)
    monkeypatch.setattr(places, "_announced", set())

    with warnings.catch_warnings(record=True, action="always") as shown:
        gl.champion(NAME)
        gl.champion(NAME)
    assert [str(one.message) for one in shown] == [
        f"{NAME} version 3 was trained on synthetic sample data"
    ] * warned
    assert {one.filename for one in shown} <= {__file__}
