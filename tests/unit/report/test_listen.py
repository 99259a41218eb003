"""Addresses where a track can be heard."""

import pytest

from genrelab.report.listen import LONGEST, listen_link

ODD = ['"><script>alert(1)</script>', "javascript:alert(1)", "", None, "3NAwm9vYQ7tK5UrHRdHcIW\n", "é" * 22]


@pytest.mark.parametrize("track_id", ODD)
def test_spotify_link_needs_a_spotify_id(track_id: object) -> None:
    """Whatever is not 22 letters and digits has no page on Spotify."""

    assert listen_link("spotify_binned", track_id) == ""


@pytest.mark.parametrize("name", ['a"b<i>&c', "مرحبا", "🎸 😀", "x" * 300, "\ud800"])
def test_fma_search_is_one_short_encoded_query(name: str) -> None:
    """Any name becomes a query of ASCII letters without quotes, tags or blanks."""

    link = listen_link("fma_tracks", 7, name, "title")
    query = link.removeprefix("https://freemusicarchive.org/search?quicksearch=")
    assert link.isascii()
    assert not set(query) & set("\"<>&' ")
    assert len(query) <= 12 * LONGEST


def test_fma_track_without_a_name_has_no_link() -> None:
    """Without artist and title there is nothing to search for."""

    assert listen_link("fma_tracks", 7) == ""
