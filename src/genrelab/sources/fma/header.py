"""Reads FMA's header rows: one per level of the column names, then a row that names the index.

Conventions: columns are found by name, so their order does not matter. A re-saved file may have one row of flat names,
another delimiter, or lines above its header: of all ways to read the first lines, the one that finds the most official
names is used. A file with fewer columns is read without the missing ones. A file whose columns are partly unknown *and*
partly missing is refused, because its values may be in the wrong columns.

The id column is found by its name, wherever it is. Programs sometimes drop that name and write row numbers instead of
ids: a first column without a name is accepted only if its values are FMA's ids (`genrelab.sources.fma.ids`).
"""

import re
from dataclasses import dataclass

from genrelab.lake.schema import Column, Table
from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_records import cells_of
from genrelab.sources.fma.dialect import BOM, decimal_sign
from genrelab.sources.fma.names import INDEX_WORDS, columns_by_name, fold, joined, label_of, some, trouble

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
LINES_ABOVE = 3
"""Most lines above a header that are skipped: a title, a date, Excel's `sep=;`."""
ENOUGH = 0.5
"""Smallest share of known columns in a header."""
FEWEST = 2
"""Fewest columns of a header: ids alone are not a table, and the row that names the index has one name."""
FAST_ENOUGH = 0.9


@dataclass(frozen=True)
class Header:
    """The header of one file.

    Args:
        columns: Column of each field in file order; None for a field that the table does not have.
        length: Bytes up to the first record.
        is_quoted: Whether cells may be quoted and hold line breaks.
        notes: Remarks for the user.
        caveats: Remarks that change the meaning of the values.
        delimiter: Delimiter between fields.
        decimal: Decimal sign of numbers.
        id_name: The file's name of the id column; empty if it has no name.
        without_ids: Why the file has no id column; empty if it has one.
    """

    columns: tuple[Column | None, ...]
    length: int
    is_quoted: bool
    notes: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    delimiter: str = ","
    decimal: str = "."
    id_name: str = ""
    without_ids: str = ""

    @property
    def fields(self) -> list[str]:
        """Unique names of the fields in file order."""
        return [column.name if column else f"?{place}" for place, column in enumerate(self.columns)]

    @property
    def known(self) -> list[Column]:
        """Columns of the table that the file has, in file order."""
        return [column for column in self.columns if column]


@dataclass(frozen=True)
class _Way:
    """One way to read the first lines.

    Args:
        delimiter: Delimiter between fields.
        above: Number of ignored lines above the header.
        rows: Cells of the header rows.
        names: Names of the fields.
        known: Number of distinct columns of the table among them.
    """

    delimiter: str
    above: int
    rows: list[list[str]]
    names: list[str]
    known: int


def read_header(head: bytes, table: Table, levels: int, source: str) -> Header:
    """Return the header at the beginning of `head`.

    Args:
        head: The first bytes of the file in UTF-8: the whole header and some records.
        table: Declaration of the table.
        levels: Rows of the header that name columns.
        source: File, for messages.

    Raises:
        SourceError: The header is truncated, or it is not the official header in any known form.
    """
    start = len(BOM) if head.startswith(BOM) else 0
    lines = head[start:].split(b"\n", levels + LINES_ABOVE + 1)
    _require_lines(head, lines, source)
    # what follows the header is not judged here
    texts = [line.decode("utf-8", "replace") for line in lines[: levels + LINES_ABOVE + 1]]
    way = _best(texts, table, levels)
    if way.known < max(FEWEST, ENOUGH * sum(map(bool, way.names))):
        raise _no_header(way, texts, table, levels, source)
    depth = len(way.rows)
    _require_equal_widths(way.rows, source)
    if len(lines) <= way.above + depth:
        raise _cut(source, len(lines), levels)
    label = None
    taken = way.above + depth
    if depth > 1 and taken < len(texts):
        label = label_of(cells_of(texts[taken], way.delimiter), table)
    length = start + sum(len(line) + 1 for line in lines[: taken + bool(label)])
    names = list(way.names)
    if label and label[0] < len(names):
        names[label[0]] = label[1]
    columns, notes, caveats, without_ids = _match(names, table, source)
    if way.delimiter != ",":
        caveats.append(f"{source} is separated by {DELIMITERS[way.delimiter]}")
    if way.above:
        notes.append(f"{source}: {way.above} lines above the header are ignored")
    if depth < levels:
        notes.append(f"{source} has one header row instead of {levels}: saved with flat names")
    body = head[length:]
    numbers = [place for place, column in enumerate(columns) if column and column.is_number]
    decimal = decimal_sign(body, way.delimiter, numbers)
    if decimal == ",":
        caveats.append(f"{source} writes numbers with a decimal comma")
    has_text = any(column and not column.is_number for column in columns)
    id_name = next((name for name, c in zip(names, columns, strict=True) if c and c.name == table.key[0]), "")
    return Header(
        columns,
        min(length, len(head)),
        has_text or b'"' in body[: 1 << 16],
        tuple(notes),
        tuple(caveats),
        way.delimiter,
        decimal,
        id_name if fold(id_name) not in INDEX_WORDS else "",
        without_ids,
    )


def _best(texts: list[str], table: Table, levels: int) -> _Way:
    """Return the way to read the lines that finds the most columns; prefer the official one."""
    known = columns_by_name(table)
    best: _Way | None = None
    for above in range(LINES_ABOVE + 1):
        for delimiter in DELIMITERS:
            for depth in dict.fromkeys((levels, 1)):
                rows = [cells_of(text, delimiter) for text in texts[above : above + depth]]
                names = joined(rows, table) if rows else []
                found = len({known[fold(name)].name for name in names if fold(name) in known})
                found = found if len(names) > 1 else 0  # a whole line may look like one name
                way = _Way(delimiter, above, rows, names, found)
                if best is None or way.known > best.known:
                    best = way
        if best and best.known and best.known >= FAST_ENOUGH * len(best.names):
            break
    assert best is not None  # noqa: S101 - for the type checker: the loops run
    return best


def _require_lines(head: bytes, lines: list[bytes], source: str) -> None:
    if not head.strip():
        raise SourceError(
            f"{source} is empty", allowed="header rows and records", do="download the archive again"
        )
    first = re.search(rb"\r\n|\r|\n", head)
    if first and first.group() == b"\r":
        raise SourceError(
            f"the lines of {source} end with a carriage return only",
            found=f"{len(lines)} line feeds",
            allowed="lines that end with a line feed",
            do="save it with line feeds, in pandas `to_csv(path, lineterminator='\\n')`",
        )


def _cut(source: str, count: int, levels: int) -> SourceError:
    return SourceError(
        f"{source} ends within its header",
        found=f"{count} lines",
        allowed=f"{levels} header rows and records below them",
        do="download the archive again",
    )


def _no_header(way: _Way, texts: list[str], table: Table, levels: int, source: str) -> SourceError:
    """Return the error for a file with too few known columns."""
    if len(texts) <= levels and way.delimiter == ",":
        return _cut(source, len(texts), levels)
    ways = [[cells_of(text, delimiter) for text in texts] for delimiter in DELIMITERS]
    rows = max(ways, key=lambda each: len(each[0]))
    official = [column.official for column in table if column.official]
    what = trouble(rows, table, levels)
    unknown = [name for name in way.names if name and fold(name) not in columns_by_name(table)]
    return SourceError(
        f"the header of {source} is not FMA's" + (f": {what}" if what else ""),
        found=f"{some([cell for cell in rows[0] if cell] or ['nothing'])} in its first line"
        + (f"; unknown: {some(unknown)}" if unknown else "")
        + (f"; no {', '.join(DELIMITERS.values())}" if len(rows[0]) == 1 else ""),
        allowed=f"{levels} header rows that name {some(official)}, or one row of flat names"
        if levels > 1
        else f"a header row that names {some(official)}",
        do="download the official archive (`--fma download`), or save the file with its complete header",
    )


def _require_equal_widths(rows: list[list[str]], source: str) -> None:
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        raise SourceError(
            f"the header of {source} is damaged",
            found=f"header rows with {', '.join(map(str, sorted(widths)))} cells",
            allowed="header rows of the same length",
            do="download the archive again",
        )


def _match(
    names: list[str], table: Table, source: str
) -> tuple[tuple[Column | None, ...], list[str], list[str], str]:
    """Return the column of each field, notes, caveats, and why there is no id column."""
    known = columns_by_name(table)
    key = table.key[0]
    columns = [known.get(fold(name)) for name in names]
    found = [column.name for column in columns if column]
    nameless = [place for place, name in enumerate(names) if fold(name) in INDEX_WORDS]
    notes, caveats, without_ids = list[str](), list[str](), ""
    if key not in found and nameless:
        columns[nameless[0]] = table[key]
    elif key not in found:
        first = next((name for name in names if name), "nothing")
        without_ids = f"the id column is missing ({first} is in the place of {key})"
    elif nameless and columns[0] is None:
        place = columns.index(table[key])
        caveats.append(
            f"the first column of {source} is not FMA's ({names[0] or 'it has no name'}): ids are read from "
            f"column {place + 1}, {names[place]}"
        )
    _refuse_if_foreign(names, columns, table, source)
    missing = [c.official for c in table if c.official and c.name not in found and c.name != key]
    unknown = [name or "an unnamed column" for name, c in zip(names, columns, strict=True) if c is None]
    if missing:
        count = sum(bool(column.official) for column in table)
        notes.append(f"{source} has {len(names)} of {count} columns; missing: {some(missing)}")
    if unknown:
        notes.append(f"{source} has columns that are ignored: {some(unknown)}")
    order = [column.name for column in columns if column]
    if order != [column.name for column in table if column.official and column.name in order]:
        notes.append(
            f"{source} has its columns in a different order than the official file; they are read by name"
        )
    return tuple(columns), notes, caveats, without_ids


def _refuse_if_foreign(names: list[str], columns: list[Column | None], table: Table, source: str) -> None:
    """Raise an error if columns are duplicate, or partly unknown and partly missing: values may have wrong names."""
    found = [column.official for column in columns if column]
    doubled = sorted({name for name in found if found.count(name) > 1})
    ours = {fold(name) for name in table.names} | INDEX_WORDS
    unknown = [name for name, c in zip(names, columns, strict=True) if c is None and fold(name) not in ours]
    absent = [column for column in table if column.official and column.official not in found]
    absent = [column for column in absent if column.name not in table.key]
    absent.sort(key=lambda column: column.nullable)  # those that are needed first
    missing = [column.official for column in absent]
    if doubled or any(not column.nullable for column in absent) or (unknown and missing):
        wrong = (
            [f"duplicate: {some(doubled)}"] * bool(doubled)
            + [f"missing: {some(missing)}"] * bool(missing)
            + [f"unknown: {some(unknown)}"] * bool(unknown)
        )
        raise SourceError(
            f"the header of {source} is not FMA's",
            found="; ".join(wrong),
            allowed=f"the official {sum(bool(column.official) for column in table)} columns, each once",
            do="download the official archive (`--fma download`), or correct the header",
        )
