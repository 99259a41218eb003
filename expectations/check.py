"""Check a table by its suite: run Great Expectations over the rows and convert its results into a verdict.

Conventions: a critical rule about rows rejects the failing rows; a critical rule about the whole table refuses the
table. Nothing is repaired and nothing is written.
"""

import importlib
from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import great_expectations.expectations as gxe
import pyarrow as pa

from expectations.baseline import Baseline
from expectations.by_file import FileRule, findings
from expectations.derive import rule_meta, suite, suite_of_whole
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.outcome import THE_WHOLE, ValidationTarget, looks_at, outcome_of, verdict_of
from expectations.parts import check_in_parts, frame_of, shows_of
from expectations.run import run
from expectations.verdict import Verdict
from genrelab.lake.schema import Table
from genrelab.lake.stored_rows import Rows
from genrelab.lake.validation_records import Check

NO_BASELINE = Baseline()
MANY_ROWS = 250_000
"""Rows from which on a table is checked in parts: the frame of all columns is as large as the table."""


def suite_module(table: str) -> ModuleType | None:
    """Return the module `expectations/<table>.py`, or None if it does not exist."""
    try:
        return importlib.import_module(f"expectations.{table}")
    except ModuleNotFoundError as error:
        if error.name != f"expectations.{table}":
            raise
        return None


def human_part(table: str) -> tuple[DomainRule, ...]:
    """Return the checks of `expectations/<table>.py`, in addition to those of the declaration."""
    return tuple(getattr(suite_module(table), "HUMAN", ()))


def file_part(table: str) -> tuple[FileRule, ...]:
    """Return the checks of `expectations/<table>.py` for the columns of each file."""
    return tuple(getattr(suite_module(table), "FILES", ()))


def check(table: Table, data: Rows, baseline: Baseline = NO_BASELINE) -> Verdict:
    """Check the rows of a table and return the verdict.

    Args:
        table: The declaration.
        data: Rows with the declared columns, or with those that the source has.
        baseline: Earlier data to compare with.

    Returns:
        The verdict; the caller publishes or refuses the table.
    """
    if len(data) <= MANY_ROWS:
        data = data.select(data.column_names)  # read once, not once for each rule and example
    known = [name for name in data.column_names if name in table]
    return check_rows(table, data, baseline, columns=known) + check_files(table, data)


def check_files(table: Table, data: Rows) -> Verdict:
    """Check the columns of each file and return the verdict; without a check if nothing can be compared."""
    rules = file_part(table.name)
    seen, frame = findings(rules, data)
    if not seen:
        return Verdict()
    expected = [
        gxe.ExpectColumnValuesToBeNull(
            column=f"rule_{number}", severity=rule.severity, meta=rule_meta(rule.rule, rule.reason)
        )
        for number, rule in enumerate(rules)
    ]
    judged = ValidationTarget("columns of files", len(seen), lambda place: (seen[place].source, None))
    found = verdict_in(frame, f"{table.name} by file", expected, judged)
    checks = tuple(map(_naming_examples, found.checks))
    return Verdict(warnings=tuple(one.sentence for one in checks if not one.passed), checks=checks)


def _naming_examples(found: Check) -> Check:
    """A check whose result names the first findings, so that a warning says what to look at."""
    if found.passed:
        return found
    named = [f"{each.value} ({each.source})" for each in found.examples]
    more = [f"{found.failing - len(named):,} more"] if found.failing > len(named) else []
    return replace(found, observed=f"{found.observed}: {'; '.join([*named, *more])}")


def check_rows(
    table: Table, data: Rows, baseline: Baseline, *, columns: Sequence[str], declared: bool = True
) -> Verdict:
    """Check rows by the rules that need only `columns`, and return the verdict.

    Args:
        table: The declaration.
        data: Rows that have at least these columns.
        baseline: Earlier data to compare with.
        columns: The columns to check.
        declared: Whether to include the checks of the declaration.
    """
    rules, helpers = _rules(table, columns=columns, declared=declared)
    if len(data) > MANY_ROWS:
        of_rows = check_in_parts(table.name, data, rules, helpers)
    else:
        judged = ValidationTarget.rows_of(data, shows_of(data, helpers))
        of_rows = verdict_in(frame_of(data, rules, helpers), table.name, rules, judged)
    known = [each for each in human_part(table.name) if needs(each) <= set(columns)]
    numbers = {
        each.computed_from.name: number
        for each in known
        if isinstance(each.computed_from, OfTable)
        and (number := each.computed_from.compute(data, baseline)) is not None
    }
    reported = [
        each
        for each in known
        if isinstance(each.computed_from, OfTable) and each.computed_from.name in numbers
    ]
    if baseline.rows and declared:
        numbers["rows_of_the_last_version"] = len(data) / baseline.rows
    if not numbers:
        return of_rows
    frame = pa.table({name: [float(number)] for name, number in numbers.items()}).to_pandas()
    of_whole = suite_of_whole(reported, numbers)
    return of_rows + verdict_in(frame, f"{table.name} as a whole", of_whole, THE_WHOLE, always=True)


def frame_and_rules(
    table: Table, data: pa.Table, *, columns: Sequence[str], declared: bool = True
) -> tuple[Any, list[Any]]:
    """Return the input of Great Expectations: the frame with helper columns, and the expectations."""
    rules, helpers = _rules(table, columns=columns, declared=declared)
    return frame_of(data, rules, helpers), rules


def _rules(table: Table, *, columns: Sequence[str], declared: bool = True) -> tuple[list[Any], list[PerRow]]:
    """The expectations for rows, and the helper columns that they need."""
    known = [
        each
        for each in human_part(table.name)
        if needs(each) <= set(columns) and not isinstance(each.computed_from, OfTable)
    ]
    rules = suite(table, known, columns if declared else ())
    return rules, [each.computed_from for each in known if isinstance(each.computed_from, PerRow)]


def verdict_in(
    frame: Any, name: str, rules: Sequence[Any], judged: ValidationTarget, *, always: bool = False
) -> Verdict:
    """Run a suite over a frame and return the verdict.

    Args:
        frame: Rows; pandas, numbered from 0.
        name: Name of the suite.
        rules: The expectations.
        judged: What the rows of the frame represent.
        always: Whether a passed check reports the value that it found.
    """
    results = run(frame, name, rules, always=always)
    return verdict_of([outcome_of(result, frame) for result in results], judged)


def needs(known: DomainRule) -> set[str]:
    """Return the columns that a check needs."""
    return set(
        known.computed_from.columns if known.computed_from else looks_at(known.expectation.configuration)
    )
