"""Missing values of every column of a table, a few columns at a time.

Wide tables (518 features, 249 Echo Nest columns) and long texts are read in blocks, so that the memory needed does
not grow with the number of columns.
"""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.result import ColumnGaps, TableGaps
from genrelab.lake.schema import Column
from genrelab.tables import TABLES

BLOCK = 32
"""Columns read at a time; a column of text is read alone."""


def count_gaps(inputs: Inputs, table: str) -> TableGaps:
    """Return the missing values of the official columns of a published table."""
    version = inputs.version(table)
    found: list[ColumnGaps] = []
    rows = version.counts.rows
    for block in blocks([column for column in TABLES[table] if column.official]):
        data = inputs.read(table, [column.name for column in block])
        rows = len(data)
        found += [gaps_of(column, data[column.name]) for column in block]
    return TableGaps(table, version.version, version.is_sample, rows, tuple(found))


def blocks(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Return the columns in blocks that are small enough to read at once, in order."""
    block: list[Column] = []
    for column in columns:
        if column.is_number and len(block) < BLOCK:
            block.append(column)
            continue
        if block:
            yield block
        block = [column] if column.is_number else []
        if not column.is_number:
            yield [column]
    if block:
        yield block


def gaps_of(column: Column, values: pa.ChunkedArray) -> ColumnGaps:
    """Return the missing values of one column, and FMA's own marks for what is unknown.

    Args:
        column: Its declaration: -1 marks an unknown value where it is the smallest legal one.
        values: Its values.
    """
    missing = _count(pc.is_null(values, nan_is_null=pa.types.is_floating(column.type)))
    unknown = empty = 0
    if column.low == -1:
        unknown = _count(pc.equal(values, -1))
    elif pa.types.is_list(column.type):
        empty = _count(pc.equal(pc.list_value_length(values), 0))
    elif pa.types.is_string(column.type):
        empty = _count(pc.equal(pc.utf8_trim_whitespace(values), ""))
    return ColumnGaps(column.name, missing, unknown, empty)


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)
