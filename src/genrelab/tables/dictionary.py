"""What the data dictionary and the report show of a declared table: its columns, numbered families cut short."""

from genrelab.lake.schema import Column, Table

MANY = 80
"""Tables with more columns than this show only the first and last column of each numbered family."""


def shown_columns(table: Table) -> list[Column]:
    """Return the columns of a table; of a wide one, only the first and last column of every numbered family."""
    columns = list(table)
    if len(columns) <= MANY:
        return columns
    stems = [_stem(column.name) for column in columns]
    last = len(columns) - 1
    return [
        column
        for place, column in enumerate(columns)
        if place in {0, last} or not stems[place - 1] == stems[place] == stems[place + 1]
    ]


def _stem(name: str) -> str:
    return name.rstrip("0123456789") if name[-1].isdigit() else name
