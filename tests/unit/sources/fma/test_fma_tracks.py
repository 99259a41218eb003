"""Tracks, genres and the tree."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from fma_files import GENRES, TRACK, folder_of, tracks_csv
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake.ingested import Ingested
from genrelab.runtime.errors import SourceError
from genrelab.sources.fma import GenreTree, open_archive, read_echonest, read_genres, read_raw, read_tracks
from genrelab.sources.fma.layout import official_header
from genrelab.sources.fma.reading import HOPELESS
from genrelab.tables.fma import FMA_TRACKS


def read(tmp_path: Path, *changes: dict[str, object], **files: bytes) -> Ingested:
    folder = folder_of(
        tmp_path / "fma_metadata", tracks_csv=tracks_csv(*changes), **{"genres_csv": GENRES, **files}
    )
    return read_tracks(open_archive(folder))


def notes_of(found: Ingested) -> str:
    return "\n".join(found.notes)


def test_rows_have_the_declared_columns_and_say_where_they_came_from(tmp_path: Path) -> None:
    """Types are those of the declaration, numbers count from 1."""

    data = read(tmp_path).data
    assert data.schema.equals(FMA_TRACKS.schema)
    assert data["source"].to_pylist() == ["fma_metadata/tracks.csv"] * 5
    assert data["source_row"].to_pylist() == [1, 2, 3, 4, 5]


def test_genre_ids_are_resolved_to_names_in_their_order(tmp_path: Path) -> None:
    """Lists stay lists; an empty one has no names, a missing one has none either."""

    found = read(tmp_path, {}, {"genres": "[12, 17]"}, {"genres": "[]", "genres_all": ""}).data
    assert found["genre_names"].to_pylist()[:3] == [["Punk"], ["Rock", "Folk"], []]
    assert found["genre_all_names"].to_pylist()[:3] == [["Punk", "Rock"], ["Punk", "Rock"], None]


def test_an_unknown_genre_id_has_no_name_and_is_noted(tmp_path: Path) -> None:
    """It is not left out of the list."""

    found = read(tmp_path, {"genres": "[12, 999]"})
    assert found.data["genre_names"][0].as_py() == ["Rock", None]
    assert "1 genre ids of fma_metadata/tracks.csv are not in genres.csv: [999]" in found.notes


def test_without_genres_csv_there_are_ids_and_no_names(tmp_path: Path) -> None:
    """The archive says so itself."""

    found = read_tracks(open_archive(folder_of(tmp_path)))
    assert found.data["genre_names"].null_count == len(found.data)
    assert "genres.csv is missing from the archive" in found.notes


def test_html_line_breaks_and_quotes_stay_as_they_are(tmp_path: Path) -> None:
    """They are counted, not cleaned."""

    text = '<p>He said "no".</p>\n\n<br />end, really'
    found = read(tmp_path, {"artist_bio": text})
    assert found.data["artist_bio"][0].as_py() == text
    assert "1 texts hold line breaks" in found.notes
    assert "1 texts hold HTML" in found.notes


@pytest.mark.parametrize("title", ["NA", "None", "null", "nan"])
def test_a_title_that_looks_missing_is_a_title(tmp_path: Path, title: str) -> None:
    """pandas.read_csv would lose it."""

    found = read(tmp_path, {"track_title": title})
    assert found.data["track_title"][0].as_py() == title
    assert "1 texts are NA, None or similar, and are kept as text" in found.notes


DIRT = [
    ({"genre_top": ""}, "genre_top is missing for 1 of 5 tracks, by design"),
    ({"genres": "[]", "genres_all": "[]"}, "1 tracks have no genre"),
    ({"genres_all": ""}, "1 tracks have genres but no genres_all"),
    ({"album_date_released": "1902-01-01 00:00:00"}, "1 dates lie before 1970"),
    ({"album_favorites": -1}, "1 counts and ids are -1, FMA's mark for unknown"),
    ({"artist_id": 8}, "1 artist names belong to more than one artist id"),
    ({"split": "test"}, "1 artists have tracks in more than one split"),
    ({"track_duration": 0}, "1 tracks have a duration of 0 seconds"),
    ({"subset": "large"}, "subsets: small 4, medium 4, large 5"),
    ({"split": "validation"}, "splits: training 4, validation 1, test 0"),
]


@pytest.mark.parametrize(("change", "note"), DIRT, ids=[note for _, note in DIRT])
def test_real_dirt_is_counted(tmp_path: Path, change: dict[str, object], note: str) -> None:
    """And legal: nothing of it is rejected, and clean rows do not have the note."""

    found = read(tmp_path, change)
    assert note in notes_of(found)
    assert len(found.data) == 5
    assert note not in notes_of(read(tmp_path / "clean"))


BAD = [
    ({"track_duration": "long"}, "track_duration: a whole number"),
    ({"artist_latitude": "north"}, "artist_latitude: a number"),
    ({"album_date_released": "2008-13-01"}, "album_date_released: a date"),
    ({"genres": "21"}, "genres: a list"),
    ({"track_id": 3}, "track_id: unique"),
    ({"track_id": ""}, "track_id: present"),
]


@pytest.mark.parametrize(("change", "rule"), BAD, ids=[rule for _, rule in BAD])
def test_an_illegal_record_is_rejected_with_its_rule(
    tmp_path: Path, change: dict[str, object], rule: str
) -> None:
    """The others are kept, and the counts add up."""

    found = read(tmp_path, change)
    (row,) = found.rejected.to_pylist()
    assert row["rules"] == [rule]
    assert (found.read, len(found.data)) == (5, 4)


def test_of_a_doubled_id_the_first_record_stays(tmp_path: Path) -> None:
    """Whatever the records say."""

    found = read(tmp_path, {}, {}, {"track_id": 2, "track_title": "Second"})
    assert found.rejected["source_row"].to_pylist() == [3]
    assert "Second" not in found.data["track_title"].to_pylist()


CUTTABLE = tracks_csv(count=4)


@given(st.integers(1, len(CUTTABLE) - len(official_header(FMA_TRACKS))))
def test_a_file_cut_anywhere_is_read_up_to_the_cut(cut: int) -> None:
    """No traceback, no lost record: at most the last one is rejected, and the cut is noted."""

    data = CUTTABLE[: len(CUTTABLE) - cut]
    with tempfile.TemporaryDirectory() as name:
        found = read_tracks(open_archive(folder_of(Path(name), tracks_csv=data)))
    assert found.read == len(found.data) + len(found.rejected) <= 4
    assert len(found.rejected) <= 1
    assert data.endswith(b"\n") or "may be truncated" in notes_of(found)


def test_a_hopeless_file_is_refused_before_it_fills_the_quarantine(tmp_path: Path) -> None:
    """Values under the wrong names make every record illegal."""

    bad = [{"track_duration": "x"}] * (HOPELESS + 1)
    folder = folder_of(tmp_path, tracks_csv=tracks_csv(*bad, count=HOPELESS + 1))
    with pytest.raises(SourceError, match=r"most of .* cannot be read"):
        read_tracks(open_archive(folder))


def test_a_header_without_records_is_an_empty_table(tmp_path: Path) -> None:
    """The suite refuses it; the reader only says so."""

    found = read_tracks(open_archive(folder_of(tmp_path, tracks_csv=tracks_csv(count=0))))
    assert (found.read, len(found.data)) == (0, 0)


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Asking for it is the caller's mistake, and still no KeyError."""

    with pytest.raises(SourceError, match=r"no echonest\.csv"):
        read_echonest(open_archive(folder_of(tmp_path)))


def test_genres_carry_their_root_and_their_path(tmp_path: Path) -> None:
    """From leaf to root."""

    found = read_genres(open_archive(folder_of(tmp_path, genres_csv=GENRES)))
    assert found.data["path"].to_pylist() == [["Rock"], ["Punk", "Rock"], ["Folk"]]
    assert found.data["top_level_title"].to_pylist() == ["Rock", "Rock", "Folk"]
    assert found.notes == ()


def test_a_root_that_the_parents_do_not_lead_to_is_noted(tmp_path: Path) -> None:
    """The tree is read, not repaired."""

    found = read_genres(open_archive(folder_of(tmp_path, genres_csv=GENRES.replace(b"Punk,12", b"Punk,17"))))
    assert found.notes == ("1 genres state another root than their parents: [25]",)


def test_row_numbers_are_no_genre_ids(tmp_path: Path) -> None:
    """Every track would get a foreign genre; here two of four roots are right by chance, as in the real file."""

    genres = b"genre_id,#tracks,parent,title,top_level\n1,1,0,A,1\n2,1,0,B,2\n3,1,0,C,12\n4,1,0,D,25\n"
    with pytest.raises(SourceError, match=r"not genre ids.*2 of 4.*C: genre_id 3, top_level 12"):
        read_genres(open_archive(folder_of(tmp_path, genres_csv=genres)))


@given(st.dictionaries(st.integers(1, 8), st.integers(0, 9)))
def test_paths_end_in_any_tree(parents: dict[int, int]) -> None:
    """Also with cycles and with parents that are not there; no genre stands twice in its path."""

    tree = GenreTree({genre: str(genre) for genre in parents}, parents)
    for genre in parents:
        path = tree.path_ids(genre)
        assert path[0] == genre
        assert len(set(path)) == len(path)
        assert tree.root(genre) == path[-1]


def test_children_and_roots() -> None:
    """The two ways down the tree."""

    tree = GenreTree({12: "Rock", 25: "Punk", 17: "Folk"}, {12: 0, 25: 12, 17: 0})
    assert (tree.roots(), tree.children(12)) == ([12, 17], [25])


def test_raw_files_are_text_but_for_the_id(tmp_path: Path) -> None:
    """As FMA's API gave them."""

    raw = b"genre_id,genre_color,genre_handle,genre_parent_id,genre_title\n3,#000099,Blues,,Blues\n"
    found = read_raw(open_archive(folder_of(tmp_path, raw_genres_csv=raw)), "fma_raw_genres")
    assert found.data.drop(["source", "source_row"]).to_pylist() == [
        {
            "genre_id": 3,
            "genre_color": "#000099",
            "genre_handle": "Blues",
            "genre_parent_id": None,
            "genre_title": "Blues",
        }
    ]


def test_the_sample_track_uses_declared_columns() -> None:
    """Or the tests above would change nothing."""

    assert set(TRACK) <= set(FMA_TRACKS.names)
    assert pa.types.is_list(FMA_TRACKS["genres"].type)
