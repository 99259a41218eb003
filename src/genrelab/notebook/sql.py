"""`gl.sql()` and `genrelab sql`: one SELECT over the tables of the lake.

Conventions: every table is a view of its name, over the newest version unless another is named. DuckDB reads Arrow
datasets of the version's Parquet files (its own Delta extension would be a download), so a query reads only the columns
and row groups that it needs.

A query only reads: it is one SELECT (also DESCRIBE, SUMMARIZE, SHOW TABLES), in a database in memory without access to
files, network, extensions and variables of Python, whose configuration is locked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from genrelab.lake.lake import Lake
from genrelab.lake.sorting import interrupted
from genrelab.lake.version import TableVersion
from genrelab.notebook.lake_tables import find_version, open_dataset, require
from genrelab.notebook.places import current_home, warn_of_sample
from genrelab.runtime.errors import GenrelabError

if TYPE_CHECKING:
    import pandas as pd

CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    # With several threads DuckDB 2.0 often waited for ever for one that Ctrl-C had not stopped.
    "threads": 1,
}
NO_TABLE = re.compile(r'Table with name "?([^"\s]+)"? does not exist')
NO_COLUMN = re.compile(r'(?:Referenced column|have a column named) "([^"]+)"')
ONE_SELECT = "one SELECT statement; nothing can be created, changed, attached or written"
BATCH_ROWS = 65_536


@dataclass(frozen=True)
class Query:
    """A query that runs.

    Args:
        schema: Names and types of its columns.
        batches: Its rows, computed when they are read.
        versions: The tables that it names.
    """

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    versions: tuple[TableVersion, ...]


def sql(query: str, version: Mapping[str, int] | None = None) -> "pd.DataFrame":
    """Return the result of one SELECT over the tables of the lake, in DuckDB's SQL.

    Args:
        query: The statement. `show tables` lists the tables, `describe spotify_binned` the columns of one.
        version: Versions by table, for tables that are not to be read in their newest one.

    Returns:
        One row per row of the result, and its columns. Sums of whole numbers are whole numbers if they fit in 64 bits.

    Raises:
        GenrelabError: The query is not one SELECT, names an unknown table, version or column, or fails.
    """
    with run_query(Lake(current_home()), query, version) as running:
        for each in running.versions:
            warn_of_sample(each)
        frame: pd.DataFrame = plain_numbers(
            pa.Table.from_batches(running.batches, running.schema)
        ).to_pandas()
        return frame


@contextmanager
def run_query(lake: Lake, query: str, version: Mapping[str, int] | None = None) -> Iterator[Query]:
    """Run a query, until the end of the block.

    Args:
        lake: The lake.
        query: One SELECT.
        version: Versions by table; the newest by default.

    Raises:
        GenrelabError: See `sql`.
    """
    pinned = {name: find_version(lake, name, number).version for name, number in (version or {}).items()}
    with duckdb.connect(":memory:", config=CONFIGURATION) as database:
        database.execute("SET lock_configuration = true")
        columns: dict[str, list[str]] = {}
        try:
            _require_select(database, query)
            tables = lake.tables()
            named = _named(query, tables)
            for name in tables:
                try:
                    dataset = open_dataset(lake, name, pinned.get(name))
                except GenrelabError:  # a damaged table fails only the queries that name it
                    if name in named:
                        raise
                    continue
                columns[name] = dataset.schema.names
                database.register(name, dataset)
            reader = database.sql(query).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            raise _explained(error, query, columns) from error
        except RuntimeError as error:
            raise interrupted(error) from None
        versions = [find_version(lake, name, pinned.get(name)) for name in named]
        names = distinct(reader.schema.names)
        schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
        batches = (batch.rename_columns(names) for batch in _batches(reader, query, columns))
        yield Query(schema, batches, tuple(versions))


def _named(query: str, tables: Iterable[str]) -> list[str]:
    """The tables whose name occurs in a query; DuckDB itself tells only of those that it does not know."""
    return [name for name in tables if re.search(rf"\b{re.escape(name)}\b", query, re.IGNORECASE)]


def _batches(
    reader: pa.RecordBatchReader, query: str, columns: Mapping[str, list[str]]
) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except (OSError, pa.ArrowException) as error:  # Arrow's, around DuckDB's
        raise _explained(error, query, columns) from error
    except RuntimeError as error:
        raise interrupted(error) from None


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which no two are equal: a name that occurs again gets a number.

    >>> distinct(["a", "b", "a", "a_2", "a"])
    ['a', 'b', 'a_2', 'a_2_2', 'a_3']
    """
    found: dict[str, None] = {}
    for name in names:
        free, number = name, 1
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found[free] = None
    return list(found)


def plain_numbers(rows: pa.Table) -> pa.Table:
    """Return rows whose decimals are int64, or float64 where they have fractions or do not fit.

    DuckDB's sum of whole numbers is a decimal of 38 digits, which pandas keeps as slow objects.
    """
    for place, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type):
            rows = rows.set_column(place, field.name, _plain(rows[field.name]))
    return rows


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if values.type.scale == 0:
        try:
            return values.cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    return values.cast(pa.float64())


def _require_select(database: duckdb.DuckDBPyConnection, query: str) -> None:
    statements = database.extract_statements(query)
    kinds = [statement.type.name for statement in statements]
    if kinds != ["SELECT"]:
        raise GenrelabError(
            "this is not a query that only reads",
            found=", then ".join(kinds) or "nothing",
            allowed=ONE_SELECT,
            do="write one SELECT; `genrelab export` writes a table to a file" if kinds else "write a SELECT",
        )


def _explained(error: Exception, query: str, columns: Mapping[str, list[str]]) -> GenrelabError:
    """Return an error of DuckDB as one that says what is allowed.

    Args:
        error: What DuckDB raised.
        query: The query.
        columns: The columns of each table.
    """
    used = {name: columns[name] for name in _named(query, columns)}
    message = str(error)
    try:
        if table := NO_TABLE.search(message):
            require(table[1], list(columns), f"there is no table {table[1]}")
        if column := NO_COLUMN.search(message):
            offered = list(dict.fromkeys(name for names in used.values() for name in names))
            require(column[1], offered, f"{' and '.join(used) or 'the query'} has no column {column[1]}")
    except GenrelabError as explained:
        return explained
    if isinstance(error, duckdb.PermissionException):
        return GenrelabError(
            "a query cannot read or write files",
            found=_first_line(message),
            allowed=f"the tables {', '.join(columns)}",
            do="name a table; `genrelab export` writes one to a file",
        )
    return GenrelabError(
        "the query cannot be run",
        found=_first_line(message),
        allowed="a SELECT in DuckDB's SQL: https://duckdb.org/docs/stable/sql/introduction",
        do="correct the query; `show tables` and `describe TABLE` say what there is",
    )


def _first_line(message: str) -> str:
    return next((line.strip() for line in message.splitlines() if line.strip()), "no message")
