"""A published version of a table: its facts, and how the commit stores them.

Conventions: the facts are JSON under one key of the commit's metadata, so a table and its facts always agree. Counts
always add up; times are ISO 8601 in UTC.

Nothing here opens a table or writes one: `genrelab.lake.lake` does both.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

METADATA = "genrelab"
"""Key in a commit's metadata; a commit without it published nothing."""


@dataclass(frozen=True)
class Counts:
    """Counts of a source's records; they always add up.

    Args:
        read: Records in the source.
        rows: Rows published.
        quarantined: Records rejected.
        duplicates: Exact duplicates of a published row.
    """

    read: int
    rows: int
    quarantined: int = 0
    duplicates: int = 0

    def __post_init__(self) -> None:
        if self.read != self.rows + self.quarantined + self.duplicates:
            raise ValueError(f"counts do not add up: {self}")

    def __str__(self) -> str:
        return (
            f"{self.read:,} read = {self.rows:,} published + {self.quarantined:,} quarantined"
            f" + {self.duplicates:,} exact duplicates"
        )


@dataclass(frozen=True)
class TableVersion:
    """One published version of a table.

    Args:
        table: Name.
        version: Number in the Delta log, from 0.
        id: Differs between any two versions ever published, also after the lake was deleted and remade.
        counts: Where the source's records went.
        source: Where they came from.
        is_sample: Whether they are synthetic.
        published_at: When, ISO 8601.
        notes: What the reader noted.
        warnings: What the suite warned of.
        caveats: Remarks of the reader that change the meaning of the table.
        quarantine: File of rejected rows, relative to the quarantine folder; empty when there are none.
        rules: The rule sets that made its labels: the sha256 of each one's content, by name.
    """

    table: str
    version: int
    id: str
    counts: Counts
    source: str
    is_sample: bool
    published_at: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    quarantine: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return the facts of a version to show: counts, source, and whether it is sample data."""
        return {
            "table": self.table,
            "version": self.version,
            **asdict(self.counts),
            "sample": self.is_sample,
            "source": self.source,
            "published_at": self.published_at,
        }


def asides(versions: Iterable[TableVersion]) -> list[tuple[str, str]]:
    """For each version that has any, how many warnings and notes there are of it: `3 warnings, 1 note`."""
    lines = []
    for version in versions:
        kinds = {"warning": len(version.warnings), "note": len(version.notes)}
        counts = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds.items() if count]
        if counts:
            lines.append((version.table, ", ".join(counts)))
    return lines


def commit_metadata(
    counts: Counts,
    *,
    source: str,
    is_sample: bool,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    caveats: Sequence[str] = (),
    quarantine: str = "",
    rules: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What a commit to the lake says of itself; `from_commit` reads it back."""
    facts = {
        "counts": asdict(counts),
        "source": os.fsencode(source).decode("utf-8", "replace"),  # it may be a path
        "is_sample": is_sample,
        "published_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "notes": list(notes),
        "warnings": list(warnings),
        "caveats": list(caveats),
        "quarantine": quarantine,
        "rules": dict(rules or {}),
    }
    return {METADATA: json.dumps(facts, ensure_ascii=False)}


def from_commit(table: str, version: int, commit: dict[str, Any]) -> TableVersion:
    """The version that a commit made, from what `commit_metadata` wrote into it."""
    facts = json.loads(commit[METADATA])
    return TableVersion(
        table=table,
        version=version,
        id=f"{version}@{facts['published_at']}",
        counts=Counts(**facts["counts"]),
        source=facts["source"],
        is_sample=facts["is_sample"],
        published_at=facts["published_at"],
        notes=tuple(facts["notes"]),
        warnings=tuple(facts["warnings"]),
        caveats=tuple(facts.get("caveats", ())),  # versions of before there were any
        quarantine=facts["quarantine"],
        rules=facts.get("rules", {}),
    )
