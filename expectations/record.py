"""The record of an audit: what people and the report are told of a table, as JSON values.

Conventions: see docs/validation.md for every key. Rules that a reader judged (text where a number belongs) stand
beside those of the suite, so that the counts of all failing rules explain the quarantine.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from expectations.verdict import CRITICAL, EXAMPLES, Check, Verdict
from genrelab.table_version import Counts
from genrelab.validation import PASSED, REFUSED, WARNED


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
) -> dict[str, Any]:
    """The record of a published version (`version` is its number) or of a refused try (None)."""
    checks = [*_with_releases(verdict.checks, released or {}), *reader_checks(judged_by_reader)]
    failed = any(not check.passed for check in checks) or counts.quarantined
    return {
        "table": table,
        "version": version,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "sample": sample,
        "verdict": REFUSED if version is None else WARNED if failed else PASSED,
        **asdict(counts),
        "quarantined_share": round(counts.quarantined / counts.read, 6) if counts.read else 0.0,
        "share_limit": share_limit,
        "checks": [check.as_json() for check in checks],
        "refusals": list(refusals),
        "last_good": last_good,
        "origins": list(origins),
        "made_from": dict(made_from or {}),
        "quarantine": quarantine,
        "seconds": round(seconds, 3),
    }


def reader_checks(rejected: pa.Table | None) -> list[Check]:
    """What the reader judged before any suite: one failed check per rule.

    Args:
        rejected: Rows of `genrelab.ingested.QUARANTINE`.
    """
    if rejected is None or not len(rejected):
        return []
    counts: Counter[str] = Counter()
    examples: dict[str, list[dict[str, Any]]] = {}
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


def _example(row: Mapping[str, Any], rule: str) -> dict[str, Any]:
    column = rule.partition(": ")[0]
    record = json.loads(row["record"])
    value = record.get(column, row["reasons"][row["rules"].index(rule)])
    return {"source": row["source"], "source_row": row["source_row"], "value": value}


def _with_releases(checks: Collection[Check], released: Mapping[str, int]) -> list[Check]:
    return [replace(check, released=released.get(check.rule, 0)) for check in checks]
