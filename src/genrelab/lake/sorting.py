"""Sort more rows than fit into memory, and count in sorted rows.

Conventions: texts are compared by their UTF-8 bytes, missing values come last, and rows that agree have no order.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.stored_rows import BATCH, Rows, batches_of

IN_MEMORY = 250_000
"""Rows up to which Arrow sorts them; more are sorted by DuckDB."""
SORT_MEMORY = "256MB"
"""What DuckDB holds of them; the rest is on disk until it is read. 128 MB were too little for 116 million texts."""


def in_order(
    parts: Iterable[pa.Table], schema: pa.Schema, by: Sequence[str], folder: Path
) -> Iterator[pa.Table]:
    """Yield rows in the order of some columns, in batches.

    Args:
        parts: The rows.
        schema: Their columns.
        by: Names of the columns that decide.
        folder: Where rows wait on disk; nothing of them is left there.
    """
    first: list[pa.RecordBatch] = []
    rest, rows = iter(parts), 0
    for part in rest:
        first += part.to_batches()
        rows += len(part)
        if rows > IN_MEMORY:
            break
    if rows <= IN_MEMORY:
        found = pa.Table.from_batches(first, schema).sort_by([(name, "ascending") for name in by])
        yield from (found.slice(start, BATCH) for start in range(0, rows, BATCH))
        return

    yield from _by_duckdb(_drained(first, rest), schema, by, folder)


def _drained(first: list[pa.RecordBatch], rest: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    while first:
        yield first.pop(0)
    for part in rest:
        yield from part.to_batches()


def _by_duckdb(
    batches: Iterator[pa.RecordBatch], schema: pa.Schema, by: Sequence[str], folder: Path
) -> Iterator[pa.Table]:
    failed: list[BaseException] = []

    def noted() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except GeneratorExit:  # DuckDB has failed by itself
            raise
        except BaseException as error:
            failed.append(error)
            raise

    import duckdb  # noqa: PLC0415 - few tables are so large

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": SORT_MEMORY,
        "temp_directory": str(folder),
        "threads": 1,
    }
    try:
        with duckdb.connect(config=config) as database:
            rows = database.from_arrow(pa.RecordBatchReader.from_batches(schema, noted()))
            for batch in rows.order(", ".join(by)).to_arrow_reader(BATCH):
                yield pa.Table.from_batches([batch])
    except (OSError, RuntimeError, pa.ArrowException, duckdb.Error) as error:
        # where reading failed, DuckDB says only that it did
        raise (failed[0] if failed else interrupted(error)) from None


def interrupted(error: Exception) -> BaseException:
    """Return Ctrl-C as Python raises it, which DuckDB makes a RuntimeError; any other error as it is."""
    is_interrupt = isinstance(error, RuntimeError) and "interrupted" in str(error)
    return KeyboardInterrupt() if is_interrupt else error


def distinct_counts(rows: Rows, of: str, by: str, folder: Path) -> npt.NDArray[np.int32]:
    """How many texts of one column the rows have that agree in another one, shape (rows,).

    Args:
        rows: The rows, in memory or in files.
        of: The column whose texts are counted.
        by: The column that the rows agree in. Rows without a text of it count as 0.
        folder: Where rows wait on disk.
    """
    schema = pa.schema([(by, pa.string()), (of, pa.string()), ("row", pa.int64())])

    def parts() -> Iterator[pa.Table]:
        start = 0
        for part in batches_of(rows, [by, of]):
            numbered = part.append_column("row", pa.array(np.arange(start, start + len(part))))
            yield numbered.cast(schema).drop_null()
            start += len(part)

    runs, pairs, last = Runs(), Runs(), -1
    group = np.full(len(rows), -1, np.int32)
    counts: list[npt.NDArray[Any]] = []
    for part in in_order(parts(), schema, [by, of], folder):
        is_new = runs.starts(part[by])
        is_pair = is_new | pairs.starts(part[of])
        groups = last + np.cumsum(is_new)
        group[np.asarray(part["row"])] = groups
        counted = np.bincount(groups - max(last, 0), is_pair).astype(np.int32)
        if counts:
            counts[-1][-1] += counted[0]
            counted = counted[1:]
        counts += [counted] if len(counted) else []
        last = int(groups[-1])
    return np.asarray(np.concatenate([*counts, np.zeros(1, np.int32)])[group])


class Runs:
    """Finds where the values of a sorted column change; the column comes in parts."""

    def __init__(self) -> None:
        self._last: Any = pa.nulls(1, pa.string())

    def starts(self, column: Any) -> npt.NDArray[np.bool_]:
        """Return which texts of the next part, none of them missing, differ from the one before.

        >>> runs = Runs()
        >>> runs.starts(pa.array(["a", "a", "b"])).tolist(), runs.starts(pa.array(["b", "c"])).tolist()
        ([True, False, True], [False, True])
        """
        texts = pa.concat_arrays([self._last, *_chunks(column)])
        self._last = texts.slice(len(texts) - 1)
        is_new = pc.not_equal(texts.slice(1), texts.slice(0, len(texts) - 1))
        return np.asarray(pc.fill_null(is_new, fill_value=True))


def _chunks(column: Any) -> list[Any]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]
