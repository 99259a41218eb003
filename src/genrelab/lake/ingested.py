"""The result of a reader: rows with legal types, rejected rows, notes and caveats.

Every reader (`genrelab.sources.spotify`, `genrelab.sources.fma`, `genrelab.sources.origin.reader`) returns
`Ingested`, so that one path validates, quarantines and publishes them all. A reader parses and rejects what cannot
be parsed; it neither repairs values nor judges ranges: the suites do that.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

QUARANTINE = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("source_row", pa.int64()),
        pa.field("rules", pa.list_(pa.string())),
        pa.field("reasons", pa.list_(pa.string())),
        pa.field("record", pa.string()),
    ],
)
"""One row per rejected record: the rules it broke, each in words, and the record as JSON."""


@dataclass(frozen=True)
class Reject:
    """One record that is not published.

    Args:
        source: File or address.
        source_row: Number of the record in its source, from 1.
        rules: Names of the rules it breaks, e.g. `energy: a number`.
        reasons: The same in words, with the value found.
        record: The record as it came, column by column.
    """

    source: str
    source_row: int
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    record: Mapping[str, object]


@dataclass(frozen=True)
class Ingested:
    """The result of reading one source.

    Args:
        data: Rows with the declared columns and types, in memory or in files of the lake's staging.
        rejected: Rows of `QUARANTINE`.
        read: Records found in the source: rows of `data`, rows of `rejected` and those that were left out.
        notes: Remarks for the user: extra columns, empty files, missing values.
        sources: Provenance of each file: name, bytes, sha256 or sha1.
        caveats: Remarks that change the meaning of the table: bytes decoded by a guess, ids made from names, a genre
            column that was not used. Each is shown in the terminal, and is an error in a strict run.
        repeated: Rows left out of `data` because they repeat an earlier one exactly.
    """

    data: Any
    rejected: pa.Table
    read: int
    notes: tuple[str, ...] = ()
    sources: tuple[Mapping[str, object], ...] = field(default=())
    caveats: tuple[str, ...] = ()
    repeated: int = 0

    def __post_init__(self) -> None:
        if self.read != len(self.data) + len(self.rejected) + self.repeated:
            raise ValueError(
                f"{self.read} records read, {len(self.data)} kept, {len(self.rejected)} rejected and "
                f"{self.repeated} left out",
            )


def rejects_table(rejects: Iterable[Reject]) -> pa.Table:
    """Rejected records as a table of schema `QUARANTINE`."""
    rows = [
        {
            "source": reject.source,
            "source_row": reject.source_row,
            "rules": list(reject.rules),
            "reasons": list(reject.reasons),
            "record": json.dumps(dict(reject.record), ensure_ascii=False, default=str),
        }
        for reject in rejects
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)
