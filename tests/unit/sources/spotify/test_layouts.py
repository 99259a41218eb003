"""Layouts: a file in the spelling of each gives the table that it stands for, and what is none is told."""

from pathlib import Path
from typing import Any

import pytest
from layout_files import (
    LAYOUT_FILES,
    PITCHES,
    TRACKS,
    as_csv,
    expected_row,
    exportify,
    records_of,
    spotify_2023,
)

from genrelab.lake.ingested import Ingested
from genrelab.runtime.errors import SettingsError, SourceError
from genrelab.sources.column_mapping import mapping_from_toml, mapping_from_words
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.sources.spotify.known_layouts import LAYOUTS
from genrelab.sources.spotify.layouts import recognise


def read(folder: Path, text: str, name: str = "mine.csv", **mapping: str) -> Ingested:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    words = [f"{column}={theirs}" for column, theirs in mapping.items()]
    return read_pulls(path, mapping_from_words(words))


def published(ingested: Ingested) -> list[dict[str, Any]]:
    return ingested.data.filter(~exact_duplicates(ingested.data)).to_pylist()


@pytest.mark.parametrize("layout", LAYOUT_FILES)
def test_a_layout_gives_the_table_it_stands_for(tmp_path, layout):
    """Every column that it has, in the units of the table; each track once."""
    rows = published(read(tmp_path, as_csv(records_of(layout))))

    expected = [expected_row(layout, track) for track in TRACKS]
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


@pytest.mark.parametrize("layout", LAYOUT_FILES)
def test_a_layout_is_recognised_by_its_columns(tmp_path, layout):
    """By no other than its own declaration, whatever the order of the columns."""
    header = list(reversed(records_of(layout)[0]))

    assert recognise(tmp_path, header, LAYOUTS).layout.name == layout.split(" ")[0]


def test_every_layout_has_a_file_here():
    """A declaration that no file proves would rot."""
    assert {name.split(" ")[0] for name in LAYOUT_FILES} == {layout.name for layout in LAYOUTS[:-1]}


def test_ids_from_names_are_said(tmp_path):
    """Both kinds, since they mean something within their source only."""
    caveats = read(tmp_path, as_csv(records_of("songs-normalize"))).caveats

    assert any("an artist is identified by name" in caveat for caveat in caveats)
    assert any("a track is identified by artist and title" in caveat for caveat in caveats)


@pytest.mark.parametrize("layout", LAYOUT_FILES)
def test_records_add_up(tmp_path, layout):
    """A track once per genre is one row, and its other rows are duplicates."""
    records = records_of(layout)
    ingested = read(tmp_path, as_csv(records))

    assert ingested.read == len(records) == len(ingested.data)
    assert len(published(ingested)) == len(TRACKS)


def test_of_two_exports_the_newest_popularity_stays(tmp_path):
    """By the day on which the track was added, else by the order of the files."""
    old, new = dict(exportify(TRACKS[0])), dict(exportify(TRACKS[0]))
    old |= {"Popularity": 30, "Added At": "2023-05-01T00:00:00Z"}
    new |= {"Popularity": 60, "Added At": "2024-06-01T00:00:00Z", "Genres": "pop"}
    (tmp_path / "1.csv").write_text(as_csv([new, exportify(TRACKS[1])]))
    (tmp_path / "2.csv").write_text(as_csv([old, {**exportify(TRACKS[1]), "Popularity": 41}]))
    ingested = read_pulls(tmp_path)

    assert [(row["popularity"], row["genres"]) for row in published(ingested)] == [
        (60, ["pop"]),
        (41, ["classic rock"]),
    ]
    assert sum("2 rows of Exportify" in note for note in ingested.notes) == 1


def test_earlier_pulls_keep_a_track_of_two_artists(tmp_path):
    """It was pulled for each of them; merging it would change the documents' counts."""
    records = records_of("pulls")
    other = {**records[0], "artist_uri": "spotify:artist:" + "9" * 22, "popularity": 7}

    assert len(published(read(tmp_path, as_csv([*records, other, {**other, "popularity": 8}])))) == 5


def test_two_layouts_in_a_folder_are_each_read_in_their_own(tmp_path):
    """And a note says which is which."""
    (tmp_path / "a.csv").write_text(as_csv(records_of("exportify")))
    (tmp_path / "b.csv").write_text(as_csv(records_of("pulls")))
    ingested = read_pulls(tmp_path)

    assert len(ingested.data) == 6
    assert any(note.startswith("a.csv: Exportify") for note in ingested.notes)
    assert any(note.startswith("b.csv: earlier pulls") for note in ingested.notes)


def test_an_artist_has_one_id_in_all_files(tmp_path):
    """Else the tracks of an artist could fall on two sides of a split."""
    other = {
        **exportify(TRACKS[1]),
        "Artist Name(s)": "ARTIST TWO;Guest",
        "Track URI": "spotify:track:" + "8" * 22,
    }
    (tmp_path / "a.csv").write_text(as_csv([other, {**other, "Artist Name(s)": "Nobody Else"}]))
    (tmp_path / "b.csv").write_text(as_csv(records_of("pulls")))
    ingested = read_pulls(tmp_path)

    assert ingested.data["artist_id"].to_pylist()[:2] == [TRACKS[1].artist_ids[0], "name:nobody else"]
    assert any("taken from another file: 1" in note for note in ingested.notes)


def test_a_file_that_fits_two_layouts_is_refused_with_both_names(tmp_path):
    """Neither has all the columns of the other."""
    records = [
        {**one, **two} for one, two in zip(records_of("pulls"), records_of("data-1921-2020"), strict=True)
    ]
    records = [{name: value for name, value in record.items() if name != "artist_uri"} for record in records]

    with pytest.raises(SourceError, match=r"matches 2 layouts.*SpotifyFeatures.*1921"):
        read(tmp_path, as_csv(records))


def test_everything_that_is_missing_is_said_at_once(tmp_path):
    """Three columns, one message."""
    gone = ("energy", "tempo", "track_name")
    records = [
        {name: value for name, value in record.items() if name not in gone} for record in records_of("pulls")
    ]

    with pytest.raises(SourceError) as raised:
        read(tmp_path, as_csv(records))
    assert all(name in raised.value.what for name in gone)


def test_shares_in_a_layout_of_percent_are_refused(tmp_path):
    """A hundredth of every energy would be legal, and wrong."""
    records = [{**spotify_2023(track), "energy_%": track.energy} for track in TRACKS]

    with pytest.raises(SourceError, match="has energy as a share of 1"):
        read(tmp_path, as_csv(records))


def test_a_column_in_words_is_decided_as_a_whole(tmp_path):
    """Numbers among pitches are rejected one by one, and so are pitches among numbers."""
    records = [dict(record) for record in records_of("pulls")]
    for record, key in zip(records, ("B\u266d", "db", "4"), strict=True):
        record["key"] = key
    ingested = read(tmp_path, as_csv(records))

    assert ingested.data["key"].to_pylist() == [10, 1]
    assert ingested.rejected["rules"].to_pylist() == [["key: a pitch (C, C#, Db, A minor)"]]


@pytest.mark.parametrize("written", ["{} {}", "{}{}", "{}_{}"])
@pytest.mark.parametrize("words", [("minor", "major"), ("min", "Maj"), ("m", "maj")])
def test_a_key_may_name_its_mode(tmp_path, written, words):
    """The pitch is taken, and the column of modes must say the same."""
    records = [
        {**record, "key": written.format(PITCHES[track.key], words[track.mode])}
        for record, track in zip(records_of("pulls"), TRACKS, strict=True)
    ]
    data = read(tmp_path, as_csv(records)).data
    assert data["key"].to_pylist() == [track.key for track in TRACKS]
    assert data["mode"].to_pylist() == [track.mode for track in TRACKS]

    ingested = read(tmp_path, as_csv([{**record, "mode": 1} for record in records]))
    assert ingested.rejected["rules"].to_pylist() == [["key: the mode of the column mode"]]


def test_the_mode_of_a_key_stands_for_a_column_that_is_missing(tmp_path):
    """Exports of other programs have one column for both."""
    records = [dict(record) for record in records_of("exportify")]
    for record in records:
        record.pop("Mode")
        record["Key"] = "A minor"

    assert read(tmp_path, as_csv(records)).data["mode"].to_pylist() == [0, 0, 0]


@pytest.mark.parametrize("words", [("False", "True"), ("FALSE", "TRUE"), ("false", "true")])
def test_a_mode_may_be_a_truth_value(tmp_path, words):
    """True is major, as 1 is."""
    records = [
        {**record, "mode": words[track.mode]}
        for record, track in zip(records_of("pulls"), TRACKS, strict=True)
    ]

    assert read(tmp_path, as_csv(records)).data["mode"].to_pylist() == [track.mode for track in TRACKS]


@pytest.mark.parametrize(("column", "word"), [("key", "8B"), ("mode", "Moll"), ("time_signature", "4-Apr")])
def test_other_words_are_rejected_with_what_is_allowed(tmp_path, column, word):
    """The rule names words, not whole numbers, where the column holds words."""
    ingested = read(tmp_path, as_csv([{**record, column: word} for record in records_of("pulls")]))

    [[rule], *_] = ingested.rejected["rules"].to_pylist()
    assert rule.startswith(f"{column}: ")
    assert "number" not in rule


def test_units_in_names_of_columns_are_understood(tmp_path):
    """Ranges, decibels and beats a minute."""
    names = {
        "energy": "energy (0-1)",
        "valence": "Valence [0.0..1.0]",
        "loudness": "loudness (dB)",
        "tempo": "tempo_bpm",
    }
    records = [{names.get(name, name): cell for name, cell in one.items()} for one in records_of("pulls")]

    assert read(tmp_path, as_csv(records)).data.equals(read(tmp_path, as_csv(records_of("pulls"))).data)


def test_addresses_of_artists_and_tracks_are_their_ids(tmp_path):
    """In columns that are named after them."""
    names = {"artist_uri": "artist_url", "track_id": "track_href"}
    records = [{names.get(name, name): cell for name, cell in one.items()} for one in records_of("pulls")]

    assert read(tmp_path, as_csv(records)).data.equals(read(tmp_path, as_csv(records_of("pulls"))).data)


def test_an_id_of_spotify_goes_before_a_number_of_the_file(tmp_path):
    """In a file that numbers its rows `id` and has the URI beside it."""
    records = [
        {"id": str(number), "uri": f"spotify:track:{one['track_id']}", **one}
        for number, one in enumerate(map(dict, records_of("pulls")))
    ]
    for record in records:
        del record["track_id"]

    assert read(tmp_path, as_csv(records)).data.equals(read(tmp_path, as_csv(records_of("pulls"))).data)


def test_two_columns_of_genres_are_compared_in_all_records(tmp_path):
    """Each record seems to fill one of them until, far down, one fills both."""
    one = dict(records_of("pulls")[0])
    records = [{**one, "genres": ""}] * 80 + [{**one, "genres": "['jazz']"}]

    with pytest.raises(SourceError, match="two genre columns: genre and genres"):
        read(tmp_path, as_csv(records))


def test_a_title_with_a_comma_is_not_cut_where_the_file_counts_the_artists(tmp_path):
    """Tyler, The Creator is one artist."""
    record = {**spotify_2023(TRACKS[1]), "artist(s)_name": "Tyler, The Creator"}

    names = read(tmp_path, as_csv([record, spotify_2023(TRACKS[0])])).data["artist_name"].to_pylist()
    assert names == ["Tyler, The Creator", "Artist One"]


def test_names_that_mean_nobody_join_no_tracks(tmp_path):
    """Two tracks of NA are two tracks."""
    record = dict(records_of("songs-normalize")[0]) | {"artist": "NA", "song": "NA"}
    ingested = read(tmp_path, as_csv([record, {**record, "energy": 0.1}]))

    assert len(set(ingested.data["track_id"].to_pylist())) == len(published(ingested)) == 2
    assert any("artist or title is NA" in caveat for caveat in ingested.caveats)


def test_of_two_columns_of_ids_each_row_takes_the_one_that_it_has(tmp_path):
    """Some files were joined from two that named the artist in different columns; genres likewise."""
    one, two, three = (dict(record) for record in records_of("pulls"))
    other = {"artist_id": "", "genres": ""}
    second = {"artist_uri": "NA", "artist_id": TRACKS[1].artist_ids[0], "genre": "", "genres": two["genre"]}
    ingested = read(tmp_path, as_csv([one | other, two | second, three | other]))

    assert ingested.data["artist_id"].to_pylist() == [track.artist_ids[0] for track in TRACKS]
    assert ingested.data["genres"].to_pylist() == [list(track.genres) for track in TRACKS]
    assert any("from genres where that is blank" in caveat for caveat in ingested.caveats)


def test_artists_as_lists_in_earlier_pulls(tmp_path):
    """Ids tell that the column holds lists; a single artist in brackets keeps the name."""
    records = [
        {**pull, "artist_name": str(list(track.artists)), "artist_uri": str(track.artist_ids)}
        for pull, track in zip(records_of("pulls"), TRACKS, strict=True)
    ]
    data = read(tmp_path, as_csv(records)).data

    assert data["artist_name"].to_pylist() == [track.artists[0] for track in TRACKS]
    assert data["artist_id"].to_pylist() == [track.artist_ids[0] for track in TRACKS]


GERMAN = {"artist_name": "Interpret", "track_name": "Titel", "genres": "Stile", "energy": "Energie (0-100)"}


def german() -> str:
    records = [
        {GERMAN.get(name, name): value for name, value in record.items() if name != "artist_uri"}
        for record in ({**each, "energy": 100 * each["energy"]} for each in records_of("pulls"))
    ]
    return as_csv(
        [{("Stile" if name == "genre" else name): value for name, value in one.items()} for one in records]
    )


def test_a_mapping_names_the_columns_of_any_file(tmp_path):
    """With a unit; what it does not name keeps its usual name."""
    ingested = read(tmp_path, german(), **GERMAN | {"energy": "Energie (0-100):percent"})

    expected = [expected_row("spotify-features", track) for track in TRACKS]
    assert [{name: row[name] for name in expected[0]} for row in published(ingested)] == expected


def test_a_mapping_goes_over_a_known_layout(tmp_path):
    """One column differs, the rest is Exportify as ever."""
    records = [{**record, "My Genres": "polka", "Genres": ""} for record in records_of("exportify")]
    ingested = read(tmp_path, as_csv(records), genres="my genres")

    assert [row["genres"] for row in published(ingested)] == [["polka"]] * 3
    assert published(ingested)[0]["artist_name"] == "Artist One"


def test_a_mapping_in_the_settings_says_the_same(tmp_path):
    """With the separator of several artists, which only fits there."""
    section: dict[str, Any] = {**GERMAN, "energy": {"column": "Energie (0-100)", "unit": "percent"}}
    section["artist_name"] = {"column": "Interpret", "separator": " & "}
    path = tmp_path / "mine.csv"
    path.write_text(german().replace("Artist Two", "Artist Two & Guest"))

    names = read_pulls(path, mapping_from_toml(section, "genrelab.toml")).data["artist_name"].to_pylist()
    assert names == ["Artist One", "Artist Two", "Artist One"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("artist_name", "--map names no column"),
        ("artist=Interpret", "maps to a column that does not exist"),
        ("tempo=BPM:percent", "maps tempo as percent"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(words, expected):
    """Before anything is read."""
    with pytest.raises(SettingsError, match=expected):
        mapping_from_words([words])


def test_a_mapping_that_no_file_has_is_refused(tmp_path):
    """A misspelt name would otherwise change nothing, without a word."""
    with pytest.raises(SourceError, match="has a column named in your mapping"):
        read(tmp_path, as_csv(records_of("pulls")), genres="Stile")


def test_a_column_of_genres_beside_one_of_lists(tmp_path):
    """The lists are taken and the other column is said; of two columns of lists one must be named."""
    records = [{**record, "genres": record["genre"], "genre": "Road Trip"} for record in records_of("pulls")]
    ingested = read(tmp_path, as_csv(records))

    assert ingested.data["genres"].to_pylist()[0] == ["dance pop", "pop"]
    assert any("not from genre" in caveat for caveat in ingested.caveats)
    both = as_csv([{**record, "genres": record["genre"]} for record in records_of("pulls")])
    with pytest.raises(SourceError, match="several genre columns"):
        read(tmp_path, both)
    assert len(read(tmp_path, both, genres="genres").data) == 3
