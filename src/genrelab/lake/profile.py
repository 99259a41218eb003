"""The column profile: what an audit needs of a table that is too wide or too long for memory.

Conventions: one line per column; text has no minimum, maximum or mean; missing values count in none of the
three. Profiles of the parts of a table add up to the profile of the whole.

Which values are legal does not belong here: the declaration says it, and `expectations` judges.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class ColumnProfile:
    """One column.

    Args:
        rows: Rows of the table.
        missing: Rows without a value.
        non_finite: Rows with NaN or an infinite value.
        low: Smallest finite value, None when there is no number.
        high: Largest finite value, None when there is no number.
        total: Sum of the finite values.
    """

    rows: int
    missing: int = 0
    non_finite: int = 0
    low: float | None = None
    high: float | None = None
    total: float = 0.0

    @property
    def mean(self) -> float | None:
        """Mean of the finite values, None when there is none."""
        count = self.rows - self.missing - self.non_finite
        return self.total / count if self.low is not None and count else None

    def __add__(self, other: "ColumnProfile") -> "ColumnProfile":
        lows = [value for value in (self.low, other.low) if value is not None]
        highs = [value for value in (self.high, other.high) if value is not None]
        return ColumnProfile(
            self.rows + other.rows,
            self.missing + other.missing,
            self.non_finite + other.non_finite,
            min(lows) if lows else None,
            max(highs) if highs else None,
            self.total + other.total,
        )


Profile = Mapping[str, ColumnProfile]
"""Column profiles by column name."""


def profile_column(column: pa.ChunkedArray | pa.Array) -> ColumnProfile:
    """Profile of one column.

    >>> profile_column(pa.array([1.0, None, 3.0]))
    ColumnProfile(rows=3, missing=1, non_finite=0, low=1.0, high=3.0, total=4.0)
    """
    rows, missing = len(column), column.null_count
    if rows == missing or not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return ColumnProfile(rows, missing)
    total = pc.sum(column).as_py()
    if math.isfinite(total):
        ends = pc.min_max(column).as_py()
        return ColumnProfile(rows, missing, 0, float(ends["min"]), float(ends["max"]), float(total))
    finite = column.filter(pc.is_finite(column))
    return profile_column(finite) + ColumnProfile(rows - len(finite), missing, rows - len(finite) - missing)


def profile_table(table: pa.Table) -> dict[str, ColumnProfile]:
    """Profile of every column that is not a list."""
    return {name: profile_column(table[name]) for name in table.column_names}


def add_profiles(profiles: Iterable[Profile]) -> dict[str, ColumnProfile]:
    """Profile of a table from the profiles of its parts."""
    whole: dict[str, ColumnProfile] = {}
    for part in profiles:
        for name, column in part.items():
            whole[name] = whole[name] + column if name in whole else column
    return whole
