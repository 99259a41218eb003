"""The tables in use and the audits of all tables, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genrelab.lake.validation_records import AuditRecord


@dataclass(frozen=True)
class RejectedRecord:
    """A record in quarantine.

    Args:
        source: File or address.
        source_row: Number of the record in its source, from 1.
        reasons: The rules that it breaks, in words.
        record: The record as JSON.
    """

    source: str
    source_row: int | None
    reasons: tuple[str, ...]
    record: str


@dataclass(frozen=True)
class PublishedTable:
    """The version of a table that is in use.

    Args:
        table: Name.
        version: Number of the version.
        read: Records in the source.
        rows: Rows published.
        quarantined: Records rejected.
        duplicates: Exact duplicates of a published row.
        sample: Whether the rows are synthetic.
        source: Where they came from.
        published_at: When, ISO 8601.
        meaning: What a row is.
        caveats: What the reader did that changes what the table means.
        notes: What the reader noted.
        warnings: What the suite warned of.
        rejected: The first records in quarantine.
        missing: Share of missing values by column, where it is known.
    """

    table: str
    version: int
    read: int
    rows: int
    quarantined: int
    duplicates: int
    sample: bool
    source: str
    published_at: str
    meaning: str
    caveats: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    rejected: tuple[RejectedRecord, ...]
    missing: Mapping[str, float] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether every record read is accounted for."""
        return self.read == self.rows + self.quarantined + self.duplicates


@dataclass(frozen=True)
class PublishedTables:
    """Every table in use."""

    tables: tuple[PublishedTable, ...]

    @property
    def is_sample(self) -> bool:
        """Whether all of them are sample data."""
        return bool(self.tables) and all(table.sample for table in self.tables)


NO_TABLES = PublishedTables(())
"""The result before anything was published."""


@dataclass(frozen=True)
class Audits:
    """The last audit of every table; the audit of a refused version follows that of the version in use."""

    records: tuple[AuditRecord, ...]
