"""Audit tables and publish them; the only way into the lake.

Rows that break a critical rule are quarantined with the rule and the value; the others are published in one commit
together with the counts. A table that its suite refuses, or with too many rejected rows, is not published: the last
good version stays in use, and the rejected rows are stored with the audit record.

Every result, published or refused, is recorded (`genrelab.lake.validation_records`).
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from expectations.check import check
from expectations.profile import check_staged
from expectations.verdict import Broken, Verdict
from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.lake.lake import Lake
from genrelab.lake.schema import Table
from genrelab.lake.staging import discard
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.lake.version import Counts, TableVersion
from genrelab.lake.waivers import only_breaking, rows_of, waived_rules
from genrelab.runtime.errors import RefusedError
from genrelab.sources.fma import Staged
from tasks.publishing.audit import Audit, PublishContext, baseline_of, inherited_waivers


def audit_and_publish(
    lake: Lake,
    table: Table,
    ingested: Ingested,
    context: PublishContext,
    duplicates: pa.Array | None = None,
) -> TableVersion:
    """Audit the rows of a reader, publish the valid and released ones, and return the new version.

    Args:
        lake: The lake to publish to.
        table: The declaration.
        ingested: The result of the reader.
        context: Source and limits.
        duplicates: Mask over `ingested.data` of rows that repeat an earlier one exactly.

    Returns:
        The published version.

    Raises:
        RefusedError: There are no records, the suite refuses the table as a whole, too large a share of its
            records is rejected, or there are caveats in a strict run.
    """
    if not ingested.read:
        raise RefusedError(
            f"{table.name} is not published",
            found=f"no records in {context.source}",
            do="check the source and run again; the last good version, if there is one, stays in use",
        )
    distinct = ingested.data
    if duplicates is not None:
        distinct = distinct.filter(pc.invert(duplicates))
    return _publish_rows(
        lake,
        table,
        context,
        distinct,
        ingested.rejected,
        repeated=ingested.repeated + len(ingested.data) - len(distinct),
        notes=ingested.notes,
        caveats=ingested.caveats,
    )


def _publish_rows(
    lake: Lake,
    table: Table,
    context: PublishContext,
    data: Rows,
    rejected_before: pa.Table,
    *,
    repeated: int,
    notes: Sequence[str],
    caveats: Sequence[str],
) -> TableVersion:
    audit, rows = audit_rows(lake, table, context, data, rejected_before, repeated=repeated, caveats=caveats)
    return _publish_table(audit, table, rows, notes=notes)


def _only(lake: Lake, table: Table, data: Rows, legal: npt.NDArray[np.bool_]) -> Rows:
    """The legal rows; of staged ones, new files take the place of those that hold all of them."""
    if isinstance(data, pa.Table):
        return data.filter(pa.array(legal))
    rows = lake.stage(table.name, table.schema, data.filtered(legal))
    discard(data.files)
    return rows


def _publish_table(
    audit: Audit,
    table: Table,
    rows: Rows,
    *,
    notes: Sequence[str] = (),
    rules: Mapping[str, str] | None = None,
) -> TableVersion:
    """Publish rows in memory, or those in staged files, which are removed if the table is refused."""
    if isinstance(rows, pa.Table):
        return _publish(audit, partial(audit.lake.publish, table.name, rows, rules=rules), notes)
    files = rows.files
    publish = partial(audit.lake.publish_files, table.name, files, table.schema, rules=rules)
    try:
        return _publish(audit, publish, notes)
    except RefusedError:
        discard(files)
        raise


def _publish(audit: Audit, publish: Callable[..., TableVersion], notes: Sequence[str] = ()) -> TableVersion:
    """Publish the rows that an audit admits, unless it refuses the table."""
    audit.refuse_if_needed()
    version = publish(
        audit.counts,
        source=audit.context.source,
        is_sample=audit.context.is_sample,
        rejected=audit.rejected,
        notes=notes,
        warnings=audit.warnings,
        caveats=audit.caveats,
    )
    return audit.published(version)


def audit_rows(
    lake: Lake,
    table: Table,
    context: PublishContext,
    data: Rows,
    rejected_before: pa.Table,
    *,
    repeated: int,
    caveats: Sequence[str] = (),
) -> tuple[Audit, Rows]:
    """Return the audit of rows and the rows that would be published; publish nothing.

    Args:
        lake: The lake to publish to.
        table: The declaration.
        context: Source and limits.
        data: Rows without exact duplicates.
        rejected_before: What the reader rejected.
        repeated: Number of exact duplicates.
        caveats: Changes by the reader that affect the meaning of the table.
    """
    verdict, seconds = _judge(lake, table, context, data) if len(data) else (Verdict(), 0.0)
    admitted = waived_rules(lake.home, table.name, context.source)
    failing = {
        row: broken for row, broken in verdict.rows.items() if not {b.rule for b in broken} <= admitted
    }
    rejected = pa.concat_tables([rejected_before, _rejected(data, failing)])
    rows = data
    if failing:  # a copy of fma_tracks takes 300 MB, so copy only if rows are left out
        legal = np.ones(len(data), dtype=bool)
        legal[list(failing)] = False
        rows = _only(lake, table, data, legal)
    audit = Audit(
        lake,
        table.name,
        context,
        verdict,
        Counts(len(data) + len(rejected_before) + repeated, len(rows), len(rejected), repeated),
        rejected=rejected,
        judged_by_reader=rejected_before,
        released=_count({row: broken for row, broken in verdict.rows.items() if row not in failing}),
        caveats=tuple(caveats),
        seconds=seconds,
    )
    return audit, rows


def audit_and_publish_staged(lake: Lake, staged: Staged, context: PublishContext) -> TableVersion:
    """Audit a staged table by the profile of its columns, commit its files and return the new version.

    Args:
        lake: The lake to publish to.
        staged: Its files, its profile and the rejected rows.
        context: Source and limits.

    Raises:
        RefusedError: The suite refuses the table, too large a share of its records was rejected, or there are caveats
            in a strict run; its files are removed and the last good version stays.
    """
    table = staged.table
    baseline = baseline_of(lake, table.name, context)
    started = time.perf_counter()
    verdict = check_staged(table, staged.profile, staged.files, baseline, frozenset(staged.released))
    audit = Audit(
        lake,
        table.name,
        context,
        verdict,
        staged.counts,
        rejected=staged.rejected,
        judged_by_reader=staged.rejected,
        released=staged.released,
        caveats=staged.caveats,
        seconds=time.perf_counter() - started,
    )
    try:
        return _publish(
            audit, partial(lake.publish_files, table.name, staged.files, table.schema), staged.notes
        )
    except RefusedError:
        staged.discard()
        raise


def publish_derived(
    lake: Lake,
    table: Table,
    data: Rows,
    made_from: Sequence[TableVersion],
    *,
    source: str | None = None,
    rules: Mapping[str, str] | None = None,
) -> TableVersion:
    """Audit and publish a table that was computed from others, in which no row may be rejected.

    Args:
        lake: The lake to publish to.
        table: The declaration.
        data: The rows, in memory or in the files of `Lake.stage`, which are removed if the table is refused.
        made_from: Versions of the tables it was computed from.
        source: Description of its source; by default the names of these versions.
        rules: The sha256 of each rule set that made labels, by name.

    Raises:
        RefusedError: A row breaks a critical rule, which means that the computation is wrong.
    """
    context = PublishContext.of_derived(lake.home, made_from, source)
    verdict, seconds = _judge(lake, table, context, data)
    admitted = inherited_waivers(lake.home, made_from)
    broken = _count(verdict.rows)
    audit = Audit(
        lake,
        table.name,
        context,
        verdict,
        Counts(len(data), len(data)),
        released={rule: count for rule, count in broken.items() if rule in admitted},
        refusals=tuple(f"{rule}: {broken[rule]:,} rows" for rule in sorted(broken) if rule not in admitted),
        seconds=seconds,
    )
    return _publish_table(audit, table, data, rules=rules)


def publish_empty(lake: Lake, table: Table, context: PublishContext, note: str) -> TableVersion:
    """Publish an empty table when its source lacks the file, so that rows of another source are not used instead."""
    audit = Audit(lake, table.name, context, Verdict(), Counts(0, 0))
    return _publish(audit, partial(lake.publish, table.name, table.schema.empty_table()), (note,))


def publish_released(lake: Lake, table: Table) -> TableVersion | None:
    """Add the quarantined rows that break only released rules to the newest version of a table, in batches.

    Returns:
        The new version, or None if there is no such row.

    Raises:
        RefusedError: The suite refuses the table with them.
    """
    version = lake.current(table.name)
    rejected = lake.rejected(table.name)
    admitted = pa.array(
        only_breaking(rejected, waived_rules(lake.home, table.name, version.source)), pa.bool_()
    )
    waiting = rejected.filter(admitted)
    if not len(waiting):
        return None
    published = lake.stored(table.name, version.version).batches(table.names)
    released = (rows_of(part, table) for part in batches_of(waiting, waiting.column_names))
    return _publish_rows(
        lake,
        table,
        PublishContext(version.source, version.is_sample, refuse_above=1.0),
        lake.stage(table.name, table.schema, chain(published, released)),
        rejected.filter(pc.invert(admitted)),
        repeated=version.counts.duplicates,
        notes=version.notes,
        caveats=version.caveats,
    )


def _judge(lake: Lake, table: Table, context: PublishContext, data: Rows) -> tuple[Verdict, float]:
    """Return the verdict of the suite on rows, and the seconds it took."""
    baseline = baseline_of(lake, table.name, context)
    started = time.perf_counter()
    verdict = check(table, data, baseline)
    return verdict, time.perf_counter() - started


def _count(rows: dict[int, list[Broken]]) -> Counter[str]:
    return Counter(broken.rule for rules in rows.values() for broken in rules)


def _rejected(data: Rows, failing: dict[int, list[Broken]]) -> pa.Table:
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
