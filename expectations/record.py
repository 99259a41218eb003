"""Records of the checks that a reader makes before the suite.

Conventions: checks of a reader (such as text in a number column) are listed with those of the suite, so that the
counts of all failed checks explain the quarantine.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from expectations.verdict import EXAMPLES
from genrelab.lake.validation_records import CRITICAL, Check, Example


def reader_checks(rejected: pa.Table | None) -> list[Check]:
    """Return the checks that failed in the reader, one per rule.

    Args:
        rejected: Rows of `genrelab.lake.ingested.QUARANTINE`.
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
