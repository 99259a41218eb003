"""The record of an audit: what people and the report are told of a table.

Conventions: rules that a reader judged (text where a number belongs) stand
beside those of the suite, so that the counts of all failing rules explain the quarantine.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from expectations.verdict import EXAMPLES, Verdict
from genrelab.table_version import Counts
from genrelab.validation import CRITICAL, PASSED, REFUSED, WARNED, AuditRecord, Check, Example


def record_of(
    table: str,
    verdict: Verdict,
    counts: Counts,
    *,
    source: str,
    sample: bool,
    share_limit: float,
    version: int | None,
    last_good: int | None,
    refusals: Sequence[str],
    judged_by_reader: pa.Table | None = None,
    released: Mapping[str, int] | None = None,
    origins: Sequence[str] = (),
    made_from: Mapping[str, int] | None = None,
    quarantine: str = "",
    seconds: float = 0.0,
) -> AuditRecord:
    """The record of a published version (`version` is its number) or of a refused try (None)."""
    let_in = released or {}
    checks = [replace(check, released=let_in.get(check.rule, 0)) for check in verdict.checks]
    checks += reader_checks(judged_by_reader)
    failed = any(not check.passed for check in checks) or counts.quarantined
    return AuditRecord(
        table=table,
        version=version,
        checked_at=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source,
        sample=sample,
        verdict=REFUSED if version is None else WARNED if failed else PASSED,
        read=counts.read,
        rows=counts.rows,
        quarantined=counts.quarantined,
        duplicates=counts.duplicates,
        quarantined_share=round(counts.quarantined / counts.read, 6) if counts.read else 0.0,
        share_limit=share_limit,
        checks=tuple(checks),
        refusals=tuple(refusals),
        last_good=last_good,
        origins=tuple(origins),
        made_from=dict(made_from or {}),
        quarantine=quarantine,
        seconds=round(seconds, 3),
    )


def reader_checks(rejected: pa.Table | None) -> list[Check]:
    """What the reader judged before any suite: one failed check per rule.

    Args:
        rejected: Rows of `genrelab.ingested.QUARANTINE`.
    """
    if rejected is None or not len(rejected):
        return []
    counts: Counter[str] = Counter()
    examples: dict[str, list[Example]] = {}
    for row in rejected.to_pylist():
        for rule in row["rules"]:
            counts[rule] += 1
            shown = examples.setdefault(rule, [])
            if len(shown) < EXAMPLES:
                shown.append(_example(row, rule))
    return [
        Check(
            rule=rule,
            kind="reader",
            severity=CRITICAL,
            reason="",
            column=rule.partition(": ")[0],
            human=False,
            passed=False,
            failing=count,
            observed=f"{count:,} records",
            examples=tuple(examples[rule]),
        )
        for rule, count in counts.most_common()
    ]


def _example(row: Mapping[str, Any], rule: str) -> Example:
    value = json.loads(row["record"]).get(rule.partition(": ")[0], row["reasons"][row["rules"].index(rule)])
    return Example(row["source"], row["source_row"], value)
