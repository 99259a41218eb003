"""Write, audit, publish: the one way into the lake.

Rows that break a critical rule go to quarantine with the rule and the value; the rest is published in one
commit together with the counts. A table that its suite refuses is not published: the last good version stays.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.errors import RefusedError
from genrelab.ingested import Ingested, Reject, rejects_table
from genrelab.lake import Counts, Lake, TableVersion
from genrelab.schema import Table


def audit_and_publish(
    lake: Lake,
    table: Table,
    ingested: Ingested,
    *,
    source: str,
    is_sample: bool,
    duplicates: pa.Array | None = None,
) -> TableVersion:
    """Audit what a reader found and publish what is legal.

    Args:
        lake: Where to.
        table: The declaration.
        ingested: What the reader found.
        source: Where it came from.
        is_sample: Whether it is synthetic.
        duplicates: Mask over `ingested.data` of rows that repeat an earlier one exactly.

    Returns:
        The version that readers now see.

    Raises:
        RefusedError: The suite refuses the table as a whole.
    """
    from expectations.check import Verdict, check  # noqa: PLC0415 - takes 5 s to import

    distinct = ingested.data
    if duplicates is not None:
        distinct = distinct.filter(pc.invert(duplicates))
    verdict = check(table, distinct) if len(distinct) else Verdict()
    rejected = pa.concat_tables([ingested.rejected, _rejected(distinct, verdict.rows)])
    rows = distinct
    if verdict.rows:  # a copy of fma_tracks is 300 MB: only where there is something to leave out
        legal = pa.array([position not in verdict.rows for position in range(len(distinct))], pa.bool_())
        rows = distinct.filter(legal)
    if verdict.refusals or not len(rows):
        raise RefusedError(
            f"{table.name} breaks its suite and is not published",
            found="; ".join(verdict.refusals) or _no_legal_row(ingested.read, rejected),
            do=f"mend {source} and run again; the last good version stays in use",
        )
    repeated = len(ingested.data) - len(distinct)
    return lake.publish(
        table.name,
        rows,
        Counts(ingested.read, len(rows), len(rejected), repeated),
        source=source,
        is_sample=is_sample,
        rejected=rejected,
        notes=ingested.notes,
        warnings=verdict.warnings,
    )


def _no_legal_row(read: int, rejected: pa.Table) -> str:
    first = rejected.slice(0, 1).to_pylist()
    example = (
        f", e.g. {first[0]['source']} row {first[0]['source_row']}: {'; '.join(first[0]['reasons'])}"
        if first
        else ""
    )
    return f"no legal row among {read:,} records{example}"


def publish_derived(
    lake: Lake, table: Table, data: pa.Table, made_from: Sequence[TableVersion]
) -> TableVersion:
    """Audit and publish a table that was computed from others: nothing in it may be rejected.

    Raises:
        RefusedError: Any row breaks a critical rule, which means that the computation is wrong.
    """
    from expectations.check import check  # noqa: PLC0415 - takes 5 s to import

    verdict = check(table, data)
    broken = sorted({broken.rule for rules in verdict.rows.values() for broken in rules})
    if broken or verdict.refusals:
        raise RefusedError(
            f"{table.name} breaks its suite and is not published",
            found="; ".join([*verdict.refusals, *broken]),
            do="report this: the table is computed from tables that passed their own suites",
        )
    return lake.publish(
        table.name,
        data,
        Counts(len(data), len(data)),
        source=", ".join(f"{version.table} version {version.version}" for version in made_from),
        is_sample=any(version.is_sample for version in made_from),
        warnings=verdict.warnings,
    )


def _rejected(data: pa.Table, failing: dict[int, list]) -> pa.Table:  # type: ignore[type-arg]
    positions = sorted(failing)
    records = data.take(pa.array(positions, pa.int64())).to_pylist()
    return rejects_table(
        Reject(
            source=record["source"],
            source_row=record["source_row"],
            rules=tuple(broken.rule for broken in failing[position]),
            reasons=tuple(str(broken) for broken in failing[position]),
            record=record,
        )
        for position, record in zip(positions, records, strict=True)
    )
