"""FMA's CSV layout, for writing: header rows per level, then a row that names the index."""

import csv
import io
from collections.abc import Iterable, Sequence

from genrelab.lake.schema import Column, Table

LEVEL_NAMES = {"fma_features": ("feature", "statistics", "number")}


def official_columns(table: Table) -> list[Column]:
    """The columns of the official file in its order, without the index.

    Args:
        table: A table of `genrelab.tables.fma` whose file has several header rows.
    """
    return [column for column in table if column.official and column.name not in table.key]


def official_header(table: Table) -> bytes:
    """The header rows of the official file.

    Args:
        table: A table whose official names have two or three levels.
    """
    names = [column.official.split(".") for column in official_columns(table)]
    levels = max(len(parts) for parts in names)
    first = LEVEL_NAMES.get(table.name, ("",) * levels)
    rows = [[first[level], *(parts[level] for parts in names)] for level in range(levels)]
    return csv_bytes([*rows, [table.key[0], *([""] * len(names))]])


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as UTF-8 CSV with line feeds, as pandas writes it; None is an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
