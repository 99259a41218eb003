"""Checks shared by FMA's raw tables, whose cells are text: the checks are about the form of a text.

Conventions: all checks are warnings, because the tables are kept as they were crawled. A form that nearly all cells
have reveals shifted columns.
"""

import great_expectations.expectations as gxe

from expectations.domain_rules import DomainRule

WARNING = "warning"
MOSTLY = 0.95
NUMBER = r"^-?\d+(?:\.\d+)?$"
WHOLE = r"^-?\d+(?:\.0+)?$"
ADDRESS = r"^https?://"
DAY = r"^\d{1,2}/\d{1,2}/\d{4}"
DURATION = r"^(?:\d+:)?\d{1,3}:\d{2}$"
LISTED = r"^\[.*\]$"


def mostly_matches(column: str, form: str, pattern: str, reason: str) -> DomainRule:
    """Return a check that nearly all texts of a column have a form.

    Args:
        column: The column.
        form: The form in words, e.g. `an address`.
        pattern: The form as a regular expression.
        reason: Why.
    """
    return DomainRule(
        f"{column}: {form} in {MOSTLY:.0%} of rows",
        reason,
        gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern, mostly=MOSTLY, severity=WARNING),
    )


def mostly_present(column: str, reason: str) -> DomainRule:
    """Return a check that nearly all rows have a value."""
    return DomainRule(
        f"{column}: there in {MOSTLY:.0%} of rows",
        reason,
        gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=MOSTLY, severity=WARNING),
    )
