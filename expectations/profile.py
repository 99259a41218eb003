"""Check a wide table through its column profile: one row per column instead of a hundred thousand per column.

A table of 518 features is not held in memory, so its rows were judged one by one while they were read; what is
audited here is the profile of what is left. Anything found refuses the table: no row can be named any more.
"""

from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

from expectations.check import Verdict, new_context, validate, verdict_of
from genrelab.profile import Profile
from genrelab.schema import Table


def check_profile(table: Table, profile: Profile) -> Verdict:
    """Audit a table by the profile of its columns.

    Args:
        table: The declaration.
        profile: Of every column of the staged rows.

    Returns:
        The verdict; `refusals` name the columns, `rows` is always empty.
    """
    context = new_context()
    frame = _frame(table, profile)
    suite = gx.ExpectationSuite(name=f"{table.name}_profile")
    for column, rule in (
        ("missing_where_required", "required columns: no missing value"),
        ("non_finite", "numbers: finite"),
        ("below", "numbers: not below the legal range"),
        ("above", "numbers: not above the legal range"),
    ):
        suite.add_expectation(
            gxe.ExpectColumnValuesToBeBetween(
                column=column, min_value=0, max_value=0, severity="critical", meta={"rule": rule}
            ),
        )
    suite.add_expectation(
        gxe.ExpectColumnValuesToBeBetween(
            column="rows", min_value=1, severity="critical", meta={"rule": "table: not empty"}
        ),
    )
    found = verdict_of(validate(context, frame, suite))
    refusals = [
        f"{rule}: {', '.join(columns[:5])}" + (f" and {len(columns) - 5} more" if len(columns) > 5 else "")  # noqa: PLR2004 - examples
        for rule, columns in _by_rule(found, frame).items()
    ]
    return Verdict({}, (*found.refusals, *refusals), found.warnings, found.checked)


def _frame(table: Table, profile: Profile) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for column in table:
        seen = profile[column.name]
        rows.append(
            {
                "column": column.name,
                "rows": seen.rows,
                "missing_where_required": 0 if column.nullable else seen.missing,
                "non_finite": seen.non_finite,
                "below": 0.0 if column.low is None or seen.low is None else max(column.low - seen.low, 0.0),
                "above": 0.0
                if column.high is None or seen.high is None
                else max(seen.high - column.high, 0.0),
            }
        )
    return pd.DataFrame(rows)


def _by_rule(found: Verdict, frame: pd.DataFrame) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for position, broken in found.rows.items():
        for each in broken:
            rules.setdefault(each.rule, []).append(str(frame["column"].iloc[position]))
    return rules
