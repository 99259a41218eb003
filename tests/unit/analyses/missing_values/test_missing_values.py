"""What is missing: by column, table, subset, genre and artist, beside the student project."""

import numpy as np
import pyarrow as pa
import pytest
from archive_facts import publish
from frames import legal
from missing_values_facts import ARTISTS, EACH, made_missing, made_tracks

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.analysis import MISSING_VALUES
from genrelab.analyses.missing_values.gaps import describe_gaps, difference_of, level_of
from genrelab.analyses.missing_values.pages.missing import fill
from genrelab.analyses.missing_values.references import PAIRS, SHARES
from genrelab.analyses.missing_values.runs import runs_of
from genrelab.analyses.missing_values.shares import once
from genrelab.analyses.missing_values.study import compute
from genrelab.analyses.missing_values.summary import summarise
from genrelab.analyses.missing_values.tables import blocks, gaps_of
from genrelab.analyses.missing_values.whole import NUMBERS
from genrelab.evaluation.results import Score
from genrelab.runtime.settings import Settings
from genrelab.tables import TABLES
from genrelab.tables.fma import FMA_FEATURES, FMA_TRACKS


def found_in(lake):
    return compute(Inputs(MISSING_VALUES, Settings(home=lake.home)))


def changed(data: pa.Table, **columns) -> pa.Table:
    frame = data.to_pandas()
    for name, values in columns.items():
        frame[name] = values
    return pa.Table.from_pandas(frame, schema=data.schema, preserve_index=False)


def column(gaps, name):
    return next(one for one in gaps.columns if one.column == name)


def test_shares_and_levels_are_those_that_were_planted():
    """A quarter has no place, half no coordinates; fields of the artist agree, those of the track do not."""
    gaps = describe_gaps(made_tracks())

    assert column(gaps, "artist_location").share.value == pytest.approx(0.25)
    assert column(gaps, "artist_latitude").share.value == pytest.approx(0.5)
    assert column(gaps, "artist_latitude").agreement == pytest.approx(1.0)
    assert column(gaps, "artist_latitude").all_or_none == 1.0
    assert column(gaps, "track_composer").agreement == 0.0
    assert (level_of("artist_bio"), level_of("album_type"), level_of("subset")) == (
        "artist",
        "album",
        "track",
    )
    assert (gaps.whole, gaps.artists, gaps.albums) == (ARTISTS * EACH, ARTISTS, ARTISTS)
    assert (gaps.first_added, gaps.last_added) == ("2009-01-01", "2012-05-01")


def test_an_interval_treats_artists_as_clusters():
    """Half of 20 artists lack coordinates: as wide as 20 draws of a coin, not as 120."""
    share = column(describe_gaps(made_tracks()), "artist_latitude").share

    assert share.high - share.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(ARTISTS), rel=0.01)


def test_artists_counted_once_ignore_how_many_tracks_they_have():
    """One of two artists lacks it, on one of four tracks."""
    artists = np.array([0, 1, 1, 1])

    assert np.array([True, False, False, False]) @ once(artists) == pytest.approx(0.5)


def test_pairs_stand_beside_the_document():
    """Latitude and longitude go together; place is nested in latitude, which phi alone does not show."""
    pairs = {(one.first, one.second): one for one in describe_gaps(made_tracks()).association.document}
    nested = pairs["artist_latitude", "artist_location"]

    assert len(pairs) == len(PAIRS)
    assert pairs["artist_latitude", "artist_longitude"].phi == pytest.approx(1.0)
    assert nested.phi == pytest.approx(1 / np.sqrt(3), abs=1e-6)
    assert nested.of_bound == pytest.approx(1.0)
    assert nested.document_of_bound == pytest.approx(0.9646, abs=1e-4)
    assert pairs["album_engineer", "album_producer"].phi is None


def test_columns_without_variance_are_named():
    """Never missing and always missing alike: phi is not defined."""
    everywhere = np.ones(ARTISTS * EACH, dtype=bool)
    some = np.arange(ARTISTS * EACH) % 5 == 0
    gaps = describe_gaps(made_tracks(track_lyricist=everywhere, track_composer=some))

    assert {"track_lyricist", "artist_name"} <= set(gaps.association.undefined)
    assert gaps.association.columns == ("track_composer",)
    assert gaps.association.strongest == ()
    assert column(gaps, "track_lyricist").agreement is None


def test_parts_hold_their_shares():
    """Subsets lie within each other; tracks without a genre are the last."""
    gaps = describe_gaps(made_tracks())
    place = [one.column for one in gaps.columns].index("artist_latitude")

    assert [(one.name, one.tracks) for one in gaps.subsets] == [("small", 48), ("medium", 48), ("large", 120)]
    assert gaps.subsets[0].shares[place] == 1.0
    assert [one.name for one in gaps.genres][-1] == ""
    assert sum(one.tracks for one in gaps.genres) == 120


@pytest.mark.parametrize(
    ("share", "document", "is_all", "difference"),
    [
        (Score(0.3, 0.2, 0.4), 0.3, False, "same"),
        (Score(0.3, 0.2, 0.4), 0.5, True, "edition"),
        (Score(0.3, 0.2, 0.4), 0.35, False, "chance"),
        (Score(0.3, 0.2, 0.4), 0.1, False, "more"),
        (Score(0.3, 0.2, 0.4), 0.5, False, "less"),
    ],
)
def test_every_difference_from_the_document_has_a_reason(share, document, is_all, difference):
    """Equal, another edition, chance, or other tracks."""
    assert difference_of(share, document, is_all=is_all) == difference


def test_a_cell_is_missing_blank_or_marked():
    """-1 where it marks, an empty list, a text of blanks, NaN."""
    bit_rate = gaps_of(FMA_TRACKS["track_bit_rate"], pa.chunked_array([[1, -1, None]]))
    tags = gaps_of(FMA_TRACKS["track_tags"], pa.chunked_array([[["a"], [], None]]))
    text = gaps_of(FMA_TRACKS["artist_bio"], pa.chunked_array([["a", "  ", None, ""]]))
    real = gaps_of(
        FMA_FEATURES["zcr_mean_01"], pa.chunked_array([pa.array([1.0, np.nan, None], pa.float32())])
    )

    assert (bit_rate.missing, bit_rate.unknown) == (1, 1)
    assert (tags.missing, tags.empty) == (1, 1)
    assert (text.missing, text.empty) == (1, 2)
    assert real.missing == 2


def test_columns_are_read_in_blocks_and_in_order():
    """Texts one by one, 518 numbers a few at a time."""
    found = [one.name for block in blocks(FMA_TRACKS.columns) for one in block]

    assert found == FMA_TRACKS.names
    assert max(len(block) for block in blocks(FMA_FEATURES.columns)) == 32


def test_the_whole_of_a_lake(lake):
    """The tables that are there, and those that are not."""
    data = changed(
        legal(FMA_TRACKS, 60), artist_bio=[None, "a"] * 30, artist_id=[row // 2 + 1 for row in range(60)]
    )
    publish(lake, "fma_tracks", data)
    publish(lake, "fma_raw_genres", legal(TABLES["fma_raw_genres"], 20))
    found = found_in(lake)

    assert [one.table for one in found.tables] == ["fma_tracks", "fma_raw_genres"]
    assert "fma_features" in found.absent
    assert column(found.gaps, "artist_bio").share.value == pytest.approx(0.5)
    assert column(found.gaps, "track_language_code").share.value == 0.0
    assert "fma_raw_tracks" in fill(found)["absent"]


def test_blanks_of_a_partial_copy_are_left_out(lake):
    """A blank count proves that the row was emptied: its other blanks say nothing."""
    counts = [None, 1.0] * 30
    data = changed(legal(FMA_TRACKS, 60), album_listens=counts, artist_bio=[None, "a"] * 30)
    publish(lake, "fma_tracks", data)
    gaps = found_in(lake).gaps

    assert (gaps.whole, gaps.rows, gaps.emptied) == (30, 60, (("album_listens", 30),))
    assert column(gaps, "artist_bio").share.value == 0.0
    assert "album_listens" in NUMBERS


def test_a_copy_without_a_whole_row_says_so(lake):
    """Every row lost its counts."""
    publish(lake, "fma_tracks", changed(legal(FMA_TRACKS, 20), album_id=[None] * 20))
    found = found_in(lake)

    assert found.gaps is None
    assert "none of the 20 rows of fma_tracks is whole" in found.why
    assert "album_id (20)" in fill(found)["why"]
    assert "whole" in summarise(found).message


def test_without_tracks_the_other_tables_are_counted(lake):
    """The rest goes on."""
    publish(lake, "fma_raw_genres", legal(TABLES["fma_raw_genres"], 20))
    found = found_in(lake)

    assert (len(found.tables), found.gaps) == (1, None)
    assert "has not been published" in found.why
    assert runs_of(found).metrics["cells_missing/fma_raw_genres"] == 0.0


def test_the_page_says_what_was_found():
    """Whose blanks they are, which rows they are of, and why they differ from the student project."""
    found = made_missing()
    page = fill(found)

    assert "120 tracks by 20 artists, the rows that this copy has whole" in page["gaps"]["source"]
    assert "album.id is blank in 30 rows" in page["gaps"]["source"]
    assert "Of 22 shares in the student project" in page["gaps"]["apart"]
    assert any(
        "96\N{NARROW NO-BREAK SPACE}% of what their shares allow" in line for line in page["gaps"]["advice"]
    )
    assert "lies between artists" in page["finding"]
    assert len(page["gaps"]["document"].rows) == len(PAIRS)
    assert runs_of(found).metrics["missing/artist_latitude"] == 0.5
    assert set(SHARES) <= {one.column for one in found.gaps.gappy}


def test_a_wide_table_is_shown_by_families_of_columns():
    """518 features as 77 lines: the seven statistics of each of eleven features."""
    grid = dict(fill(made_missing())["columns"])["fma_features"]
    cells = {row[0].text: [cell.text for cell in row[1:]] for row in grid.rows}

    assert len(cells) == 1 + 7 * 11
    assert cells["mfcc.mean"] == ["20", "20", "0.0\N{NARROW NO-BREAK SPACE}%"]
    assert cells["zcr.max"] == ["1", "0", "50.0\N{NARROW NO-BREAK SPACE}%"]
