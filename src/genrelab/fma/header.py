"""FMA's header rows: one per level of the column names, then a row that names the index.

Conventions: cells are found by name, so another order of columns is harmless. A file with fewer columns than
the official one is read for what it has; one whose columns are partly unknown *and* partly missing is no FMA
file and is refused, since its values may sit under the wrong names.
"""

from dataclasses import dataclass

from genrelab.csv_records import cells_of
from genrelab.errors import SourceError
from genrelab.schema import Column, Table

LISTED = 4
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Header:
    """What the header of one file says.

    Args:
        columns: Column of each field in file order; None for a field that the table does not have.
        length: Bytes up to the first record.
        is_quoted: Whether cells may be quoted and hold line breaks.
        notes: What a person should know.
    """

    columns: tuple[Column | None, ...]
    length: int
    is_quoted: bool
    notes: tuple[str, ...]

    @property
    def fields(self) -> list[str]:
        """A distinct name for each field in file order."""
        return [column.name if column else f"?{place}" for place, column in enumerate(self.columns)]

    @property
    def known(self) -> list[Column]:
        """The table's columns that the file has, in file order."""
        return [column for column in self.columns if column]


def read_header(head: bytes, table: Table, levels: int, source: str) -> Header:
    """Read the header at the beginning of `head`.

    Args:
        head: The first bytes of the file, the whole header and some records.
        table: Its declaration.
        levels: Rows of the header that name columns.
        source: File, for messages.

    Raises:
        SourceError: The header is cut, or it is not the official one.
    """
    start = len(BOM) if head.startswith(BOM) else 0
    lines = head[start:].split(b"\n", levels + 1)
    if len(lines) <= levels:
        raise SourceError(
            f"{source} ends within its header",
            found=f"{len(lines)} lines",
            allowed=f"{levels} header rows and records below them",
            do="fetch the archive again",
        )
    # what follows the header is not judged here
    rows = [cells_of(line.decode("utf-8", "replace")) for line in lines[: levels + 1]]
    length = start + sum(len(line) + 1 for line in lines[:levels])
    names = _names(rows[:levels], table, source)
    if levels > 1 and rows[levels][:1] == [names[0]] and not any(rows[levels][1:]):
        length += len(lines[levels]) + (1 if len(lines) > levels + 1 else 0)
    columns, notes = _match(names, table, source)
    has_text = any(column and not column.is_number for column in columns)
    return Header(columns, length, has_text or b'"' in head[length : length + (1 << 16)], notes)


def _names(rows: list[list[str]], table: Table, source: str) -> list[str]:
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        raise SourceError(
            f"the header of {source} is damaged",
            found=f"header rows with {', '.join(map(str, sorted(widths)))} cells",
            allowed="header rows of the same length",
            do="fetch the archive again",
        )
    if len(rows) == 1:
        return [cell.strip() for cell in rows[0]]
    names = [".".join(part.strip() for part in parts if part.strip()) for parts in zip(*rows, strict=True)]
    # the cells above the index name the levels (`feature`, `statistics`, `number`) or are empty
    return [table.key[0], *names[1:]]


def _match(names: list[str], table: Table, source: str) -> tuple[tuple[Column | None, ...], tuple[str, ...]]:
    official = {column.official: column for column in table if column.official}
    columns = tuple(official.get(name) for name in names)
    doubled = sorted({name for name in names if name in official and names.count(name) > 1})
    unknown = [name or "an unnamed column" for name in names if name not in official]
    missing = [name for name in official if name not in names]
    needed = [name for name in missing if not official[name].nullable]
    if doubled or needed or (unknown and missing):
        wrong = (
            [f"twice: {_some(doubled)}"] * bool(doubled)
            + [f"missing: {_some(missing)}"] * bool(missing)
            + [f"unknown: {_some(unknown)}"] * bool(unknown)
        )
        raise SourceError(
            f"the header of {source} is not FMA's",
            found="; ".join(wrong),
            allowed=f"the official {len(official)} columns, each once",
            do="fetch the official archive (`--fma download`), or mend the header",
        )
    notes = []
    if missing:
        notes.append(f"{source} has {len(columns)} of {len(official)} columns; missing: {_some(missing)}")
    if unknown:
        notes.append(f"{source} has columns that are passed over: {_some(unknown)}")
    if [name for name in names if name in official] != [name for name in official if name in names]:
        notes.append(f"{source} has its columns in another order than the official file; read by name")
    return columns, tuple(notes)


def _some(names: list[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
