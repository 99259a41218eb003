"""A look at a CSV file: whatever program wrote it, the same table is read, or a sentence says what the file is."""

import csv
import errno
import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from layout_files import TRACKS, as_csv, exportify, pulls, records_of

from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_look import decimal_sign, look
from genrelab.sources.spotify import read_pulls
from genrelab.sources.spotify.layouts import fold_name

KNOWN = {fold_name(name) for name in pulls(TRACKS[0])}
LATIN = {"artist_name": "Bj\u00f6rk & Caf\u00e9"}


def is_known(name: str) -> bool:
    return fold_name(name) in KNOWN


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("", 1),
        ("sep=,\n", 2),
        ("\n\n", 3),
        ("my pulls,,,,\n", 2),
        ("Energy of my songs\nexported,2024-01-01\n\n", 4),
        ("sep=,\nmy pulls\n", 3),
        ("# made by hand; artist_name is mine\n", 2),
    ],
)
def test_the_header_is_found_below_what_stands_above_it(tmp_path, above, line):
    """It is the line that holds the known columns."""
    path = written(tmp_path, above + as_csv(records_of("pulls")))

    assert look(path, is_known).header_line == line
    assert [row["track_name"] for row in read_pulls(path).data.to_pylist()] == ["Song 1", "Song 2", "Song 3"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_columns(tmp_path, delimiter):
    """Commas within the cells do not count."""
    found = look(written(tmp_path, as_csv(records_of("pulls"), delimiter=delimiter)), is_known)

    assert (found.delimiter, len(found.header)) == (delimiter, 18)


@pytest.mark.parametrize(
    ("columns", "sign"),
    [
        ([["0,571", "1"], ["4", "3"]], ","),
        ([["-7,839"]], "."),
        ([["0,5"], ["0.5"]], "."),
        ([["1,234"], ["7,1"]], ","),
        ([["a, b"], ["pop"]], "."),
        ([[""], [" "]], "."),
        ([["1,07E-03", "0,2"]], ","),
    ],
)
def test_a_decimal_comma_must_be_unambiguous(columns, sign):
    """A comma between thousands looks the same where three digits follow it."""
    assert decimal_sign(columns) == sign


def test_row_names_of_r_have_no_name(tmp_path):
    """`write.table` writes one field more than its header has."""
    header, *lines = as_csv(records_of("pulls")).splitlines()
    text = "\n".join([header, *(f'"{number}",{line}' for number, line in enumerate(lines, start=1))])
    path = written(tmp_path, text)

    assert look(path, is_known).row_names
    assert read_pulls(path).data["track_name"].to_pylist() == ["Song 1", "Song 2", "Song 3"]


def test_a_delimiter_at_the_end_of_every_record_is_no_column(tmp_path):
    """Some exports end their lines so, but for the header."""
    header, *lines = as_csv(records_of("pulls")).splitlines()

    assert len(read_pulls(written(tmp_path, "\n".join([header, *(f"{line}," for line in lines)]))).data) == 3


def test_a_delimiter_at_the_end_of_the_header_alone_is_no_column(tmp_path):
    """Some programs write one there."""
    header, *lines = as_csv(records_of("pulls")).splitlines()

    assert len(read_pulls(written(tmp_path, "\n".join([f"{header},", *lines]))).data) == 3


@pytest.mark.parametrize("has_header", [True, False])
@pytest.mark.parametrize("between", [", ", ",   ", " , "])
def test_blanks_around_delimiters_are_no_part_of_the_fields(tmp_path, between, has_header):
    """Fields in quotes are fields in quotes; names have no blanks around them."""
    plain = as_csv([{**record, **LATIN, "track_name": 'One, "two"'} for record in records_of("pulls")])
    header, *records = csv.reader(plain.splitlines())
    quoted = [
        between.join('"' + cell.replace('"', '""') + '"' if "," in cell else cell for cell in record)
        for record in records
    ]
    text = "\n".join([(between if has_header else ",").join(header), *quoted])
    path = written(tmp_path, text)

    assert look(path, is_known).skip_blanks
    assert read_pulls(path).data.equals(read_pulls(written(tmp_path, plain)).data)


def test_a_blank_before_some_fields_is_part_of_them(tmp_path):
    """Only blanks throughout are the file's own."""
    records = [{**record, "track_name": " One"} for record in records_of("pulls")]
    path = written(tmp_path, as_csv(records))

    assert not look(path, is_known).skip_blanks
    assert read_pulls(path).data["track_name"].to_pylist()[0] == " One"


@pytest.mark.parametrize("has_header", [True, False])
def test_lines_in_quotes_as_a_whole_are_read(tmp_path, has_header):
    """A spreadsheet that took each record for one cell saves it so."""
    plain = as_csv(records_of("pulls"))
    header, *lines = plain.splitlines()
    wrapped = ['"' + line.replace('"', '""') + '"' for line in (header, *lines)]
    path = written(tmp_path, "\r\n".join([wrapped[0] if has_header else header, *wrapped[1:]]))

    assert "each line in quotes" in str(look(path, is_known))
    assert read_pulls(path).data.equals(read_pulls(written(tmp_path, plain)).data)


def test_a_table_without_delimiters_says_what_separates(tmp_path):
    """A caret does not."""
    with pytest.raises(
        SourceError, match="separate the columns by commas, semicolons, tabs or vertical bars"
    ):
        read_pulls(written(tmp_path, as_csv(records_of("pulls")).replace(",", "^")))


def test_joined_files_have_their_header_in_the_middle(tmp_path):
    """It is no record."""
    text = as_csv(records_of("pulls"))

    assert read_pulls(written(tmp_path, text + text)).read == 6


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (gzip.compress(b"artist_name,energy\n"), "a gzip archive"),
        (workbook(), "an Excel workbook"),
        (b"PK\x03\x04damaged", "a damaged zip archive"),
        (b"PAR1" + b"\0" * 40, "a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an Excel workbook of the old kind"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (json.dumps([{"energy": 0.5}]).encode(), "JSON"),
        (json.dumps({"items": []}).encode(), "JSON"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else ""
    ),  # bytes that hold the time differ between workers
)
def test_what_is_no_csv_is_named(tmp_path, content, found):
    """With what to do about it, whatever its name ends in."""
    with pytest.raises(SourceError, match=found) as raised:
        look(written(tmp_path, content), is_known)

    assert raised.value.do


def test_an_archive_on_a_failing_disk_is_not_called_damaged(tmp_path, monkeypatch):
    """Downloading it again would not help."""

    def fail(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(zipfile, "ZipFile", fail)
    with pytest.raises(SourceError, match="cannot be read; found: Input/output error"):
        look(written(tmp_path, b"PK\x03\x04"), is_known)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b'""\n'])
def test_a_file_without_text_is_empty(tmp_path, content):
    """No error by itself: an empty pull among others is passed over."""
    assert look(written(tmp_path, content), is_known).is_empty


def test_a_header_of_3000_columns_is_read(tmp_path):
    """And what nothing asks for is one short note."""
    records = [dict(record) | {f"x{number}": 1 for number in range(3000)} for record in records_of("pulls")]
    ingested = read_pulls(written(tmp_path, as_csv(records)))

    assert len(ingested.data) == 3
    assert [note for note in ingested.notes if "2,992 more" in note]


def test_nul_bytes_in_a_name_reject_the_record(tmp_path):
    """A disk that failed leaves runs of them."""
    text = as_csv(records_of("pulls")).replace("Song 2", "So\0g 2")
    ingested = read_pulls(written(tmp_path, text))

    assert ingested.rejected["rules"].to_pylist() == [["track_name: text"]]


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252")


@given(
    order=st.permutations(list(pulls(TRACKS[0]))),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(ENCODINGS),
    spell=st.sampled_from([str, str.upper, str.title, lambda name: name.replace("_", " ").title()]),
    above=st.sampled_from(["", "sep=;\n", "my pulls\n", "\n"]),
    is_decimal_comma=st.booleans(),
    quoting=st.sampled_from([0, 1, 2]),
)
def test_one_table_is_read_from_every_way_to_write_it(
    tmp_path_factory, order, delimiter, encoding, spell, above, is_decimal_comma, quoting
):
    """Columns in any order, any delimiter, encoding, spelling and decimal sign: the same rows."""
    folder = tmp_path_factory.mktemp("looks")
    records = [dict(pulls(track)) | LATIN for track in TRACKS]
    plain = read_pulls(written(folder, as_csv(records))).data
    changed = [{spell(name): record[name] for name in order} for record in records]
    if is_decimal_comma:
        changed = [
            {
                name: str(value).replace(".", ",") if isinstance(value, float) else value
                for name, value in one.items()
            }
            for one in changed
        ]
    above = above.replace(";", delimiter)
    path = written(folder, (above + as_csv(changed, delimiter=delimiter, quoting=quoting)).encode(encoding))

    assert read_pulls(path).data.equals(plain)


@pytest.mark.parametrize("name", ["~$mine.csv", ".~lock.mine.csv#", "._mine.csv", "Thumbs.db", "desktop.ini"])
def test_what_programs_leave_in_a_folder_is_passed_over_and_noted(tmp_path, name):
    """A lock file says that a pull is open elsewhere."""
    (tmp_path / name).write_bytes(b"\0\1\2")
    path = written(tmp_path, as_csv(records_of("pulls")))
    ingested = read_pulls(path.parent)

    assert len(ingested.data) == 3
    assert any(name in note for note in ingested.notes)
    assert ingested.caveats == ()


@pytest.mark.parametrize(
    "content", [b"date,price\n1,2\n", workbook(), gzip.compress(b"x")], ids=["csv", "xlsx", "gzip"]
)
def test_a_foreign_file_is_left_out_with_a_caveat(tmp_path, content):
    """The pulls beside it are read; a damaged pull among them is not left out."""
    written(tmp_path, as_csv(records_of("pulls")))
    (tmp_path / "other.csv").write_bytes(content)

    ingested = read_pulls(tmp_path)
    assert len(ingested.data) == 3
    assert [caveat for caveat in ingested.caveats if "other.csv" in caveat]
    broken = [
        {name: value for name, value in record.items() if name != "energy"} for record in records_of("pulls")
    ]
    (tmp_path / "other.csv").write_text(as_csv(broken))
    with pytest.raises(SourceError, match="lacks the column energy"):
        read_pulls(tmp_path)


@pytest.mark.parametrize("word", ["NaN", "NA", "nan", "#N/A", "<NA>", "NULL", "None", "-", " "])
def test_a_word_for_no_value_is_missing_in_numbers(tmp_path, word):
    """As pandas, R, Excel and databases write it."""
    records = [dict(record) | {"energy": word, "popularity": word} for record in records_of("pulls")]
    ingested = read_pulls(written(tmp_path, as_csv(records)))

    assert ingested.data["energy"].null_count == ingested.data["popularity"].null_count == 3


def test_features_that_are_all_zero_are_missing(tmp_path):
    """Exportify writes so what it could not fetch; silence would have a loudness."""
    zero = dict.fromkeys(
        ("Danceability", "Energy", "Key", "Loudness", "Mode", "Speechiness", "Acousticness"), "0"
    )
    zero |= dict.fromkeys(("Instrumentalness", "Liveness", "Valence", "Tempo", "Time Signature"), "0.0")
    records = [dict(exportify(track)) | (zero if track.number == 2 else {}) for track in TRACKS]
    ingested = read_pulls(written(tmp_path, as_csv(records)))

    assert ingested.data["energy"].to_pylist() == [0.25, None, 0.75]
    assert ingested.data["features_source"].to_pylist() == ["pulls", None, "pulls"]
    assert any("all 0 (treated as missing): 1" in note for note in ingested.notes)
