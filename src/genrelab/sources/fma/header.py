"""FMA's header rows: one per level of the column names, then a row that names the index.

Conventions: cells are found by name, so another order of columns is harmless. A file that was saved again may
have one row of flat names, another delimiter, lines above its header: of all ways to read its first lines, that
one is right which finds the most official names. A file with fewer columns than the official one is read for what
it has; one whose columns are partly unknown *and* partly missing is no FMA file and is refused, since its values
may sit under the wrong names.

The column of ids is the one that is named so, wherever it stands. Programs leave that name out, and put row numbers
in the place of ids: a first column without a name is taken only when its values prove to be ids
(`genrelab.sources.fma.ids`).
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
"""Lines above a header that are looked past: a title, a date, Excel's `sep=;`."""
ENOUGH = 0.5
"""Share of its columns that must be known for a header to be one."""
FEWEST = 2
"""Columns that a header names at least: ids alone are no table, and a row that names the index names one."""
FAST_ENOUGH = 0.9


@dataclass(frozen=True)
class Header:
    """What the header of one file says.

    Args:
        columns: Column of each field in file order; None for a field that the table does not have.
        length: Bytes up to the first record.
        is_quoted: Whether cells may be quoted and hold line breaks.
        notes: What a person should know.
        caveats: What changes the meaning of the values.
        delimiter: Between fields.
        decimal: Decimal sign of numbers.
        id_name: What the file calls the column of ids; empty when it has no name.
        without_ids: Why the file has no column of ids; empty when it has one.
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
        """A distinct name for each field in file order."""
        return [column.name if column else f"?{place}" for place, column in enumerate(self.columns)]

    @property
    def known(self) -> list[Column]:
        """The table's columns that the file has, in file order."""
        return [column for column in self.columns if column]


@dataclass(frozen=True)
class _Way:
    """One way to read the first lines.

    Args:
        delimiter: Between fields.
        above: Lines that are passed over.
        rows: Cells of the header rows.
        names: Of the fields.
        known: How many distinct columns of the table they name.
    """

    delimiter: str
    above: int
    rows: list[list[str]]
    names: list[str]
    known: int


def read_header(head: bytes, table: Table, levels: int, source: str) -> Header:
    """Read the header at the beginning of `head`.

    Args:
        head: The first bytes of the file in UTF-8, the whole header and some records.
        table: Its declaration.
        levels: Rows of the header that name columns.
        source: File, for messages.

    Raises:
        SourceError: The header is cut, or it is not the official one in any form that is known.
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
        notes.append(f"{source}: {way.above} lines above the header are passed over")
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
    """The way to read the lines that finds the most columns; the official one where others are no better."""
    known = columns_by_name(table)
    best: _Way | None = None
    for above in range(LINES_ABOVE + 1):
        for delimiter in DELIMITERS:
            for depth in dict.fromkeys((levels, 1)):
                rows = [cells_of(text, delimiter) for text in texts[above : above + depth]]
                names = joined(rows, table) if rows else []
                found = len({known[fold(name)].name for name in names if fold(name) in known})
                found = found if len(names) > 1 else 0  # a whole line may fold to one name
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
            f"{source} is empty", allowed="header rows and records", do="fetch the archive again"
        )
    first = re.search(rb"\r\n|\r|\n", head)
    if first and first.group() == b"\r":
        raise SourceError(
            f"the lines of {source} end in a carriage return alone",
            found=f"{len(lines)} line feeds",
            allowed="lines that end in a line feed",
            do="save it with line feeds, in pandas `to_csv(path, lineterminator='\\n')`",
        )


def _cut(source: str, count: int, levels: int) -> SourceError:
    return SourceError(
        f"{source} ends within its header",
        found=f"{count} lines",
        allowed=f"{levels} header rows and records below them",
        do="fetch the archive again",
    )


def _no_header(way: _Way, texts: list[str], table: Table, levels: int, source: str) -> SourceError:
    """The refusal of a file with too few known columns."""
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
        do="fetch the official archive (`--fma download`), or save the file with all of its header",
    )


def _require_equal_widths(rows: list[list[str]], source: str) -> None:
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        raise SourceError(
            f"the header of {source} is damaged",
            found=f"header rows with {', '.join(map(str, sorted(widths)))} cells",
            allowed="header rows of the same length",
            do="fetch the archive again",
        )


def _match(
    names: list[str], table: Table, source: str
) -> tuple[tuple[Column | None, ...], list[str], list[str], str]:
    """Column of each field, notes, caveats, and why there is no column of ids."""
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
        without_ids = f"the column of ids is missing ({first} stands where {key} belongs)"
    elif nameless and columns[0] is None:
        place = columns.index(table[key])
        caveats.append(
            f"{source} has another first column than FMA's ({names[0] or 'without a name'}): ids are taken from "
            f"column {place + 1}, {names[place]}"
        )
    _refuse_if_foreign(names, columns, table, source)
    missing = [c.official for c in table if c.official and c.name not in found and c.name != key]
    unknown = [name or "an unnamed column" for name, c in zip(names, columns, strict=True) if c is None]
    if missing:
        count = sum(bool(column.official) for column in table)
        notes.append(f"{source} has {len(names)} of {count} columns; missing: {some(missing)}")
    if unknown:
        notes.append(f"{source} has columns that are passed over: {some(unknown)}")
    order = [column.name for column in columns if column]
    if order != [column.name for column in table if column.official and column.name in order]:
        notes.append(f"{source} has its columns in another order than the official file; read by name")
    return tuple(columns), notes, caveats, without_ids


def _refuse_if_foreign(names: list[str], columns: list[Column | None], table: Table, source: str) -> None:
    """Values may sit under the wrong names where columns stand twice, or are partly unknown and partly missing."""
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
            [f"twice: {some(doubled)}"] * bool(doubled)
            + [f"missing: {some(missing)}"] * bool(missing)
            + [f"unknown: {some(unknown)}"] * bool(unknown)
        )
        raise SourceError(
            f"the header of {source} is not FMA's",
            found="; ".join(wrong),
            allowed=f"the official {sum(bool(column.official) for column in table)} columns, each once",
            do="fetch the official archive (`--fma download`), or mend the header",
        )
