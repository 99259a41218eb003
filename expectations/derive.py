"""From a declaration to a suite: presence, legal range, closed set, uniqueness of the key.

What only a human knows does not belong here: each table has a file of its own for that.
"""

from dataclasses import dataclass

import great_expectations as gx
import great_expectations.expectations as gxe

from genrelab.schema import Column, Table


@dataclass(frozen=True)
class Human:
    """What a person knows and no declaration says.

    Args:
        rule: Name, `<column or table>: <what must hold>`.
        reason: Why, for whoever reads the warning.
        expectation: The check; severity `critical` rejects rows or refuses the table, `warning` reports.
    """

    rule: str
    reason: str
    expectation: gxe.Expectation


def suite(
    table: Table, human: tuple[Human, ...] = (), columns: tuple[str, ...] | None = None
) -> gx.ExpectationSuite:
    """The whole suite of a table.

    Args:
        table: The declaration.
        human: What only a human knows.
        columns: Check only these columns (those that a source has).
    """
    checked = [column for column in table if columns is None or column.name in columns]
    found = gx.ExpectationSuite(name=table.name)
    for column in checked:
        for expectation in _of_column(column):
            found.add_expectation(expectation)
    found.add_expectation(
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=list(table.key),
            severity="critical",
            meta={"rule": f"{', '.join(table.key)}: unique"},
        )
        if len(table.key) > 1
        else gxe.ExpectColumnValuesToBeUnique(
            column=table.key[0],
            severity="critical",
            meta={"rule": f"{table.key[0]}: unique"},
        ),
    )
    found.add_expectation(
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1, severity="critical", meta={"rule": "table: not empty"}
        ),
    )
    for known in human:
        known.expectation.meta = {"rule": known.rule, "reason": known.reason}
        found.add_expectation(known.expectation)
    return found


def _of_column(column: Column) -> list[gxe.Expectation]:
    found: list[gxe.Expectation] = []
    if not column.nullable:
        found.append(
            gxe.ExpectColumnValuesToNotBeNull(
                column=column.name, severity="critical", meta={"rule": f"{column.name}: present"}
            ),
        )
    rule = {"rule": f"{column.name}: {column.allowed}"}
    if column.choices:
        found.append(
            gxe.ExpectColumnValuesToBeInSet(
                column=column.name, value_set=list(column.choices), severity="critical", meta=rule
            ),
        )
    elif column.low is not None or column.high is not None:
        found.append(
            gxe.ExpectColumnValuesToBeBetween(
                column=column.name,
                min_value=column.low,
                max_value=column.high,
                severity="critical",
                meta=rule,
            ),
        )
    return found
