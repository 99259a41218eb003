"""Which rules the records of a file break, and the rejected rows that come of it.

Conventions: a record is rejected once, with every rule that it breaks. The record itself is read again from its file
when one is rejected: few are, and nobody has to keep the text of all.
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
"""Signs of a cell that a reason quotes."""


class Findings:
    """Which rules the records of a chunk break.

    Args:
        records: Number of records.
    """

    def __init__(self, records: int) -> None:
        self.bad: npt.NDArray[np.bool_] = np.zeros(records, dtype=bool)
        self.by_row: dict[int, list[tuple[str, str]]] = {}

    def add(self, rule: str, broken: Any, texts: Any, why: str = "") -> None:
        """Note that the rows marked in `broken` break a rule; `texts` holds what was found."""
        for row in np.flatnonzero(np.asarray(broken)):
            found = texts[int(row)].as_py()
            said = "found nothing" if not (found or "").strip() else f"found {found[:SHOWN]!r}"
            self.note(int(row), rule, said + (f": {why}" if why else ""))

    def note(self, row: int, rule: str, reason: str, *, alone: bool = False) -> None:
        """Note that a row breaks a rule, or that it breaks this one and nothing more can be said."""
        self.bad[row] = True
        said = (rule, f"{rule}; {reason}")
        self.by_row[row] = [said] if alone else [*self.by_row.get(row, []), said]


def rejected_rows(
    look: Look, broken: Mapping[int, Sequence[tuple[str, str]]], damaged: Mapping[int, Damaged]
) -> pa.Table:
    """Rows of `genrelab.lake.ingested.QUARANTINE`.

    Args:
        look: How the file is written.
        broken: Rules and reasons by number of the record, from 0.
        damaged: The damaged ones among them.
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
