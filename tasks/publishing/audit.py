"""The audit of one table: the result of its suite, the decision to publish or refuse, and the stored record.

Conventions: an audit ends in `published` or in a `RefusedError`; both store a record. `tasks.publishing.publish`
splits the rows into published and rejected ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

import pyarrow as pa

from expectations.baseline import Baseline
from expectations.record import reader_checks
from expectations.verdict import Verdict
from genrelab.lake.lake import Lake
from genrelab.lake.stored_rows import Rows
from genrelab.lake.validation_records import (
    PASSED,
    REFUSE_ABOVE,
    REFUSED,
    WARNED,
    AuditRecord,
    is_past,
    read_record,
    refused_try,
    write_record,
)
from genrelab.lake.version import Counts, TableVersion
from genrelab.lake.waivers import read_waivers, waived_rules
from genrelab.runtime.errors import RefusedError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings

CAVEAT = "caveat: "
"""Prefix of a caveat in messages."""


@dataclass(frozen=True)
class PublishContext:
    """The source, limits and options of a publication.

    Args:
        source: Where the records came from.
        is_sample: Whether they are synthetic.
        refuse_above: Share of rejected records above which the table is refused.
        origins: For a computed table, the sources of its input tables; otherwise its own source.
        made_from: Versions of the input tables of a computed table.
        do: What to do about a refusal.
        strict: Whether caveats refuse the table.
    """

    source: str
    is_sample: bool
    refuse_above: float = REFUSE_ABOVE
    origins: tuple[str, ...] = ()
    made_from: Mapping[str, int] = field(default_factory=dict)
    do: str = ""
    strict: bool = False

    @classmethod
    def of_source(cls, settings: Settings, source: str, *, is_sample: bool = False) -> "PublishContext":
        """Return the context of a table that was read from a source."""
        return cls(source, is_sample, settings.refuse_above, strict=settings.strict)

    @classmethod
    def of_derived(
        cls, home: Home, made_from: Sequence[TableVersion], source: str | None
    ) -> "PublishContext":
        """Return the context of a table that was computed from others."""
        names = ", ".join(f"{version.table} version {version.version}" for version in made_from)
        origins = {origin for version in made_from for origin in _origins_of(home, version)}
        return cls(
            source=source or names,
            is_sample=any(version.is_sample for version in made_from),
            origins=tuple(sorted(origins)),
            made_from={version.table: version.version for version in made_from},
            do="please report this bug: the table was computed from tables that passed their own suites",
        )


@dataclass(frozen=True)
class Audit:
    """The result of a suite, and what happens to the table.

    Args:
        lake: The lake to publish to.
        table: Its name.
        context: Source and limits.
        verdict: The result of the suite.
        counts: The record counts if the table is published.
        rejected: All rejected records, as `genrelab.lake.ingested.QUARANTINE`.
        judged_by_reader: Those of them that the reader rejected.
        released: For each rule, how many rows that break it were admitted by a release.
        refusals: Reasons to refuse the table besides those of the suite.
        caveats: Changes by the reader that affect the meaning of the table.
        seconds: How long the suite took.
    """

    lake: Lake
    table: str
    context: PublishContext
    verdict: Verdict
    counts: Counts
    rejected: pa.Table | None = None
    judged_by_reader: pa.Table | None = None
    released: Mapping[str, int] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings of the suite, and the released rows."""
        admitted = [f"{rule}: {count:,} rows released" for rule, count in self.released.items() if count]
        return (*self.verdict.warnings, *admitted)

    @property
    def reasons(self) -> list[str]:
        """Why the table is refused: by its suite, or because too many records are rejected; empty if it is not."""
        reasons = [*self.verdict.refusals, *self.refusals]
        counts = self.counts
        if is_past(counts.quarantined, counts.read, self.context.refuse_above):
            reasons.append(
                f"{counts.quarantined / counts.read:.1%} of the records were rejected ({counts.quarantined:,} of "
                f"{counts.read:,}), more than the limit of {self.context.refuse_above:.1%}{self._example()}"
            )
        elif counts.read and not counts.rows:
            reasons.append(f"none of the {counts.read:,} records is valid{self._example()}")
        return reasons

    def refuse_if_needed(self) -> None:
        """Refuse the table if there is a reason to, or for its caveats in a strict run.

        Raises:
            RefusedError: With every reason; the rejected records and the audit record are stored.
        """
        reasons = self.reasons
        is_legal = not reasons
        if self.context.strict:
            reasons += [f"{CAVEAT}{caveat}" for caveat in self.caveats]
        if not reasons:
            return
        last_good = self.lake.find(self.table)
        self._forget_refused_try()
        kept = self.lake.write_rejected(self.table, self.rejected)
        self._write_record(None, last_good, reasons, kept)
        stays = (
            f"version {last_good.version}, the last good one, stays in use"
            if last_good
            else "the table has no earlier version"
        )
        if is_legal:
            raise caveats_refused([self.table], reasons, stays)
        raise RefusedError(
            f"{self.table} failed validation and is not published",
            found="; ".join(reasons),
            do=self.context.do
            or f"see `genrelab quarantine show {self.table}`, fix {self.context.source} and run again; {stays}",
        )

    def published(self, version: TableVersion) -> TableVersion:
        """Record that the table was published, and forget an earlier refused table."""
        self._forget_refused_try()
        self._write_record(version, version, [], version.quarantine)
        return version

    def _write_record(
        self, version: TableVersion | None, last_good: TableVersion | None, refusals: list[str], kept: str
    ) -> None:
        checks = [
            *(replace(check, released=self.released.get(check.rule, 0)) for check in self.verdict.checks),
            *reader_checks(self.judged_by_reader),
        ]
        counts, context = self.counts, self.context
        is_warned = counts.quarantined or any(not check.passed for check in checks)
        record = AuditRecord(
            table=self.table,
            version=version.version if version else None,
            checked_at=datetime.now(UTC).isoformat(timespec="seconds"),
            source=context.source,
            sample=context.is_sample,
            verdict=REFUSED if version is None else WARNED if is_warned else PASSED,
            **asdict(counts),
            quarantined_share=round(counts.quarantined / counts.read, 6) if counts.read else 0.0,
            share_limit=context.refuse_above,
            checks=tuple(checks),
            refusals=tuple(refusals),
            last_good=last_good.version if last_good else None,
            origins=context.origins or (context.source,),
            made_from=context.made_from,
            quarantine=kept,
            seconds=round(self.seconds, 3),
        )
        write_record(self.lake.home, record)

    def _forget_refused_try(self) -> None:
        old = refused_try(self.lake.home, self.table)
        if old and old.quarantine:
            self.lake.storage.delete([f"quarantine/{old.quarantine}"])

    def _example(self) -> str:
        first = self.rejected.slice(0, 1).to_pylist() if self.rejected is not None else []
        if not first:
            return ""
        return f", e.g. {first[0]['source']} row {first[0]['source_row']}: {'; '.join(first[0]['reasons'])}"


def caveats_refused(tables: Sequence[str], caveats: Sequence[str], stays: str) -> RefusedError:
    """Return the error with which a strict run refuses tables.

    Args:
        tables: Tables that are not published.
        caveats: The reasons, one sentence each.
        stays: Which version is in use instead, as a sentence.
    """
    is_one = len(tables) == 1
    return RefusedError(
        f"{', '.join(tables)} {'has' if is_one else 'have'} caveats, which a strict run refuses",
        found="; ".join(caveats),
        do=f"accept them by running without --strict (validation.strict = false in genrelab.toml), or fix the source "
        f"and run again; {stays}",
    )


def audit_inputs(settings: Settings, *tables: str) -> dict[str, object]:
    """Return the inputs of an audit besides the data, for the fingerprint of a step: the limit and the releases."""
    admitted = [asdict(each) for table in tables for each in read_waivers(settings.home, table)]
    return {"releases": admitted, "refuse_above": settings.refuse_above}


def baseline_of(lake: Lake, table: str, context: PublishContext) -> Baseline:
    """Return what the suite may compare with: the last version from the same source, and the other tables."""

    def read(name: str) -> Rows | None:
        return lake.stored(name) if lake.find(name) else None

    record = read_record(lake.home, table)
    is_comparable = record is not None and record.origins == (context.origins or (context.source,))
    return Baseline(record.rows if record and is_comparable else None, read, context.refuse_above)


def inherited_waivers(home: Home, made_from: Sequence[TableVersion]) -> frozenset[str]:
    """Return the rules that rows of a computed table may break because they were released in its input tables."""
    found: set[str] = set()
    for version in made_from:
        found |= waived_rules(home, version.table, version.source)
        record = read_record(home, version.table)
        for table in record.made_from if record else ():
            for origin in _origins_of(home, version):
                found |= waived_rules(home, table, origin)
    return frozenset(found)


def _origins_of(home: Home, version: TableVersion) -> tuple[str, ...]:
    record = read_record(home, version.table)
    return record.origins if record else (version.source,)
