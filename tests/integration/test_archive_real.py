"""The official columns of the FMA's first tracks, beside what the document says of all."""

import shutil

import pytest
from archive_facts import described, publish

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.analysis import MISSING_VALUES
from genrelab.analyses.missing_values.references import SHARES
from genrelab.analyses.missing_values.study import compute
from genrelab.runtime.settings import Settings
from genrelab.sources.fma import open_archive, read_tracks

HEAD = "fma_metadata_official_head.csv"


@pytest.fixture
def head(real_data, lake, tmp_path):
    """A lake with the 682 whole tracks of a truncated official tracks.csv."""
    if not (real_data / HEAD).is_file():
        pytest.skip(f"no {HEAD}")
    folder = tmp_path / "fma"
    folder.mkdir()
    shutil.copyfile(real_data / HEAD, folder / "tracks.csv")
    publish(lake, "fma_tracks", read_tracks(open_archive(folder)).data)
    return lake


def test_the_documents_shares_are_repeated_as_far_as_682_tracks_allow(head):
    """Of those outside the interval, all but one are missing less often among the first tracks."""
    gaps = compute(Inputs(MISSING_VALUES, Settings(home=head.home))).gaps
    found = {one.column: one for one in gaps.columns}

    assert (gaps.whole, gaps.rows, gaps.artists, gaps.emptied) == (682, 682, 84, ())
    assert (gaps.first_added, gaps.last_added) == ("2008-11-25", "2008-11-26")
    assert set(SHARES) <= set(found)
    assert {one.difference for one in found.values() if one.document is not None} == {
        "chance",
        "less",
        "more",
    }
    assert [one.column for one in found.values() if one.difference == "more"] == ["album_engineer"]
    assert found["artist_active_year_end"].share.value == pytest.approx(0.952, abs=0.001)


def test_the_documents_pairs_are_repeated(head):
    """Latitude and longitude always, the place nearly as closely as its share allows."""
    gaps = compute(Inputs(MISSING_VALUES, Settings(home=head.home))).gaps
    pairs = {(one.first, one.second): one for one in gaps.association.document}

    assert pairs["artist_latitude", "artist_longitude"].phi == pytest.approx(1.0)
    assert pairs["artist_latitude", "artist_location"].phi == pytest.approx(0.751, abs=0.001)
    assert pairs["artist_latitude", "artist_location"].of_bound == pytest.approx(1.0)
    assert pairs["album_engineer", "album_producer"].phi == pytest.approx(0.393, abs=0.001)


def test_the_first_tracks_are_described(head):
    """Every language is one of ISO 639-1, and every licence has a family."""
    profile = described(head).profile

    assert profile.languages.odd == ()
    assert profile.languages.tracks == 682
    assert profile.licences.odd == ()
    assert sum(one.tracks for one in profile.licences.kinds) == 682
