"""A table is declared once: columns with type, unit, meaning, legal range and key.

From the declaration come the Parquet schema, the expectation suite, the data dictionary and the synthetic
frames of the tests.

Conventions: ranges are inclusive; a column without `low` and `high` has no legal range; `choices` is a closed
set. Values in a null cell are never checked: `nullable` alone decides whether they may be missing.

What a value *means for music* (a tempo of 0 marks a sound effect) does not belong here but in
`expectations/`, with its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

WIDE = 64
"""From this many columns on, a table is checked through its column profile."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        name: Name in the table, snake_case.
        type: Arrow type.
        meaning: One sentence.
        unit: Unit of the values, empty where there is none.
        low: Smallest legal value.
        high: Largest legal value.
        choices: The closed set of legal values, empty where any value is legal.
        nullable: Whether a value may be missing.
        official: The name the column has where it comes from, where that differs.
    """

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str | int, ...] = ()
    nullable: bool = False
    official: str = ""

    @property
    def is_number(self) -> bool:
        """Whether values are integers or floats."""
        return bool(pa.types.is_integer(self.type) or pa.types.is_floating(self.type))

    @property
    def allowed(self) -> str:
        """The legal values in words, for messages and the data dictionary."""
        if self.choices:
            return "one of " + ", ".join(map(str, self.choices))
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"at least {self.low:g}"
        if self.high is not None:
            return f"at most {self.high:g}"
        return "a number" if self.is_number else "any value"


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and the columns that identify a row.

    Args:
        name: Folder name in the lake.
        meaning: One sentence.
        columns: The columns, in order.
        key: Names of the columns that identify a row.
        licence: Licence of the data, where it is known.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    licence: str = ""

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        doubled = sorted({name for name in names if names.count(name) > 1})
        missing = [name for name in self.key if name not in names]
        if doubled or missing:
            raise ValueError(f"table {self.name}: doubled columns {doubled}, key not among columns {missing}")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def is_wide(self) -> bool:
        """Whether the table is checked through its column profile (518 features, 249 Echo Nest columns)."""
        return len(self.columns) >= WIDE

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema; meaning and unit travel as field metadata."""
        return pa.schema(
            [
                pa.field(
                    column.name,
                    column.type,
                    nullable=True,  # the audit finds missing values by name; Parquet only says "null"
                    metadata={"meaning": column.meaning, "unit": column.unit},
                )
                for column in self.columns
            ],
        )
