"""Reads the wide tables from the archive into a Parquet file in staging, block by block.

Conventions: rows keep the order of the file. A record is rejected when it does not parse, lacks its key,
repeats the key of an earlier record, breaks a declared range, or holds a value that is not finite: no suite
can name rows of a table that it does not hold, so what the declaration forbids is judged here, and the
profile of what is left is what the suite audits. Columns that the file lacks are missing in the table.

Nothing is published here: `Lake.publish_files` commits what was staged.
"""

import math
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genrelab.lake.ingested import Reject
from genrelab.lake.profile import ColumnProfile, Profile, add_profiles, profile_table
from genrelab.lake.schema import Column, Table
from genrelab.lake.version import Counts
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.fma.archive import Archive
from genrelab.sources.fma.reading import Reading
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES
from genrelab.tables.fma_raw import FMA_RAW_ECHONEST

ROW_GROUP = 16_384
OFFICIAL_ROWS = {"fma_features": 106_574, "fma_echonest": 13_129}


@dataclass(frozen=True)
class Staged:
    """A table in staging, ready to be audited and committed.

    Args:
        table: Its declaration.
        files: Parquet files.
        rows: Rows in them.
        read: Records found in the source: `rows` plus the rejected ones.
        rejected: Rows of `QUARANTINE`.
        profile: By column, of the rows in `files`.
        notes: Remarks for the user.
        present: Columns that the source has.
        released: For each rule with a waiver, the number of rows that break it.
        caveats: Remarks that change the meaning of the table.
    """

    table: Table
    files: tuple[Path, ...]
    rows: int
    read: int
    rejected: pa.Table
    profile: Profile
    notes: tuple[str, ...] = ()
    present: tuple[str, ...] = field(default=())
    released: Mapping[str, int] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    @property
    def track_ids(self) -> np.ndarray:
        """Ids of the staged rows."""
        return np.concatenate(
            [pq.read_table(file, columns=["track_id"])["track_id"].to_numpy() for file in self.files]
        )

    @property
    def counts(self) -> Counts:
        """Counts of the source's records: published, quarantined, duplicates."""
        return Counts(read=self.read, rows=self.rows, quarantined=len(self.rejected))

    def discard(self) -> None:
        """Remove the files after the audit refused them."""
        for file in self.files:
            file.unlink(missing_ok=True)


def stage_features(archive: Archive, folder: Path, released: Collection[str] = ()) -> Staged:
    """Stage features.csv as `fma_features`; see `stage`."""
    return stage(archive, "features.csv", FMA_FEATURES, folder, released=released)


def stage_echonest(archive: Archive, folder: Path, released: Collection[str] = ()) -> Staged:
    """Stage echonest.csv as `fma_echonest`; see `stage`."""
    return stage(archive, "echonest.csv", FMA_ECHONEST, folder, released=released)


def stage_raw_echonest(archive: Archive, folder: Path, released: Collection[str] = ()) -> Staged:
    """Stage raw_echonest.csv as `fma_raw_echonest`; see `stage`."""
    return stage(archive, "raw_echonest.csv", FMA_RAW_ECHONEST, folder, released=released)


def stage(
    archive: Archive,
    name: str,
    table: Table,
    folder: Path,
    levels: int = 3,
    released: Collection[str] = (),
) -> Staged:
    """Read one member into a Parquet file.

    Args:
        archive: The archive.
        name: Member, e.g. `features.csv`.
        table: Its declaration.
        folder: Empty folder for the file, on the disk of the lake: `Lake.staging`.
        levels: Rows of the header that name columns.
        released: Rules that rows may break because of a waiver (`genrelab.lake.waivers`).

    Raises:
        SourceError: The member is missing, damaged, has another header, or most of it is illegal.
        GenrelabError: The disk is full.
    """
    path = folder / f"{table.name}.parquet"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _stage(archive, name, table, path, levels, released)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise GenrelabError(
            f"{table.name} cannot be written",
            found=str(error),
            do=f"free space on the disk of {folder.parent} and run it again; the table is unchanged",
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _stage(
    archive: Archive, name: str, table: Table, path: Path, levels: int, released: Collection[str]
) -> Staged:
    reading = Reading(archive, name, table, levels)
    gate = _Gate(reading, released)
    rows, profiles = 0, []
    with pq.ParquetWriter(
        path,
        table.schema,
        use_dictionary=[column.name for column in table if not column.is_number],
        compression="snappy",
    ) as writer:
        for group in _row_groups(reading):
            legal, profile = gate.judge(group)
            profiles.append(profile)
            writer.write_table(legal, row_group_size=ROW_GROUP)
            rows += len(legal)
    whole = {column.name: ColumnProfile(0) for column in table} | add_profiles(profiles)
    return Staged(
        table=table,
        files=(path,),
        rows=rows,
        read=reading.read,
        rejected=reading.rejected,
        profile=whole,
        notes=(*reading.notes, *_partial(table, rows, whole, reading)),
        present=tuple(column.name for column in reading.header.known),
        released=dict(gate.admitted),
        caveats=reading.caveats,
    )


def _row_groups(reading: Reading) -> Iterator[pa.Table]:
    """Parts joined to row groups, each row with its record number."""
    held: list[pa.Table] = []
    rows = 0
    for part in reading:
        held.append(part.table.append_column("source_row", pa.array(part.numbers)))
        rows += len(part.table)
        if rows >= ROW_GROUP:
            yield pa.concat_tables(held)
            held, rows = [], 0
    if rows:
        yield pa.concat_tables(held)


def _partial(table: Table, rows: int, profile: Profile, reading: Reading) -> list[str]:
    notes = []
    official = OFFICIAL_ROWS.get(table.name, 0)
    if rows < official:
        notes.append(f"{reading.source} has {rows:,} of FMA's {official:,} tracks")
    empty = [c.name for c in reading.header.known if c.name in profile and profile[c.name].missing == rows]
    if empty and rows:
        filled = len(reading.header.known) - len(table.key) - len(empty)
        notes.append(
            f"{reading.source} has values in {filled} columns; {len(empty)} columns are empty, such as {empty[0]}"
        )
    return notes


class _Gate:
    """Passes legal rows in file order and returns illegal ones to the reading."""

    def __init__(self, reading: Reading, released: Collection[str] = ()) -> None:
        self.reading = reading
        self.released = frozenset(released)
        self.admitted: Counter[str] = Counter()
        self.table = reading.table
        self.key = self.table.key[0]
        self._seen: set[int] = set()

    def judge(self, part: pa.Table) -> tuple[pa.Table, Profile]:
        """Return the legal rows of a row group with all declared columns, and their profile."""
        part = part.combine_chunks()
        profile = profile_table(part)
        bad: dict[int, list[tuple[str, str]]] = {}
        for column in self.reading.header.known:
            self._judge_column(part[column.name], column, profile[column.name], bad)
        self._admit_waived(bad)
        for row, key in enumerate(part[self.key].to_pylist()):
            if row in bad:
                continue
            if key in self._seen:
                why = f"{self.key} {key} occurs in an earlier record"
                bad.setdefault(row, []).append((f"{self.key}: unique", why))
            self._seen.add(key)
        if bad:
            self._reject(part, bad)
            is_legal = np.ones(len(part), dtype=bool)
            is_legal[list(bad)] = False
            part = part.filter(pa.array(is_legal)).combine_chunks()
            profile = profile_table(part)
        rows = len(part)
        whole = {column.name: profile.get(column.name, ColumnProfile(rows, rows)) for column in self.table}
        return self._complete(part), {**whole, "source": ColumnProfile(rows)}

    def _admit_waived(self, bad: dict[int, list[tuple[str, str]]]) -> None:
        """Remove rows from `bad` that break only rules with a waiver."""
        for row in [row for row, broken in bad.items() if {rule for rule, _ in broken} <= self.released]:
            self.admitted.update(rule for rule, _ in bad.pop(row))

    def _judge_column(
        self,
        values: pa.ChunkedArray,
        column: Column,
        found: ColumnProfile,
        bad: dict[int, list[tuple[str, str]]],
    ) -> None:
        broken: list[tuple[pa.ChunkedArray, str]] = []
        if not column.nullable and values.null_count:
            broken.append((pc.is_null(values), "present"))
        if column.is_number and values.null_count < len(values):
            if found.non_finite:
                broken.append((pc.invert(pc.is_finite(values)), "a finite number"))
            low = -math.inf if column.low is None else column.low
            high = math.inf if column.high is None else column.high
            if found.low is not None and found.high is not None and (found.low < low or found.high > high):
                outside = pc.or_(pc.less(values, low), pc.greater(values, high))
                broken.append((pc.and_(outside, pc.is_finite(values)), column.allowed))
        for mask, rule in broken:
            rows = np.flatnonzero(np.asarray(pc.fill_null(mask, fill_value=False)))
            for row in rows.tolist():
                why = f"{column.name} is {values[row].as_py()}, not {rule}"
                bad.setdefault(row, []).append((f"{column.name}: {rule}", why))

    def _reject(self, part: pa.Table, bad: dict[int, list[tuple[str, str]]]) -> None:
        rejects = []
        for row, broken in sorted(bad.items()):
            record = {k: v for k, v in part.slice(row, 1).to_pylist()[0].items() if v is not None}
            number = record.pop("source_row")
            rules, reasons = tuple(rule for rule, _ in broken), tuple(why for _, why in broken)
            rejects.append(Reject(self.reading.source, number, rules, reasons, record))
        self.reading.reject(rejects)

    def _complete(self, part: pa.Table) -> pa.Table:
        rows = len(part)
        columns = []
        for column in self.table:
            if column.name == "source":
                columns.append(pa.repeat(pa.scalar(self.reading.source), rows))
            elif column.name in part.column_names:
                columns.append(part[column.name])
            else:
                columns.append(pa.nulls(rows, column.type))
        return pa.table(columns, schema=self.table.schema)
