"""Reads one member of the archive from the first byte to the last, with progress.

Conventions: records are numbered from 1 in the file, without blank lines and header. Notes (hash, header, encoding, a
missing last line break) are complete once the last part has been read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pyarrow as pa

from genrelab.lake.ingested import QUARANTINE, Reject, rejects_table
from genrelab.lake.schema import Table
from genrelab.runtime.errors import SourceError
from genrelab.runtime.progress import track
from genrelab.sources.fma.archive import Archive
from genrelab.sources.fma.dialect import as_utf8, encoding_of
from genrelab.sources.fma.finding import refuse_other_kind
from genrelab.sources.fma.header import read_header
from genrelab.sources.fma.ids import KEY, judge_ids, refuse_nameless
from genrelab.sources.fma.records import parse_all

HOPELESS = 10_000
"""After this many rejected records, more than half of all, a file is refused."""


@dataclass(frozen=True)
class Part:
    """Some consecutive records of a member.

    Args:
        table: Legal records, with the columns that the file has.
        numbers: Record number in the file of each row.
    """

    table: pa.Table
    numbers: np.ndarray


class Reading:
    """One pass over a member: iterate once, then read notes, caveats and rejected records.

    Args:
        archive: The archive.
        name: The member.
        table: Declaration of its table.
        levels: Rows of the header that name columns.

    Raises:
        SourceError: The member is missing, its header is not FMA's, or (once the last part has been read) its ids
            are not.
    """

    def __init__(self, archive: Archive, name: str, table: Table, levels: int) -> None:
        self.table = table
        self._notes: list[str] = []
        chunks = archive.chunks(name, self._notes)
        first = next(chunks, b"")
        self.source = archive.members[name].source
        refuse_other_kind(first, self.source)
        self.encoding = encoding_of(first)
        self._chunks = as_utf8(chain([first], chunks), self.encoding)
        self._head = next(self._chunks, b"")
        self._size = archive.members[name].size if name in archive else 0
        self.header = read_header(self._head, table, levels, self.source)
        if table.key != (KEY,) and not (self.header.id_name or self.header.without_ids):
            refuse_nameless(self.source, table.key[0])
        self.read = 0
        self._rejects: list[pa.Table] = []
        self._rejected = 0
        self._replaced = 0
        self._words = 0
        self._ids: list[np.ndarray] = []
        self._of_ids: tuple[str, ...] = ()
        self._bytes = 0
        self._last = b""

    def __iter__(self) -> Iterator[Part]:
        with track(f"reading {self.table.name}", self._size / 1e6, "MB") as advance:
            for parsed in parse_all(self._body(), self.header, self.source):
                first = self.read
                self.read += parsed.records
                self._replaced += parsed.replaced
                self._words += parsed.words
                if self.table.key == (KEY,) and not self.header.without_ids:
                    self._ids.append(parsed.table[KEY].drop_null().to_numpy())
                self.reject([replace(r, source_row=first + r.source_row) for r in parsed.rejects])
                self._give_up_if_hopeless()
                advance(self._bytes / 1e6, f"{self.read:,} records")
                yield Part(parsed.table, first + parsed.positions)
        if self._ids:
            self._of_ids = judge_ids(np.concatenate(self._ids), self.source, self.header.id_name or None)

    def reject(self, rejects: list[Reject]) -> None:
        """Add illegal records, also those found by a later check."""
        if rejects:
            self._rejects.append(rejects_table(rejects))
            self._rejected += len(rejects)

    @property
    def rejected(self) -> pa.Table:
        """Return all illegal records in file order, in the schema `QUARANTINE`."""
        if not self._rejects:
            return QUARANTINE.empty_table()
        return pa.concat_tables(self._rejects).sort_by("source_row")

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the notes about the file."""
        found = [*self.header.notes, *self._notes]
        if self.encoding.startswith(("utf-16", "utf-32")):
            found.append(f"{self.source} is {self.encoding[:6].upper()}")
        if self._last and self._last != b"\n":
            found.append(f"{self.source} does not end with a line break: its last record may be truncated")
        return tuple(found)

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return the caveats: remarks that change the meaning of the values."""
        found = [*self.header.caveats, *self._of_ids]
        if self.encoding == "cp1252":
            found.append(f"{self.source} is not UTF-8; it was read as cp1252 (Western European)")
        if self._replaced:
            found.append(
                f"{self.source} has {self._replaced:,} invalid UTF-8 sequences; U+FFFD replaces them"
            )
        if self._words:
            found.append(
                f"{self.source} has a word such as nan in {self._words:,} cells of numbers, dates or lists: they are "
                "missing values; in names and titles such words are kept"
            )
        return tuple(found)

    def _body(self) -> Iterator[bytes]:
        head = self._head[self.header.length :]
        self._bytes, self._last = len(self._head), self._head[-1:]
        if head:
            yield head
        for chunk in self._chunks:
            self._bytes += len(chunk)
            self._last = chunk[-1:]
            yield chunk

    def _give_up_if_hopeless(self) -> None:
        if self._rejected > HOPELESS and self._rejected * 2 > self.read:
            raise SourceError(
                f"most of {self.source} cannot be read",
                found=f"{self._rejected:,} of the first {self.read:,} records are illegal, "
                f"such as: {self._rejects[0]['reasons'][0][0]}",
                allowed="records that match the header",
                do="download the archive again (`--fma download`)",
            )
