"""Reads the artists to scrape from files of ids, URIs and addresses, and search terms.

Conventions: a file is a list with one artist per line, JSON (`genrelab.sources.scrape.artists_json`), or a table
(`.csv`, `.tsv`, or a first line that names columns) with an artist column. In a list, empty lines and text after `#`
are ignored, and `search: ...` uses Spotify's search for artists. An artist named twice counts once. Text that names no
artist is reported unchanged, never guessed. `genrelab.sources.scrape.mentions` recognises artists,
`genrelab.sources.scrape.artist_columns` finds the column.

Ids are plain ASCII, so bytes that are not UTF-8 do no harm; only a search term that contains them is refused.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_records import UNDECODABLE, Damaged, Lines, cells_of, read_records
from genrelab.sources.scrape.artist_columns import are_tracks, artist_columns, filled, is_header
from genrelab.sources.scrape.artists_json import texts_of_json
from genrelab.sources.scrape.mentions import ID, Artists, mentions, parse_artists

__all__ = ["ID", "Artists", "parse_artists", "read_artists"]

TABLES = {".csv", ".tsv"}
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ARCHIVES = {
    b"PK\x03\x04": "a zip archive or an Excel file",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an Excel file",
}
DELIMITERS = ",;\t|"
SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t|]*')
"""The line that tells Excel the delimiter."""
SHOWN = 12
"""Columns shown in a message."""
CUT = 80
"""Characters of a damaged record in a message."""


def read_artists(path: Path, column: str | None = None) -> Artists:
    """Return the artists of a file.

    Args:
        path: A list or a table.
        column: The artist column of a table; by default it is found by its content.

    Raises:
        SourceError: The file cannot be read, has no artist column or several, or names no artist.
    """
    text = _text(path)
    lines = re.split(r"\r\n|\r|\n", text)
    if (texts := texts_of_json(text)) is not None:
        lines = texts
    first = next((line for line in lines if line.strip() and not line.strip().startswith("#")), "")
    fields = next(csv.reader([first], delimiter=_delimiter(first)), [])
    is_table = texts is None and (
        column is not None or path.suffix.lower() in TABLES or (len(fields) > 1 and is_header(fields))
    )
    if not is_table and fields and len(fields) == 1 and is_header(fields):
        lines = lines[lines.index(first) + 1 :]
    artists = _read_table(path, text, column) if is_table else parse_artists(lines)
    if not artists:
        raise SourceError(
            f"the artist file {path} names no artist",
            found="only empty lines and comments",
            allowed="an artist id, URI or address per line, or `search: ...`",
            do="add one",
        )
    for term in artists.terms:
        if "\N{REPLACEMENT CHARACTER}" in term:
            raise SourceError(
                f"the artist file {path} has a search term in an unknown encoding",
                found=term,
                allowed="text in UTF-8 or UTF-16",
                do="save the file as UTF-8",
            )
    return artists


def _text(path: Path) -> str:
    """Return the text of a file; invalid bytes are replaced."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    codec = next((MARKS[mark] for mark in MARKS if data.startswith(mark)), "utf-8-sig")
    kind = next((ARCHIVES[mark] for mark in ARCHIVES if data.startswith(mark)), "")
    if kind or (codec != "utf-16" and b"\0" in data):
        raise _unreadable(path, kind or "bytes that are not text")
    try:
        text = data.decode(codec, "strict" if codec == "utf-16" else "surrogateescape")
    except UnicodeDecodeError as error:
        raise _unreadable(path, str(error)) from None
    return UNDECODABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _unreadable(path: Path, found: str) -> SourceError:
    return SourceError(
        f"the artist file {path} cannot be read",
        found=found,
        allowed="a text file: an artist id, URI or address per line, or a CSV file with a column of them",
        do="pass --artists FILE, or set GENRELAB_ARTISTS",
    )


def _read_table(path: Path, text: str, column: str | None) -> Artists:
    """Return the artists of a column; records that do not match the header are reported."""
    sep = SEP_LINE.match(text)
    text = text[sep.end() :].lstrip("\r\n") if sep else text.lstrip("\r\n")
    delimiter = sep[1] if sep else _delimiter(text)
    records = list(_records(text, delimiter))
    header = [name.strip() for name in records[0]] if records else []
    names_columns = is_header(header) if len(header) == 1 else not any(mentions(field) for field in header)
    if column is None and not names_columns:
        header = [""] * len(header)
    else:
        records = records[1:]
    place = _place(path, header, records, column)
    cells, damaged = [], []
    for number, record in enumerate(records, start=1):
        if len(record) <= place or any(record[len(header) :]):
            shown = delimiter.join(record)[:CUT]
            damaged.append(f"record {number}, with {len(record)} fields instead of {len(header)}: {shown}")
        else:
            cells.append(record[place])
    artists = parse_artists(filled(cells))
    return replace(artists, malformed=(*artists.malformed, *damaged))


def _place(path: Path, header: Sequence[str], records: Sequence[Sequence[str]], column: str | None) -> int:
    """Position of the column of artists."""
    if column is not None:
        found = [place for place, name in enumerate(header) if name.lower() == column.strip().lower()]
    else:
        found = artist_columns(header, [record for record in records if len(record) == len(header)])
    if len(found) == 1:
        return found[0]
    names = [name or f"column {number}" for number, name in enumerate(header, start=1)]
    shown = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    do = "name the column: scrape.column in genrelab.toml"
    if found:
        raise SourceError(
            f"the artist file {path} has several artist columns",
            found=", ".join(names[place] for place in found),
            allowed="one column, or several that name the same artists",
            do="remove the other columns" if column else do,
        )
    if column is None and any("artist" in name.lower() for name in header):
        do = "add the ids, or write `search: NAME` on a line for each artist; " + do
    if column is None and are_tracks(header, records):
        raise SourceError(
            f"the artist file {path} has columns of tracks but no artist column",
            found=shown,
            allowed="URIs or addresses of artists, or a column such as artist_id",
            do=do,
        )
    raise SourceError(
        f"the artist file {path} has no column {column or 'of artists'}",
        found=shown or "no header",
        allowed="ids, URIs or addresses of artists in a column such as artist_id, or in one that is named",
        do=do,
    )


def _delimiter(text: str) -> str:
    """Return the delimiter that splits the first line into most columns."""
    first = next(iter(StringIO(text, newline="")), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _records(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    """Yield the records of a table; a quote that is never closed is an ordinary character."""
    lines = Lines(StringIO(text, newline=""))
    header = cells_of(next(lines, ""), delimiter)
    if header:
        yield header
    for record in read_records(lines, len(header), delimiter):
        if not isinstance(record, Damaged):
            yield record
        elif record.text.count('"') % 2:  # a name that begins with a quote, such as one with inches
            yield cells_of(record.text.replace('"', ""), delimiter)
        else:
            yield record.fields
