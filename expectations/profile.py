"""Check a wide table through its column profile: one row per column instead of a hundred thousand per column.

A table of 518 features does not fit into memory, so the reader checks its rows while reading. This module checks the
profile of the remaining rows, and the few columns that people wrote checks for. A critical failure refuses the table,
because rows can no longer be identified.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd
import pyarrow.parquet as pq

from expectations.baseline import Baseline
from expectations.check import NO_BASELINE, check_rows, human_part, needs, suite_module, verdict_in
from expectations.derive import size_rule
from expectations.outcome import ValidationTarget
from expectations.verdict import Verdict
from genrelab.lake.profile import Profile
from genrelab.lake.schema import Table
from genrelab.lake.validation_records import CRITICAL

PROVENANCE = {"source", "source_row"}
FEWEST = 10
"""Number of rows from which a constant column is not a coincidence."""


@dataclass(frozen=True)
class ProfileRule:
    """A check of the columns of a wide table that a person wrote.

    Args:
        rule: Name, `<columns>: <what must hold>`.
        reason: Why.
        severity: `critical` refuses the table, `warning` reports.
        excess: Returns how far each column is outside its limits, 0 if it is inside; columns that are not returned
            are not checked.
    """

    rule: str
    reason: str
    severity: str
    excess: Callable[[Profile], Mapping[str, float]]


def within(
    is_meant: Callable[[str], bool], low: float | None = None, high: float | None = None
) -> Callable[[Profile], dict[str, float]]:
    """Return a function that measures how far columns are outside a range."""

    def excess(profile: Profile) -> dict[str, float]:
        return {
            name: max(
                0.0 if low is None else low - seen.low,
                0.0 if high is None or seen.high is None else seen.high - high,
                0.0,
            )
            for name, seen in profile.items()
            if is_meant(name) and seen.low is not None
        }

    return excess


def constant(profile: Profile) -> dict[str, float]:
    """1 for a column with the same number in all of at least `FEWEST` rows, else 0."""
    return {
        name: float(seen.low == seen.high)
        for name, seen in profile.items()
        if seen.low is not None and seen.rows - seen.missing >= FEWEST and name not in PROVENANCE
    }


def profile_part(table: str) -> tuple[ProfileRule, ...]:
    """Return the checks of `expectations/<table>.py` for the columns of a wide table."""
    module = suite_module(table)
    return tuple(getattr(module, "PROFILE", ()))


def check_staged(
    table: Table,
    profile: Profile,
    files: Sequence[Path] = (),
    baseline: Baseline = NO_BASELINE,
    released: Collection[str] = (),
) -> Verdict:
    """Check a staged table and return the verdict.

    Args:
        table: The declaration.
        profile: Profile of every column of the staged rows.
        files: Parquet files with the rows; only the columns that people wrote checks for are read.
        baseline: Earlier data to compare with.
        released: Rules that rows may break because a person released them.

    Returns:
        The verdict; `rows` is always empty.
    """
    verdict = check_profile(table, profile, baseline, released)
    named = set().union(*(needs(each) for each in human_part(table.name))) & set(table.names)
    if not files or not named:
        return verdict
    columns = [name for name in table.names if name in named | PROVENANCE]
    data = pq.ParquetDataset([str(file) for file in files]).read(columns=columns)
    if not len(data):
        return verdict
    found = check_rows(table, data, baseline, columns=columns, declared=False)
    broken = sorted({each.rule for rules in found.rows.values() for each in rules})
    return verdict + Verdict({}, (*found.refusals, *broken), found.warnings, found.checks)


def check_profile(
    table: Table, profile: Profile, baseline: Baseline = NO_BASELINE, released: Collection[str] = ()
) -> Verdict:
    """Check a table by the profile of its columns and return the verdict.

    Args:
        table: The declaration.
        profile: Profile of every column of the staged rows.
        baseline: Earlier data to compare with.
        released: Rules that rows may break because a person released them.

    Returns:
        The verdict; `refusals` name the columns, `rows` is always empty.
    """
    known = profile_part(table.name)
    frame = _frame(table, profile, known, released)
    suite: list[gxe.Expectation] = []
    for column, rule, kind in (
        ("missing_where_required", "required columns: no missing value", "presence"),
        ("non_finite", "numbers: finite", "range"),
        ("outside", "numbers: within the legal range", "range"),
    ):
        suite.append(_zero(column, CRITICAL, {"rule": rule, "kind": kind, "human": False}))
    suite.append(
        gxe.ExpectColumnValuesToBeBetween(
            column="rows",
            min_value=1,
            severity=CRITICAL,
            meta={"rule": "table: not empty", "kind": "size", "human": False},
        ),
    )
    for number, each in enumerate(known):
        meta = {"rule": each.rule, "reason": each.reason, "kind": "knowledge", "human": True}
        suite.append(_zero(f"rule_{number}", each.severity, meta))
    rows = int(frame["rows"].max())
    if baseline.rows:
        frame["rows_of_the_last_version"] = rows / baseline.rows
        suite.append(size_rule())
    names = frame["column"].tolist()
    judged = ValidationTarget("columns", len(frame), lambda position: (names[position], None))
    return verdict_in(frame, f"{table.name} by column", suite, judged)


def _zero(column: str, severity: str, meta: dict[str, object]) -> gxe.Expectation:
    return gxe.ExpectColumnValuesToBeBetween(
        column=column, min_value=0, max_value=0, severity=severity, meta=meta
    )


def _frame(
    table: Table, profile: Profile, known: Sequence[ProfileRule], released: Collection[str]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for column in table:
        seen = profile[column.name]
        is_judged = f"{column.name}: {column.allowed}" not in released
        below = column.low - seen.low if column.low is not None and seen.low is not None else 0.0
        above = seen.high - column.high if column.high is not None and seen.high is not None else 0.0
        rows.append(
            {
                "column": column.name,
                "rows": seen.rows,
                "missing_where_required": 0 if column.nullable else seen.missing,
                "non_finite": seen.non_finite,
                "outside": max(below, above, 0.0) if is_judged else 0.0,
            }
        )
    frame = pd.DataFrame(rows)
    for number, each in enumerate(known):
        frame[f"rule_{number}"] = frame["column"].map(dict(each.excess(profile))).astype(float)
    return frame
