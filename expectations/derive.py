"""From a declaration to a suite: presence, legal range, closed set, uniqueness of the key, size.

What only a person knows does not belong here: each table has a file of its own for that.
"""

from collections.abc import Collection, Sequence

import great_expectations.expectations as gxe

from expectations.domain_rules import DomainRule
from genrelab.lake.schema import Column, Table
from genrelab.lake.validation_records import CRITICAL, WARNING

SHRUNK, GROWN = 0.8, 2.0
"""Rows against the last version of the same source, below and above which a table is looked at."""
SIZE_REASON = "a source that loses a fifth of its rows overnight is cut, one that doubles them is read twice"


def suite(
    table: Table, human: Sequence[DomainRule] = (), columns: Collection[str] | None = None
) -> list[gxe.Expectation]:
    """The suite for the rows of a table.

    Args:
        table: The declaration.
        human: What only a person knows of rows.
        columns: Check only these columns (those that a source has); none leaves the declaration out.
    """
    checked = [column for column in table if columns is None or column.name in columns]
    found = [expectation for column in checked for expectation in _of_column(column)]
    if checked:
        found += [_unique_key(table), _not_empty()]
    return [*found, *map(_known, human)]


def suite_of_whole(human: Sequence[DomainRule], numbers: Collection[str]) -> list[gxe.Expectation]:
    """The suite for the numbers of a table as a whole.

    Args:
        human: What only a person knows of the whole.
        numbers: Names of the numbers that were computed.
    """
    of_size = [size_rule()] if "rows_of_the_last_version" in numbers else []
    return [*of_size, *map(_known, human)]


def size_rule() -> gxe.Expectation:
    """Rows against the last version of the same source, over a column that holds their ratio."""
    rule = f"table: {SHRUNK:g} to {GROWN:g} times the rows of the last version"
    return gxe.ExpectColumnMaxToBeBetween(
        column="rows_of_the_last_version",
        min_value=SHRUNK,
        max_value=GROWN,
        severity=WARNING,
        meta=_meta(rule, "size", SIZE_REASON, human=True),
    )


def _known(known: DomainRule) -> gxe.Expectation:
    known.expectation.meta = _meta(known.rule, "knowledge", known.reason, human=True) | {
        "refuses": known.refuses
    }
    return known.expectation


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
