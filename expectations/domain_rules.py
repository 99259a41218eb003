"""What a person knows and no declaration says, and the numbers that such a rule looks at.

A rule of Great Expectations sees columns. Where a person's rule is about more than one row ("an artist has one
set of micro-genres"), the number it judges is computed first: `PerRow` as a helper column, `OfTable` as one number
of the whole table. The judging stays with the expectation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import great_expectations.expectations as gxe
import pyarrow as pa

from expectations.baseline import Baseline


@dataclass(frozen=True)
class PerRow:
    """A helper column.

    Args:
        name: Its name in the frame that is checked.
        columns: What it is computed from; a table that lacks one is not checked by the rule.
        compute: From these columns to one value per row.
    """

    name: str
    columns: tuple[str, ...]
    compute: Callable[[pa.Table], Any]


@dataclass(frozen=True)
class OfTable:
    """A number of the whole table.

    Args:
        name: Its name in the frame of one row that is checked.
        columns: What it is computed from.
        compute: From these columns and the past to the number; None leaves the rule out (nothing to compare).
    """

    name: str
    columns: tuple[str, ...]
    compute: Callable[[pa.Table, Baseline], float | None]


@dataclass(frozen=True)
class DomainRule:
    """One thing that a person knows.

    Args:
        rule: Name, `<column or table>: <what must hold>`.
        reason: Why, for whoever reads the warning.
        expectation: The check; severity `critical` rejects rows or refuses the table, `warning` reports.
        computed_from: The number it judges, where that is no column.
        refuses: Whether failing rows refuse the table instead of being rejected one by one.
    """

    rule: str
    reason: str
    expectation: gxe.Expectation
    computed_from: PerRow | OfTable | None = None
    refuses: bool = False

    @property
    def severity(self) -> str:
        """`critical` or `warning`."""
        severity = self.expectation.severity
        return str(getattr(severity, "value", severity))
