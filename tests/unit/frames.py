"""Legal frames, made from the declarations: the tests break them one mutation at a time."""

import datetime as dt

import pyarrow as pa

from genrelab.schema import Column, Table


def legal(table: Table, rows: int = 40) -> pa.Table:
    """A frame of `rows` rows that every derived rule accepts; key columns count upwards."""
    return pa.table(
        {
            column.name: pa.array([_value(column, table, row) for row in range(rows)], column.type)
            for column in table
        },
    )


def changed(data: pa.Table, column: str, row: int, value: object) -> pa.Table:
    """The same frame with one cell changed."""
    values = data[column].to_pylist()
    values[row] = value
    return data.set_column(
        data.schema.get_field_index(column), column, pa.array(values, data.schema.field(column).type)
    )


def _value(column: Column, table: Table, row: int) -> object:
    if column.name == "source":
        return "made.csv"
    if column.name == "source_row":
        return row + 1
    if column.choices:
        return column.choices[row % len(column.choices)]
    if pa.types.is_map(column.type):
        return [("a", 0.75), ("b", 0.25)]
    if pa.types.is_list(column.type):
        return [1, 2] if pa.types.is_integer(column.type.value_type) else ["a", "b"]
    if pa.types.is_timestamp(column.type):
        return dt.datetime(2020, 1, 1, tzinfo=dt.UTC if column.type.tz else None) + dt.timedelta(days=row)
    if pa.types.is_boolean(column.type):
        return True
    if not column.is_number:
        return f"{column.name} {row}"
    low = column.low if column.low is not None else 0
    high = column.high if column.high is not None else low + 1000
    value = low + row if column.name in table.key else low + (high - low) * (row + 1) / 50
    return int(value) if pa.types.is_integer(column.type) else float(value)
