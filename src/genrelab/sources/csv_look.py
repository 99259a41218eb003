r"""Inspects a CSV file before it is read: encoding, delimiter, decimal sign and header line.

Conventions
    - The header is the line among the first `LINES_SEEN` with most of the columns that the caller knows; lines above it
      (`sep=;`, a title, blank lines) are ignored.
    - The delimiter is the one that splits the header into these columns.
    - Blanks after each delimiter (`a, b`) are not part of the fields, if the header or all records have them.
    - Lines that are quoted as a whole, as spreadsheets save a column of records, are read without these quotes.
    - A decimal comma must be unambiguous: no column with decimal points, and at least one number that is not written
      with thousands (`0,571`, not `1,571`).
    - Text is UTF-8 or UTF-16; lines with invalid bytes are decoded as Windows-1252 and counted. So a file with mixed
      encodings is read correctly.

Only the beginning of a file is read. The meaning of columns does not belong here: the caller says which it knows.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_records import UNDECODABLE, Lines, Record, read_records
from genrelab.sources.file_kinds import SNIFFED_BYTES, other_kind, utf16_of

LINES_SEEN = 40
"""Lines among which the header is looked for."""
RECORDS_SEEN = 60
"""Records from which the decimal sign is taken."""
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
LEAST_KNOWN, SURELY_KNOWN = 2, 5
"""Known columns that make a line a header where no other has more, and from which on no other is looked at."""
MARKS = {
    b"\xff\xfe\x00\x00": ("utf-32", "UTF-32"),
    b"\x00\x00\xfe\xff": ("utf-32", "UTF-32"),
    b"\xef\xbb\xbf": ("utf-8-sig", "UTF-8"),
    b"\xff\xfe": ("utf-16", "UTF-16"),
    b"\xfe\xff": ("utf-16", "UTF-16"),
}
SEP_LINE = re.compile(r'^"?sep=(?P<delimiter>[^"\r\n])"?[,;\t|]*\s*$', re.IGNORECASE)
POINT = re.compile(r"^[+-]?\d*\.\d+([eE][+-]?\d+)?$")
COMMA = re.compile(r"^[+-]?\d*,\d+([eE][+-]?\d+)?$")
WHOLE = re.compile(r"^[+-]?\d+([eE][+-]?\d+)?$")
THOUSANDS = re.compile(r"^[+-]?[1-9]\d{0,2},\d{3}$")
CUT_TITLE = 40


@dataclass(frozen=True)
class Look:
    """How a CSV file is written.

    Args:
        path: Where it is.
        codec: Name of its codec in Python; bytes beyond UTF-8 are decoded as Windows-1252 all the same.
        encoding: The same for people.
        has_mark: Whether it begins with a byte order mark.
        delimiter: What stands between fields.
        decimal: Sign before the decimals of a number, `.` or `,`.
        header: Names of the columns as they stand there; empty where the file has no text.
        above: Lines above the header, without blank ones.
        header_line: Number of the header's line, from 1.
        row_names: Whether records have a field more than the header, which R writes for row names.
        sample: The first records, without damaged ones.
        has_records: Whether anything follows the header.
        skip_blanks: Whether blanks around fields are no part of them.
        is_wrapped: Whether lines stand in quotes as a whole.
    """

    path: Path
    codec: str
    encoding: str
    has_mark: bool = False
    delimiter: str = ","
    decimal: str = "."
    header: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    header_line: int = 1
    row_names: bool = False
    sample: tuple[tuple[str, ...], ...] = ()
    has_records: bool = False
    skip_blanks: bool = False
    is_wrapped: bool = False

    def __str__(self) -> str:
        """Return the findings in words."""
        found = [
            f"{self.encoding} with a byte order mark" if self.has_mark else self.encoding,
            f"separated by {DELIMITERS.get(self.delimiter, repr(self.delimiter))}",
        ]
        found += ["each line in quotes"] if self.is_wrapped else []
        found += ["blanks after the delimiters"] if self.skip_blanks else []
        found += ["decimal commas"] if self.decimal == "," else []
        found += [f"header in line {self.header_line}"] if self.header_line > 1 else []
        titles = [line for line in self.above if not SEP_LINE.match(line)]
        found += [f"above it {_cut(titles[0])!r}"] if titles else []
        found += ["row names in the first column"] if self.row_names else []
        return ", ".join(found)

    @property
    def is_empty(self) -> bool:
        """Whether the file has no header and no records."""
        return not any(self.header) and not self.has_records

    @contextmanager
    def opened(self) -> Iterator[Lines]:
        """Open the file and yield its lines after the header."""
        with _text_of(self.path, self.codec) as text:
            lines = Lines(map(_unwrapped, text) if self.is_wrapped else text, _as_windows_1252)
            for _ in range(self.header_line - 1):
                next(lines, None)
            next(csv.reader(lines, delimiter=self.delimiter), None)
            yield lines

    def records(self, lines: Lines) -> Iterator[Record]:
        """Yield the records of `lines`; a repeated header, as in joined files, is skipped."""
        header = list(self.header)
        records = read_records(lines, len(header), self.delimiter, skip_blanks=self.skip_blanks)
        return (record for record in records if record != header)


def look(path: Path, is_known: Callable[[str], bool]) -> Look:
    """Return how a CSV file is written.

    Args:
        path: The file.
        is_known: Whether the caller knows a column of this name.

    Raises:
        SourceError: It cannot be read, or is not CSV text.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(SNIFFED_BYTES)
        kind = other_kind(path, head)
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read", found=error.strerror or str(error), do="check the file"
        ) from error
    if kind:
        raise kind.error(path)
    codec, encoding, has_mark = _encoding(head)
    with _text_of(path, codec) as text:
        first = [_as_windows_1252(line) for line in islice(text, LINES_SEEN)]
    is_wrapped = _is_wrapped(first)
    first = list(map(_unwrapped, first)) if is_wrapped else first
    try:
        above, delimiter, header = _header(first, is_known)
    except csv.Error as error:
        raise SourceError(
            f"{path} is not a CSV file", found=str(error), do="save it as CSV in UTF-8"
        ) from error
    skip_blanks = all(cell.startswith(" ") for cell in header[1:]) and len(header) > 1
    found = Look(
        path,
        codec,
        encoding,
        has_mark=has_mark,
        delimiter=delimiter,
        header=tuple(cell.strip() for cell in header) if skip_blanks else tuple(header),
        above=tuple(line.strip() for line in first[:above] if line.strip()),
        header_line=above + 1,
        skip_blanks=skip_blanks,
        is_wrapped=is_wrapped,
    )
    return _with_sample(found, is_known)


def decimal_sign(columns: Sequence[Sequence[str]]) -> str:
    """Return the decimal sign: a comma only if it is unambiguous.

    >>> decimal_sign([["0,571", "1,25"], ["4", "3"]])
    ','
    >>> decimal_sign([["1,571", "2,250"]])  # thousands, for all one can tell
    '.'

    Args:
        columns: Cells by column.
    """
    has_comma = False
    for cells in columns:
        numbers = [cell.strip() for cell in cells if cell.strip()]
        if numbers and all(POINT.match(cell) or WHOLE.match(cell) for cell in numbers):
            if any(POINT.match(cell) for cell in numbers):
                return "."
        elif numbers and all(COMMA.match(cell) or WHOLE.match(cell) for cell in numbers):
            has_comma |= any(COMMA.match(cell) and not THOUSANDS.match(cell) for cell in numbers)
    return "," if has_comma else "."


def _encoding(head: bytes) -> tuple[str, str, bool]:
    for mark, (codec, name) in MARKS.items():
        if head.startswith(mark):
            return codec, name, True
    without_mark = utf16_of(head)
    return (without_mark, "UTF-16", False) if without_mark else ("utf-8", "UTF-8", False)


def _text_of(path: Path, codec: str) -> TextIOWrapper:
    errors = "surrogateescape" if codec.startswith("utf-8") else "replace"
    return path.open(encoding=codec, errors=errors, newline="")


def _as_windows_1252(line: str) -> str:
    """The line with its undecodable bytes taken for Windows-1252; U+FFFD for the five bytes that it lacks."""
    return UNDECODABLE.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), line)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether each line but the first, which may be none of them, stands in quotes as a whole."""
    below = [line for line in lines[1:] if line.strip()]
    return bool(below) and all(_unwrapped(line) != line for line in below)


def _unwrapped(line: str) -> str:
    """A line without the quotes in which all of its fields stand together."""
    if not line.startswith('"'):
        return line
    cells = _cells([line], ",")
    is_record = len(cells) == 1 and any(delimiter in cells[0] for delimiter in DELIMITERS)
    return f"{cells[0].rstrip()}\r\n" if is_record else line


def _header(lines: Sequence[str], is_known: Callable[[str], bool]) -> tuple[int, str, list[str]]:
    """How many lines stand above the header, the delimiter, and the header."""
    start, delimiters = 0, tuple(DELIMITERS)
    if lines and (sep := SEP_LINE.match(lines[0])):
        start, delimiters = 1, tuple(dict.fromkeys((sep["delimiter"], *DELIMITERS)))
    while start < len(lines) and not lines[start].strip(" \t\r\n"):
        start += 1
    best: tuple[int, int, str, list[str]] = (0, start, "", [])
    for number in range(start, len(lines)):
        for delimiter in delimiters:
            cells = _cells(lines[number:], delimiter)
            known = len({cell.strip() for cell in cells if is_known(cell)})
            if known > best[0]:
                best = (known, number, delimiter, cells)
        if best[0] >= SURELY_KNOWN:
            break
    if best[0] >= LEAST_KNOWN or (best[0] and len(best[3]) == 1):
        return best[1], best[2], best[3]
    # nothing is known: the line that would be the header, cut where it gives most columns
    cut = {delimiter: _cells(lines[start:], delimiter) for delimiter in delimiters}
    widest = max(cut, key=lambda delimiter: len(cut[delimiter]))
    if not cut[widest] and start < len(lines):
        next(csv.reader(lines[start:]), [])  # raises the error that says what is wrong with it
    return start, widest, cut[widest]


def _cells(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def _with_sample(found: Look, is_known: Callable[[str], bool]) -> Look:
    """With the first records, the decimal sign of known columns, and a name for the column of row names."""
    sample = _sample(found)
    if not found.skip_blanks and (not sample or _has_blanks(sample)):
        without = replace(found, skip_blanks=True)
        found, sample = (without, again) if (again := _sample(without)) else (found, sample)
    has_records = bool(sample)
    if not has_records:
        with found.opened() as lines:
            has_records = any(line.strip() for line in lines)
    header, row_names = found.header, False
    if has_records and not sample:
        if (
            not header[-1:]
            or header[-1].strip()
            or not (sample := _sample(replace(found, header=header[:-1])))
        ):
            sample = _one_field_more(found)
            is_last = all(not record[-1].strip() for record in sample)
            row_names = bool(sample) and not is_last
            header = (*header, "") if sample and is_last else ("",) * row_names + header
        else:
            header = header[:-1]  # a delimiter at the end of the header alone
    columns = [
        cells for name, cells in zip(header, zip(*sample, strict=True), strict=False) if is_known(name)
    ]
    return replace(
        found,
        header=header,
        row_names=row_names,
        decimal=decimal_sign(columns),
        sample=tuple(map(tuple, sample)),
        has_records=has_records,
    )


def _sample(found: Look) -> list[list[str]]:
    """The first records, without damaged ones."""
    with found.opened() as lines:
        return [record for record in islice(found.records(lines), RECORDS_SEEN) if isinstance(record, list)]


def _has_blanks(records: Sequence[Sequence[str]]) -> bool:
    """Whether every field but the first begins with a blank, which no program writes into a field by itself."""
    filled = [cell for record in records for cell in record[1:] if cell.strip()]
    return bool(filled) and all(cell.startswith(" ") for cell in filled)


def _one_field_more(found: Look) -> list[list[str]]:
    """The first records where each has a field more than the header: row names as R counts them, or nothing."""
    width = len(found.header) + 1
    with found.opened() as lines:
        records = list(islice(read_records(lines, width, found.delimiter), RECORDS_SEEN))
    whole = [record for record in records if isinstance(record, list)]
    are_names = [record[0].strip() for record in whole[:2]] == ["1", "2"][: len(whole)]
    if len(whole) < len(records) or not (are_names or all(not record[-1].strip() for record in whole)):
        return []
    return whole


def _cut(text: str) -> str:
    text = text.strip(",;\t| ")
    return text if len(text) <= CUT_TITLE else text[: CUT_TITLE - 3] + "..."
