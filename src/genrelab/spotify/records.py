"""Records of one CSV file, whatever its state: ragged rows, quotes that never close, bytes that are no text.

Conventions: a record is a list of fields, or `Damaged` when it does not have the header's number of fields.
A quote that never closes would swallow the records after it: when a record spans several lines and does not
come out right, its first line alone is damaged and reading goes on at the second.

What a field means does not belong here: `genrelab.spotify.parsing` knows.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from genrelab.errors import SourceError

SNIFFED_BYTES = 4096
ZIP = b"PK\x03\x04"
NAMES_SHOWN = 30
UNDECODABLE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Damaged:
    """A record that does not fit its header.

    Args:
        fields: The fields found.
        reason: What is wrong with it.
    """

    fields: Sequence[str]
    reason: str


Record = Sequence[str] | Damaged


@dataclass(frozen=True)
class Layout:
    """Where the columns of a file are.

    Args:
        header: Column names as they stand in the file.
        positions: Position of each known column.
        extra: Columns that nothing asks for.
    """

    header: tuple[str, ...]
    positions: Mapping[str, int]
    extra: tuple[str, ...]


class PullFile:
    """One CSV file.

    Args:
        path: Where it is.

    Attributes:
        repaired_lines: Lines read so far that held bytes which are not UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.repaired_lines = 0

    def layout(
        self, needed: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]
    ) -> Layout | None:
        """Where the columns are, or None when the file is empty.

        Args:
            needed: Columns with the names each may have, best first.
            optional: The same for columns that may be absent.

        Raises:
            SourceError: The file is no text, lacks a needed column or has one twice.
        """
        header, has_records = self._head()
        if not any(header) and not has_records:
            return None
        names = [name.strip().lower() for name in header]
        positions: dict[str, int] = {}
        for column, spellings in {**needed, **optional}.items():
            spelling = next((name for name in spellings if name in names), None)
            if spelling is None:
                if column in needed:
                    raise SourceError(
                        f"{self.path} lacks the column {' or '.join(spellings)}",
                        found=_shown(header),
                        allowed="the columns " + ", ".join(" or ".join(known) for known in needed.values()),
                        do="add the column, separated by commas, or move the file out of the folder",
                    )
                continue
            if names.count(spelling) > 1:
                raise SourceError(
                    f"{self.path} has the column {spelling} {names.count(spelling)} times",
                    allowed="each column once",
                    do="remove or rename the others",
                )
            positions[column] = names.index(spelling)
        used = set(positions.values())
        extra = tuple(name.strip() for index, name in enumerate(header) if index not in used)
        return Layout(tuple(header), positions, extra)

    def chunks(self, layout: Layout, size: int) -> Iterator[list[Record]]:
        """Records of the file, at most `size` at a time."""
        self.repaired_lines = 0
        records: list[Record] = []
        with self._open() as file:
            lines = _Lines(file)
            width = len(layout.header)
            next(csv.reader(lines), None)
            for record in _records(lines, width):
                records.append(record)
                if len(records) == size:
                    yield records
                    records = []
            self.repaired_lines = lines.repaired
        if records:
            yield records

    def _head(self) -> tuple[list[str], bool]:
        """The header, and whether anything follows it."""
        try:
            with self.path.open("rb") as raw:
                sniffed = raw.read(SNIFFED_BYTES)
        except OSError as error:
            raise SourceError(
                f"{self.path} cannot be read", found=error.strerror or str(error), do="check the file"
            ) from error
        is_zip = sniffed.startswith(ZIP)
        if is_zip or b"\0" in sniffed.split(b"\n")[0]:
            raise SourceError(
                f"{self.path} is not a CSV file",
                found="a zip archive" if is_zip else "bytes that are no text",
                allowed="text in UTF-8, separated by commas",
                do="unpack it first" if is_zip else "save it as CSV in UTF-8",
            )
        with self._open() as file:
            lines = _Lines(file)
            try:
                header = next(csv.reader(lines), [])
            except csv.Error as error:
                raise SourceError(
                    f"{self.path} is not a CSV file", found=str(error), do="save it as CSV in UTF-8"
                ) from error
            return header, any(line.strip() for line in lines)

    def _open(self) -> TextIOWrapper:
        return self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _shown(header: Sequence[str]) -> str:
    names = [name.strip() or "(no name)" for name in header]
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more or "no columns"


class _Lines:
    """Lines of a file that can be handed back, with undecodable bytes replaced and counted."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self.repaired = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._fresh()
        self.taken.append(line)
        return line

    def hand_back(self, lines: Sequence[str]) -> None:
        """Read these again before anything else."""
        self._returned.extendleft(reversed(lines))

    def _fresh(self) -> str:
        line = next(self._file)
        if not line.isascii() and UNDECODABLE.search(line):
            self.repaired += 1
            line = UNDECODABLE.sub("\N{REPLACEMENT CHARACTER}", line)
        return line


def _records(lines: _Lines, width: int) -> Iterator[Record]:
    reader = csv.reader(lines)
    while True:
        lines.taken.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason, fields = str(error), []
        else:
            if len(fields) == width:
                yield fields
                continue
            if not fields:  # a blank line is no record
                continue
            reason = f"{len(fields)} fields"
        if len(lines.taken) > 1:
            lines.hand_back(lines.taken[1:])
            reason = "a quote that is not closed on its line"
            fields = next(csv.reader(lines.taken[:1]), [])
            reader = csv.reader(lines)
        yield Damaged(fields or lines.taken[:1], reason)
