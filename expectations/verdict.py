"""The result of a suite: failing rows, reasons to refuse the table, and warnings.

Conventions: rows are identified by their position in the frame. Independent of Great Expectations.
"""

from dataclasses import dataclass, field
from typing import Any

from genrelab.lake.validation_records import Check

EXAMPLES = 5


@dataclass(frozen=True)
class Broken:
    """One rule that one row breaks.

    Args:
        rule: Name of the rule.
        value: The value found.
    """

    rule: str
    value: object

    def __str__(self) -> str:
        column, _, allowed = self.rule.partition(": ")
        return f"{column} is {self.value!r}, allowed: {allowed}"


@dataclass(frozen=True)
class Verdict:
    """The result of a suite for a frame.

    Args:
        rows: For each failing row, by position, the rules that it breaks.
        refusals: Why the table may not be published; empty if it may.
        warnings: The warnings, one sentence each.
        checks: Every rule that was checked.
    """

    rows: dict[int, list[Broken]] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def checked(self) -> int:
        """How many rules were checked."""
        return len(self.checks)

    def __add__(self, other: "Verdict") -> "Verdict":
        rows = {row: [*self.rows.get(row, []), *other.rows.get(row, [])] for row in self.rows | other.rows}
        return Verdict(
            rows,
            self.refusals + other.refusals,
            self.warnings + other.warnings,
            self.checks + other.checks,
        )


def plain(value: object) -> Any:
    """Convert a value for JSON: no numpy types, NaN becomes None, a time becomes text."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value:  # noqa: PLR0124 - NaN is a missing value
        return None
    return value if isinstance(value, (bool, int, float, str)) else str(value)
