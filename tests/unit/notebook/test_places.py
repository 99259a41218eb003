"""Which home is read, and what is said of sample data."""

import warnings
from pathlib import Path

import pytest

import genrelab as gl
from genrelab.notebook import places
from genrelab.notebook.places import current_home
from genrelab.runtime.errors import SettingsError


@pytest.mark.usefixtures("small")
def test_a_home_of_a_block_ends_with_it(tmp_path):
    """The block around it reads its own home again, also after an error."""

    before = current_home()

    with gl.home(tmp_path / "outer"):
        with pytest.raises(gl.GenrelabError, match="no table"), gl.home(tmp_path / "inner"):
            gl.table("spotify_binned")
        assert current_home().root == tmp_path / "outer"
    assert current_home() == before


@pytest.mark.usefixtures("small")
def test_a_home_without_a_block_stays(tmp_path):
    """One line at the top of a notebook chooses the home of all its cells."""

    gl.home(tmp_path / "other")

    assert gl.tables().empty
    assert str(current_home().root) == str(tmp_path / "other")


def test_a_file_is_no_home(tmp_path):
    """The same error as for GENRELAB_HOME."""

    file = tmp_path / "file"
    file.write_text("")

    with pytest.raises(SettingsError, match=r"cannot be used; found: a file"):
        gl.home(file)


@pytest.mark.usefixtures("small")
def test_sample_data_is_announced_once_where_it_is_read(monkeypatch):
    """A second read of the same version is quiet, real data always is."""

    monkeypatch.setattr(places, "_announced", set())

    with pytest.warns(gl.SampleDataWarning, match="fma_genres version 0") as shown:
        gl.table("fma_genres", ["title"])

    assert Path(shown[0].filename) == Path(__file__)
    with warnings.catch_warnings(action="error"):
        gl.table("fma_genres")
        gl.sql("select * from fma_genres")
        gl.table("spotify_binned")
