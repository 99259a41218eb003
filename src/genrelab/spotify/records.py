"""One CSV file of pulls, whatever its state: its columns, and its records in chunks.

What a field means does not belong here: `genrelab.spotify.parsing` knows.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from genrelab.csv_records import Lines, Record, read_records
from genrelab.errors import SourceError

SNIFFED_BYTES = 4096
ZIP = b"PK\x03\x04"
NAMES_SHOWN = 30


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
            lines = Lines(file)
            width = len(layout.header)
            next(csv.reader(lines), None)
            for record in read_records(lines, width):
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
            lines = Lines(file)
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
