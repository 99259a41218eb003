"""Earlier pulls: what a legal file gives, and what each kind of damage does."""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake.ingested import Ingested
from genrelab.runtime.errors import SourceError
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

RECORD = {
    "": "0",
    "acousticness": "0.571",
    "artist_name": "1:43",
    "artist_uri": "spotify:artist:39EHxSQAIaWusRqSI9xoyF",
    "danceability": "0.641",
    "energy": "0.665",
    "genre": "['classic opm', 'opm']",
    "instrumentalness": "0.00107",
    "key": "11",
    "liveness": "0.159",
    "loudness": "-7.839",
    "mode": "1",
    "popularity": "41",
    "speechiness": "0.0263",
    "tempo": "138.017",
    "time_signature": "4",
    "track_id": "1vPk6ZTflnvm8LgtXzPDrT",
    "track_name": "Sa Isang Sulyap Mo",
    "valence": "0.677",
}


def pull(*changes: dict[str, str], header: dict[str, str] | None = None) -> str:
    """The text of a pull with one record per change; `header` renames columns, to nothing to drop them."""
    names = [(header or {}).get(name, name) for name in RECORD]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name in names if name != "DROP"])
    for change in changes or ({},):
        record = RECORD | change
        writer.writerow([record[old] for old, new in zip(RECORD, names, strict=True) if new != "DROP"])
    return text.getvalue()


def read(folder: Path, text: str | bytes, name: str = "info_1.csv") -> Ingested:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_pulls(path)


def rules_broken(ingested: Ingested) -> list[list[str]]:
    return ingested.rejected["rules"].to_pylist()


def test_a_record_becomes_a_row(tmp_path):
    """Every declared column, with its type and value."""
    data = read(tmp_path, pull()).data

    assert data.schema.equals(SPOTIFY_TRACKS.schema)
    row = data.to_pylist()[0]
    assert (row["source"], row["source_row"]) == ("info_1.csv", 1)
    assert (row["artist_id"], row["track_id"]) == ("39EHxSQAIaWusRqSI9xoyF", "1vPk6ZTflnvm8LgtXzPDrT")
    assert (row["genres"], row["energy"], row["key"]) == (["classic opm", "opm"], 0.665, 11)
    assert (row["popularity"], row["features_source"], row["fetched_at"]) == (41, "pulls", None)


def test_files_come_in_numeric_order(tmp_path):
    """info_2 before info_10, and hidden files are left alone."""
    for number in (10, 2, 1):
        (tmp_path / f"info_{number}.csv").write_text(pull())
    (tmp_path / "._info_1.csv").write_bytes(b"\0\0")

    assert read_pulls(tmp_path).data["source"].to_pylist() == ["info_1.csv", "info_2.csv", "info_10.csv"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"energy": "loud"}, "energy: a number"),
        ({"energy": "-inf"}, "energy: a number"),
        ({"energy": "1e999"}, "energy: a number"),
        ({"energy": "0,5"}, "energy: a number"),
        ({"energy": "\u0663"}, "energy: a number"),
        ({"key": "4.5"}, "key: a whole number"),
        ({"time_signature": "99999999999999999999"}, "time_signature: a whole number"),
        ({"popularity": "high"}, "popularity: a whole number"),
        ({"track_id": " "}, "track_id: present"),
        ({"artist_uri": ""}, "artist_id: present"),
        ({"artist_name": ""}, "artist_name: present"),
        ({"track_name": "  "}, "track_name: present"),
        ({"track_id": "1vPk6ZTflnvm8LgtXzPDr!"}, "track_id: 22 letters and digits"),
        ({"artist_uri": "spotify:track:39EHxSQAIaWusRqSI9xoyF"}, "artist_id: 22 letters and digits"),
        ({"genre": "['a'"}, "genres: a list of micro-genres"),
        ({"genre": "[1, 2]"}, "genres: a list of micro-genres"),
        ({"genre": "__import__('os').getcwd() + []"}, "genres: a list of micro-genres"),
        ({"genre": "[" * 20_000}, "genres: a list of micro-genres"),
    ],
)
def test_a_record_that_cannot_be_parsed_is_rejected_with_its_rule(tmp_path, change, rule):
    """The record beside it is kept, and the rejected one is told as it came."""
    ingested = read(tmp_path, pull({}, change))

    assert (len(ingested.data), ingested.read) == (1, 2)
    assert rules_broken(ingested) == [[rule]]
    assert ingested.rejected["source_row"].to_pylist() == [2]
    assert RECORD["danceability"] in ingested.rejected["record"][0].as_py()


def test_every_broken_rule_of_a_record_is_told(tmp_path):
    """A missing id does not hide the text in a number."""
    assert rules_broken(read(tmp_path, pull({"track_id": "", "tempo": "fast"}))) == [
        ["track_id: present", "tempo: a number"],
    ]


def test_ranges_are_not_judged_here(tmp_path):
    """An energy of 7 is a number; the suite rejects it later."""
    assert read(tmp_path, pull({"energy": "7", "tempo": "0"})).data["energy"].to_pylist() == [7.0]


def test_a_blank_feature_is_missing(tmp_path):
    """And a row without any feature names no source of features."""
    blank = dict.fromkeys(AUDIO_FEATURES, "")
    rows = read(tmp_path, pull({"energy": " "}, blank)).data.to_pylist()

    assert [row["energy"] for row in rows] == [None, None]
    assert [row["features_source"] for row in rows] == ["pulls", None]


@pytest.mark.parametrize(("text", "value"), [("4.0", 4), ("+4", 4), ("4e0", 4), (" 4 ", 4)])
def test_a_whole_number_may_be_written_with_a_point(tmp_path, text, value):
    """As pandas writes a column that once held a blank."""
    assert read(tmp_path, pull({"time_signature": text})).data["time_signature"].to_pylist() == [value]


@pytest.mark.parametrize(
    "text",
    [
        "39EHxSQAIaWusRqSI9xoyF",
        "spotify:artist:39EHxSQAIaWusRqSI9xoyF",
        "https://open.spotify.com/artist/39EHxSQAIaWusRqSI9xoyF?si=abc",
        "https://open.spotify.com/intl-de/artist/39EHxSQAIaWusRqSI9xoyF",
    ],
)
def test_an_artist_is_known_by_id_uri_or_address(tmp_path, text):
    """All of them name the same artist."""
    assert read(tmp_path, pull({"artist_uri": text})).data["artist_id"].to_pylist() == [
        "39EHxSQAIaWusRqSI9xoyF"
    ]


def test_a_refused_list_of_micro_genres_is_told_with_its_reason(tmp_path):
    """So that whoever reads the quarantine knows what to change."""
    rejected = read(tmp_path, pull({"genre": "[opm, pop]"})).rejected

    assert rejected["reasons"].to_pylist() == [
        ["genres: a list of micro-genres; found '[opm, pop]' (a list has names without quotes)"]
    ]


def test_what_separates_micro_genres_is_decided_for_the_whole_file(tmp_path, monkeypatch):
    """Also where the first semicolon stands beyond the first records; what it means for a comma is a caveat."""
    monkeypatch.setattr("genrelab.sources.spotify.parsing.CHUNK_RECORDS", 1)
    ingested = read(tmp_path, pull({"genre": "rock, 60s"}, {"genre": "pop; opm"}, {"genre": "unknown"}))

    assert ingested.data["genres"].to_pylist() == [["pop", "opm"], []]
    assert rules_broken(ingested) == [["genres: a list of micro-genres"]]
    assert ingested.caveats == (
        "info_1.csv: micro-genres are separated by semicolons and commas: cells with a comma are rejected",
    )


def test_extra_columns_and_empty_pulls_are_noted_once(tmp_path):
    """The unnamed index of all files is one note; the empty pull is another."""
    (tmp_path / "info_1.csv").write_text(pull())
    (tmp_path / "info_2.csv").write_text(pull())
    (tmp_path / "info_36.csv").write_text('""\n')

    ingested = read_pulls(tmp_path)

    assert ingested.notes == (
        "info_36.csv: an empty file, ignored",
        "2 files (info_1.csv to info_2.csv): earlier pulls; UTF-8, separated by commas",
        "2 files (info_1.csv to info_2.csv): columns ignored: a column without a name",
    )
    assert [source["name"] for source in ingested.sources] == ["info_1.csv", "info_2.csv", "info_36.csv"]


def test_popularity_may_be_absent(tmp_path):
    """It is left missing, with a note."""
    ingested = read(tmp_path, pull(header={"popularity": "DROP"}))

    assert ingested.data["popularity"].to_pylist() == [None]
    assert "info_1.csv: no column popularity: the values are missing" in ingested.notes


def test_column_names_are_read_without_capitals_and_spaces(tmp_path):
    """As are the other names that some pulls use."""
    renamed = {"energy": " Energy ", "genre": "GENRES", "artist_uri": "artist_id"}

    assert read(tmp_path, pull(header=renamed)).data["energy"].to_pylist() == [0.665]


def test_a_missing_column_is_an_error_that_says_what_to_do(tmp_path):
    """File, column, what was found, what is needed."""
    with pytest.raises(SourceError) as raised:
        read(tmp_path, pull(header={"energy": "nrg"}))

    assert "info_1.csv lacks the column energy" in raised.value.what
    assert "nrg" in raised.value.found
    assert "energy" in raised.value.allowed
    assert raised.value.do


def test_a_doubled_column_is_an_error(tmp_path):
    """Which of the two is meant cannot be known."""
    text = pull({}).splitlines()
    doubled = "\n".join(f"{line},{last}" for line, last in zip(text, ("energy", "0.1"), strict=True))

    with pytest.raises(SourceError, match="has the column energy 2 times"):
        read(tmp_path, doubled)


def test_ragged_records_are_rejected(tmp_path):
    """One field too many, and a line cut short."""
    header, one, two, three = pull({}, {}, {}).splitlines()
    ingested = read(tmp_path, "\n".join([header, one + ",9", two[:30], three, ""]))

    assert ingested.data["source_row"].to_pylist() == [3]
    assert rules_broken(ingested) == [["record: 19 fields"]] * 2
    assert "further fields" in ingested.rejected["record"][0].as_py()


def test_a_quote_that_never_closes_costs_one_record(tmp_path):
    """The records after it are read as if nothing had happened."""
    header, *records = pull({}, {"track_name": 'So "what'}, *[{}] * 50).splitlines()
    records[1] = records[1].replace('"So ""what"', '"So what')
    ingested = read(tmp_path, "\n".join([header, *records, ""]))

    assert ingested.read == 52
    assert ingested.rejected["source_row"].to_pylist() == [2]
    assert "quote that is not closed" in ingested.rejected["reasons"][0].as_py()[0]


def test_a_lost_quote_joins_no_two_records(tmp_path):
    """Genres are quoted in nearly every record: the next one's quote would end the first one's."""
    header, *records = pull(*[{"genre": "pop, rock"}] * 6).splitlines()
    records[2] = records[2].replace('"pop, rock"', '"pop, rock')
    ingested = read(tmp_path, "\n".join([header, *records, ""]))

    assert (ingested.read, len(ingested.data), len(ingested.rejected)) == (6, 5, 1)
    assert ingested.rejected["source_row"].to_pylist() == [3]
    assert set(map(tuple, ingested.data["genres"].to_pylist())) == {("pop", "rock")}


def test_a_file_name_may_be_no_utf8(tmp_path):
    """An archive of another system, unpacked here."""
    (tmp_path / os.fsdecode(b"info_\xe9.csv")).write_text(pull())
    (tmp_path / "info_\N{SUPERSCRIPT TWO}3.csv").write_text(pull({}, {}))
    ingested = read_pulls(tmp_path)

    assert ingested.read == 3
    assert "info_\N{REPLACEMENT CHARACTER}.csv" in ingested.data["source"].to_pylist()


def test_what_lies_beside_the_pulls_is_noted(tmp_path):
    """A compressed pull or a folder of another year would be missing without a word."""
    (tmp_path / "2019").mkdir()
    (tmp_path / "2019" / "info_9.csv").write_text(pull())
    (tmp_path / "info_2.csv.gz").write_bytes(b"x")
    (tmp_path / ".hidden").write_text("x")

    (tmp_path / "info_1.csv").write_text(pull())
    ingested = read_pulls(tmp_path)
    assert f"2 other entries of {tmp_path.name} ignored: 2019/, info_2.csv.gz" in ingested.notes
    assert ingested.caveats == (f"tables in {tmp_path.name} that were not read: 2019/, info_2.csv.gz",)


def test_a_table_saved_as_unicode_text_is_read_in_a_folder(tmp_path):
    """Excel ends its name in .txt; other texts are passed over."""
    (tmp_path / "info_1.txt").write_text(pull().replace(",", "\t"), encoding="utf-16")
    (tmp_path / "readme.txt").write_text("My pulls, of 2019")
    (tmp_path / "empty.txt").write_bytes(b"")

    ingested = read_pulls(tmp_path)
    assert ingested.data["source"].to_pylist() == ["info_1.txt"]
    assert not ingested.caveats


def test_a_name_may_span_lines(tmp_path):
    """A quoted line break belongs to the name."""
    assert read(tmp_path, pull({"track_name": "one\ntwo"})).data["track_name"].to_pylist() == ["one\ntwo"]


def test_bytes_that_are_not_utf8_are_windows_1252_with_a_caveat(tmp_path):
    """Excel saves so; the names are right, and the guess is said."""
    ingested = read(
        tmp_path, pull({}, {"artist_name": "Beyonce"}).encode().replace(b"Beyonce", b"Beyonc\xe9")
    )

    assert ingested.data["artist_name"].to_pylist()[1] == "Beyonc\u00e9"
    [caveat] = ingested.caveats
    assert caveat.startswith(
        "info_1.csv: not UTF-8: lines decoded as Windows-1252: 1, e.g. 'Beyonc\u00e9'; if"
    )
    assert caveat.endswith("save it as UTF-8")


def test_names_that_were_decoded_wrongly_before_are_said(tmp_path):
    """UTF-8 that another program read as Windows-1252; an accent by itself proves nothing."""
    names = ("Beyonc\u00c3\u00a9", "\u00c3", "\u00c9\u00e9", "Sigur R\u00f3s", "\u043a\u0438\u043d\u043e")
    ingested = read(tmp_path, pull(*({"artist_name": name} for name in names)))

    [caveat] = ingested.caveats
    assert "read as Windows-1252 by another program ('Beyonc\u00c3\u00a9'), published unchanged: 1" in caveat


def test_a_quote_escaped_with_a_backslash_rejects_the_record(tmp_path):
    """CSV doubles quotes; the backslash would stay in the name."""
    ingested = read(tmp_path, pull({}, {"artist_name": "Al"}).replace(",Al,", r',"\"Al\" Yankovic",'))

    assert rules_broken(ingested) == [["artist_name: quotes doubled"]]


def test_a_file_in_two_encodings_is_read_line_by_line(tmp_path):
    """Both names are right, and the caveat counts the lines of each."""
    text = pull({"artist_name": "Beyonc\u00e9"}).encode() + pull({"artist_name": "Bj\u00f6rk"}).encode(
        "latin-1"
    )
    ingested = read(tmp_path, text)

    assert ingested.data["artist_name"].to_pylist() == ["Beyonc\u00e9", "Bj\u00f6rk"]
    assert ingested.caveats == (
        "info_1.csv: mixed encodings: lines decoded as Windows-1252: 1, other non-ASCII lines, as UTF-8: 1",
    )


def test_a_lost_character_is_said(tmp_path):
    """Whether it is lost here (a byte that Windows-1252 lacks) or was lost before the file was saved."""
    text = pull({"artist_name": "Caf\N{REPLACEMENT CHARACTER}"}, {"artist_name": "Cafe"})
    ingested = read(tmp_path, text.encode().replace(b"Cafe", b"Caf\x81"))

    assert ingested.data["artist_name"].to_pylist() == ["Caf\N{REPLACEMENT CHARACTER}"] * 2
    assert "info_1.csv: lines with the replacement character U+FFFD: 2" in ingested.caveats


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_byte_order_marks_and_line_ends_do_not_matter(tmp_path, encoding, line_end):
    """As different editors save them."""
    text = pull({"artist_name": "Bj\u00f6rk"}).replace("\r\n", line_end)

    assert read(tmp_path, text.encode(encoding)).data["artist_name"].to_pylist() == ["Bj\u00f6rk"]


def test_a_field_beyond_the_limit_of_the_csv_reader_is_rejected(tmp_path):
    """200,000 letters in a name: one record rejected, the next one kept."""
    ingested = read(tmp_path, pull({"track_name": "x" * 200_000}, {}))

    assert (len(ingested.data), len(ingested.rejected)) == (1, 1)


def broken_sources(folder: Path) -> dict[str, Path]:
    (folder / "empty").mkdir()
    (folder / "texts").mkdir()
    (folder / "texts" / "notes.txt").write_text("x")
    with zipfile.ZipFile(folder / "pulls.zip", "w") as archive:
        archive.writestr("info_1.csv", pull())
    (folder / "bytes.csv").write_bytes(bytes(range(256)) * 4)
    (folder / "zero.csv").write_bytes(b"")
    (folder / "head.csv").write_text(pull().splitlines()[0])
    return {
        name: folder / name
        for name in ("nowhere", "empty", "texts", "pulls.zip", "bytes.csv", "zero.csv", "head.csv")
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nowhere", "found: no such file or folder"),
        ("empty", "found: an empty folder"),
        ("texts", "found: notes.txt"),
        ("pulls.zip", "found: a zip archive"),
        ("bytes.csv", "found: bytes that are not text"),
        ("zero.csv", "contains no records"),
        ("head.csv", "contains no records"),
    ],
)
def test_what_is_no_pull_is_a_clear_error(tmp_path, name, expected):
    """What was found, and what to do."""
    with pytest.raises(SourceError, match=expected) as raised:
        read_pulls(broken_sources(tmp_path)[name])

    assert raised.value.do


@given(st.binary(max_size=300))
def test_no_bytes_after_the_header_cause_a_traceback(tmp_path_factory, garbage):
    """Whatever follows a good record, every record is kept or rejected."""
    folder = tmp_path_factory.mktemp("pulls")
    ingested = read(folder, pull({}).encode() + garbage)

    assert ingested.read == len(ingested.data) + len(ingested.rejected)
    assert ingested.data["source_row"].to_pylist()[:1] == [1]


def test_the_first_of_exact_duplicates_in_source_order_is_kept(tmp_path):
    """Place and index column aside; one different list of micro-genres makes another row."""
    other = {"genre": "['classic opm, opm']"}
    (tmp_path / "info_10.csv").write_text(pull({}, other))
    (tmp_path / "info_2.csv").write_text(pull({}, other, {"": "7"}))
    data = read_pulls(tmp_path).data
    shuffled = data.take([4, 3, 2, 1, 0])

    assert exact_duplicates(data).tolist() == [False, False, True, True, True]
    assert exact_duplicates(shuffled).tolist() == [True, True, True, False, False]


def test_missing_values_equal_missing_values(tmp_path):
    """Two rows without an energy are duplicates; energy 0 is not missing."""
    data = read(tmp_path, pull({"energy": ""}, {"energy": ""}, {"energy": "0"})).data

    assert exact_duplicates(data).tolist() == [False, True, False]


def test_an_empty_table_has_no_duplicates():
    """And an empty mask."""
    assert exact_duplicates(SPOTIFY_TRACKS.schema.empty_table()).tolist() == []


@pytest.mark.real
def test_the_real_pulls_give_the_documents_counts(real_data):
    """46,291 rows, none rejected, 7,756 exact duplicates, 34,639 track ids, 1,735 micro-genres."""
    ingested = read_pulls(real_data / "spotify" / "pulls")
    data = ingested.data

    assert (ingested.read, len(data), len(ingested.rejected)) == (46_291, 46_291, 0)
    assert int(exact_duplicates(data).sum()) == 7_756
    assert len(data["track_id"].unique()) == 34_639
    assert len(data["genres"].combine_chunks().flatten().unique()) == 1_735
    assert "info_36.csv: an empty file, ignored" in ingested.notes
    assert data["source"].unique().to_pylist()[-1] == "info_35.csv"
