"""One kind of dirt in one column of a legal frame, and the ways in which cells become dirty.

The kinds themselves stand by source in `dirt_spotify`, `dirt_fma` and `dirt_origin`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
from frames import legal

from expectations.check import human_part, needs
from genrelab.tables import TABLES

Change = Callable[[list[object]], list[object]]
ROW = 5
MANY = 1_200
"""Rows from which on rules about shares speak."""


@dataclass(frozen=True)
class Mutation:
    """One kind of dirt.

    Args:
        table: Where.
        column: In which column.
        dirt: What kind, in words.
        rule: Start of the rule that must name it.
        change: From legal values of the column to dirty ones.
        rows: Of the frame.
    """

    table: str
    column: str
    dirt: str
    rule: str
    change: Change
    rows: int = 40

    def frame(self) -> pa.Table:
        """The legal frame with its dirt: the column, and those that rules about it look at besides."""
        declared = TABLES[self.table]
        columns = {self.column, *declared.key}
        for known in human_part(self.table):
            if known.rule.startswith(self.rule):
                columns |= needs(known)
        whole = declared.is_wide and self.table.startswith("fma")
        data = legal(declared, self.rows, None if whole else columns)
        field = data.schema.field(self.column)
        place = data.schema.get_field_index(self.column)
        return data.set_column(place, field, pa.array(self.change(data[self.column].to_pylist()), field.type))


def cell(value: object) -> Change:
    """One cell has another value."""
    return lambda values: [value if row == ROW else each for row, each in enumerate(values)]


def last(value: object) -> Change:
    """The last cell has another value."""
    return lambda values: [*values[:-1], value]


def all_of(value: object) -> Change:
    """All cells have one value."""
    return lambda values: [value] * len(values)


def first(share: float, value: object) -> Change:
    """The first cells have one value."""
    return lambda values: [value if row < share * len(values) else each for row, each in enumerate(values)]


def copied() -> Change:
    """One cell repeats the one before it."""
    return lambda values: [values[ROW - 1] if row == ROW else each for row, each in enumerate(values)]


def scaled(factor: float) -> Change:
    """All values times a factor."""
    return lambda values: [each * factor for each in values]
