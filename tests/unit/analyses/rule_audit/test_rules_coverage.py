"""Coverage of the rule sets by who named the genres."""

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_facts import rule_facts

from genrelab.analyses.rule_audit.coverage import coverage_by_origin, origin_section
from genrelab.analyses.rule_audit.pages import rules as page
from genrelab.analyses.rule_audit.result import OriginCoverage
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.tables.spotify import GENRE_SOURCES

SETS = {name: load_rule_set(name) for name in ("classic", "reviewed")}
ROW = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from([["dance pop"], ["bebop", "jazz"], ["comedy"], []]),
    st.sampled_from([*GENRE_SOURCES, None]),
)


def tracks(*rows):
    """Artists, genres and origins."""
    artists, genres, sources = zip(*rows, strict=True) if rows else ((), (), ())
    lists, text = pa.list_(pa.string()), pa.string()
    return pa.table(
        {
            "artist_id": pa.array(artists, text),
            "genres": pa.array(genres, lists),
            "genres_source": pa.array(sources, text),
        }
    )


MIXED = tracks(
    ("a", ["dance pop"], "spotify"),
    ("b", ["jazz"], "musicbrainz"),
    ("b", ["jazz"], "musicbrainz"),
    ("c", ["comedy"], "lastfm"),
    ("d", [], None),
)


def test_each_origin_has_its_own_figures():
    """Artists, tracks and binned tracks of each origin that occurs, nobody's last."""
    found = coverage_by_origin(MIXED, SETS)

    assert [each.origin for each in found] == ["spotify", "musicbrainz", "lastfm", None]
    assert found[1] == OriginCoverage(
        origin="musicbrainz", artists=1, tracks=2, binned={"classic": 2, "reviewed": 2}
    )
    assert found[3].binned == {"classic": 0, "reviewed": 0}


def test_an_artist_of_several_batches_is_counted_once(monkeypatch):
    """Batches change nothing."""
    whole = coverage_by_origin(MIXED, SETS)
    monkeypatch.setattr("genrelab.lake.stored_rows.BATCH", 1)

    assert coverage_by_origin(MIXED, SETS) == whole


@given(st.lists(ROW, max_size=20))
def test_origins_add_up(rows):
    """Tracks and binned tracks of all origins are those of the whole table: the rules treat them alike."""
    table = tracks(*rows)
    found = coverage_by_origin(table, SETS)

    assert sum(each.tracks for each in found) == len(rows)
    for name, rules in SETS.items():
        binned = bin_tracks(table["genres"], rules).counts["binned"]
        assert sum(each.binned[name] for each in found) == binned


def test_the_table_names_licences():
    """Genres from MusicBrainz and Last.fm come with what may be done with them; Spotify's alone do not."""
    section = origin_section(coverage_by_origin(MIXED, SETS))

    assert "CC BY-NC-SA" in section.title
    assert "commercially" in section.title
    assert section.rows[1] == ("MusicBrainz", "1", "2", "100.0%", "100.0%")
    assert "CC" not in origin_section(coverage_by_origin(MIXED.slice(0, 1), SETS)).title


@pytest.mark.parametrize(("table", "is_shown"), [(MIXED, True), (MIXED.slice(0, 1), False)])
def test_the_page_shows_several_origins(table, is_shown):
    """With one origin there is nothing to compare; with several there is a table, and the licences."""
    filled = page.fill(replace(rule_facts(), origins=coverage_by_origin(table, SETS)))

    assert (filled["origins"] is not None) == is_shown
    assert ("CC BY-NC-SA" in filled["licences"]) == is_shown
