"""Collects the rules that the records of a file break, and builds the rejected rows.

Conventions: a record is rejected once, with every rule that it breaks. Rejected records are read from the file a second
time: they are few, so the text of all records need not stay in memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.lake.ingested import Reject, rejects_table
from genrelab.runtime.files import name_of
from genrelab.sources.csv_look import Look
from genrelab.sources.csv_records import Damaged, Record

SHOWN = 200
"""Characters of a cell that a reason quotes."""


class Findings:
    """The rules that the records of a chunk break.

    Args:
        records: Number of records.
    """

    def __init__(self, records: int) -> None:
        self.bad: npt.NDArray[np.bool_] = np.zeros(records, dtype=bool)
        self.by_row: dict[int, list[tuple[str, str]]] = {}

    def add(self, rule: str, broken: Any, texts: Any, why: str = "") -> None:
        """Record that the rows marked in `broken` break a rule; `texts` holds the values found."""
        for row in np.flatnonzero(np.asarray(broken)):
            found = texts[int(row)].as_py()
            reason = "found nothing" if not (found or "").strip() else f"found {found[:SHOWN]!r}"
            self.note(int(row), rule, reason + (f": {why}" if why else ""))

    def note(self, row: int, rule: str, reason: str, *, alone: bool = False) -> None:
        """Record that a row breaks a rule; `alone` drops what was recorded for the row before."""
        self.bad[row] = True
        entry = (rule, f"{rule}; {reason}")
        self.by_row[row] = [entry] if alone else [*self.by_row.get(row, []), entry]


def rejected_rows(
    look: Look, broken: Mapping[int, Sequence[tuple[str, str]]], damaged: Mapping[int, Damaged]
) -> pa.Table:
    """Return the rejected rows, in the schema `genrelab.lake.ingested.QUARANTINE`.

    Args:
        look: How the file is written.
        broken: Rules and reasons by record number, from 0.
        damaged: The records among them that are damaged.
    """
    source = name_of(look.path)
    records = dict(damaged) | dict(_read_again(look, set(broken) - set(damaged)))
    return rejects_table(
        Reject(
            source=source,
            source_row=row + 1,
            rules=tuple(rule for rule, _ in broken[row]),
            reasons=tuple(reason for _, reason in broken[row]),
            record=_named(records[row], look.header),
        )
        for row in sorted(broken)
        if row in records
    )


def _read_again(look: Look, rows: set[int]) -> Iterator[tuple[int, Record]]:
    if not rows:
        return
    with look.opened() as lines:
        for row, record in enumerate(look.records(lines)):
            if row in rows:
                yield row, record


def _named(record: Record, header: Sequence[str]) -> dict[str, object]:
    fields = record.fields if isinstance(record, Damaged) else record
    names = [name.strip() or f"column {number}" for number, name in enumerate(header, start=1)]
    named: dict[str, object] = dict(zip(names, fields, strict=False))
    if len(fields) > len(names):
        named["further fields"] = list(fields[len(names) :])
    return named
