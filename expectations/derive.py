"""Derive a suite from a declaration: presence, legal range, closed set, unique key, size.

Checks that people write belong in the file of their table, not here.
"""

from collections.abc import Collection, Sequence

import great_expectations.expectations as gxe

from expectations.domain_rules import DomainRule
from genrelab.lake.schema import Column, Table
from genrelab.lake.validation_records import CRITICAL, WARNING

SHRUNK, GROWN = 0.8, 2.0
"""Ratios to the rows of the last version of the same source; outside of them there is a warning."""
SIZE_REASON = (
    "a source that suddenly loses a fifth of its rows is truncated; one that doubles them was read twice"
)


def suite(
    table: Table, human: Sequence[DomainRule] = (), columns: Collection[str] | None = None
) -> list[gxe.Expectation]:
    """Return the suite for the rows of a table.

    Args:
        table: The declaration.
        human: Checks of rows that people wrote.
        columns: Check only these columns (those that the source has); none omits the checks of the declaration.
    """
    checked = [column for column in table if columns is None or column.name in columns]
    found = [expectation for column in checked for expectation in _of_column(column)]
    if checked:
        found += [_unique_key(table), _not_empty()]
    return [*found, *map(_expectation_of, human)]


def suite_of_whole(human: Sequence[DomainRule], numbers: Collection[str]) -> list[gxe.Expectation]:
    """Return the suite for numbers computed from a whole table.

    Args:
        human: Checks of the whole table that people wrote.
        numbers: Names of the numbers that were computed.
    """
    of_size = [size_rule()] if "rows_of_the_last_version" in numbers else []
    return [*of_size, *map(_expectation_of, human)]


def size_rule() -> gxe.Expectation:
    """Return the check of the number of rows relative to the last version of the same source."""
    rule = f"table: {SHRUNK:g} to {GROWN:g} times the rows of the last version"
    return gxe.ExpectColumnMaxToBeBetween(
        column="rows_of_the_last_version",
        min_value=SHRUNK,
        max_value=GROWN,
        severity=WARNING,
        meta=_meta(rule, "size", SIZE_REASON, human=True),
    )


def _expectation_of(check: DomainRule) -> gxe.Expectation:
    check.expectation.meta = rule_meta(check.rule, check.reason) | {
        "refuses": check.refuses,
        "broken": check.broken,
    }
    return check.expectation


def rule_meta(rule: str, reason: str) -> dict[str, object]:
    """Return what is recorded of a check that a person wrote."""
    return _meta(rule, "knowledge", reason, human=True)


def _meta(rule: str, kind: str, reason: str = "", *, human: bool = False) -> dict[str, object]:
    return {"rule": rule, "kind": kind, "reason": reason, "human": human}


def _unique_key(table: Table) -> gxe.Expectation:
    meta = _meta(f"{', '.join(table.key)}: unique", "uniqueness")
    if len(table.key) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key), severity=CRITICAL, meta=meta)
    return gxe.ExpectColumnValuesToBeUnique(column=table.key[0], severity=CRITICAL, meta=meta)


def _not_empty() -> gxe.Expectation:
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=1, severity=CRITICAL, meta=_meta("table: not empty", "size")
    )


def _of_column(column: Column) -> list[gxe.Expectation]:
    found: list[gxe.Expectation] = []
    if not column.nullable:
        found.append(
            gxe.ExpectColumnValuesToNotBeNull(
                column=column.name, severity=CRITICAL, meta=_meta(f"{column.name}: present", "presence")
            ),
        )
    rule = f"{column.name}: {column.allowed}"
    if column.choices:
        found.append(
            gxe.ExpectColumnValuesToBeInSet(
                column=column.name,
                value_set=list(column.choices),
                severity=CRITICAL,
                meta=_meta(rule, "closed set"),
            ),
        )
    elif column.low is not None or column.high is not None:
        found.append(
            gxe.ExpectColumnValuesToBeBetween(
                column=column.name,
                min_value=column.low,
                max_value=column.high,
                severity=CRITICAL,
                meta=_meta(rule, "range"),
            ),
        )
    return found
