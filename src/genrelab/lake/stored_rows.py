"""Rows in Parquet files that are read when they are needed: a few columns of all rows, or all columns of a few rows.

Conventions: rows are in the order of the files. Nothing is kept: a column that is asked for twice is read twice. What
takes a `pyarrow.Table` and asks it for columns by name, or for a slice, takes `StoredRows` as well.

Which files make a version of a table does not belong here: `genrelab.lake.lake.Lake.stored` says it.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    import pyarrow.dataset as ds

BATCH = 65_536
"""Rows of a batch: of `spotify_binned` about 50 MB, and enough that the overhead of a batch does not count."""


class StoredRows:
    """The rows of some Parquet files.

    Args:
        dataset: The files.
    """

    def __init__(self, dataset: "ds.Dataset") -> None:
        self.dataset = dataset
        self._rows = int(dataset.count_rows())

    def __len__(self) -> int:
        return self._rows

    @property
    def files(self) -> list[Path]:
        """The files."""
        return [Path(fragment.path) for fragment in self.dataset.get_fragments()]

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        return self.dataset.schema

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return list(self.schema.names)

    def __getitem__(self, column: str) -> pa.ChunkedArray:
        return self.select([column])[column]

    def select(self, columns: Sequence[str]) -> pa.Table:
        """Return some columns of all rows."""
        return self.dataset.to_table(columns=list(columns))

    def slice(self, start: int, rows: int) -> pa.Table:
        """Return all columns of some consecutive rows; only their row groups are read."""
        found = []
        for fragment in self.dataset.get_fragments():
            for group in fragment.split_by_row_group():
                size = group.row_groups[0].num_rows
                if start < size and rows > 0:
                    found.append(group.to_table().slice(start, rows))
                    rows -= len(found[-1])
                start = max(start - size, 0)
        return pa.concat_tables(found) if found else self.schema.empty_table()

    def take(self, positions: pa.Array) -> pa.Table:
        """Return all columns of the rows at some positions."""
        return rows_at(self, np.asarray(positions), self.column_names)

    def batches(self, columns: Sequence[str] | None = None, rows: int | None = None) -> Iterator[pa.Table]:
        """Yield the rows in order, `rows` of them at a time; the last batch may have fewer.

        Args:
            columns: Names of the columns, None for all.
            rows: Rows of a batch; None for `BATCH`.
        """
        waiting: list[pa.RecordBatch] = []
        rows = missing = rows or BATCH
        for each in self._read(list(columns) if columns else self.column_names):
            batch = each
            while len(batch) >= missing:
                yield pa.Table.from_batches([*waiting, batch.slice(0, missing)])
                waiting, batch, missing = [], batch.slice(missing), rows
            if len(batch):
                waiting.append(batch)
                missing -= len(batch)
        if waiting:
            yield pa.Table.from_batches(waiting)

    def _read(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of one row group or Arrow batch after the other.

        A dataset's own method reads ahead while the last batch is in use: 0.2 GB of spotify_tracks.
        """
        import pyarrow.dataset as ds  # noqa: PLC0415 - it imports pandas, which a skipped step does without

        for fragment in self.dataset.get_fragments():
            if isinstance(fragment, ds.ParquetFileFragment):
                for group in fragment.split_by_row_group():
                    yield from group.to_table(self.schema, columns=columns).to_batches()
            elif isinstance(fragment, ds.FileFragment):
                places = [self.schema.get_field_index(name) for name in columns]
                options = pa.ipc.IpcReadOptions(included_fields=places)
                with pa.OSFile(fragment.path) as file, pa.ipc.open_file(file, options=options) as reader:
                    for number in range(reader.num_record_batches):
                        yield reader.get_batch(number).select(columns)
            else:
                yield from fragment.to_batches(columns=columns)

    def filtered(
        self, mask: npt.NDArray[np.bool_], columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield the rows that a mask of all rows marks, in parts.

        Args:
            mask: Shape (rows,).
            columns: Names of the columns, None for all.
        """
        start = 0
        for part in self.batches(columns):
            yield part.filter(pa.array(mask[start : start + len(part)]))
            start += len(part)


def spill(file: Path, schema: pa.Schema, parts: Iterable[pa.Table]) -> StoredRows:
    """Write rows that will not stay to an Arrow file, a part at a time, and return them."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(str(file), schema, options=options) as writer:
        for part in parts:
            writer.write_table(part.select(schema.names))
    return spilled([file], schema)


def spilled(files: Sequence[Path], schema: pa.Schema) -> StoredRows:
    """Return the rows of Arrow files, one file after the other."""
    import pyarrow.dataset as ds  # noqa: PLC0415 - it imports pandas, which a skipped step does without

    return StoredRows(ds.dataset([str(file) for file in files], schema, format="ipc"))


Rows: TypeAlias = pa.Table | StoredRows
"""Rows in memory, or in files."""


def parts_of(rows: int) -> Iterator[slice]:
    """Yield the slices of so many rows, `BATCH` at a time."""
    for start in range(0, rows, BATCH):
        yield slice(start, min(start + BATCH, rows))


def batches_of(rows: Rows, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some columns of rows in order, `BATCH` rows at a time."""
    if isinstance(rows, StoredRows):
        yield from rows.batches(columns)
        return
    for start in range(0, len(rows), BATCH):
        yield rows.select(columns).slice(start, BATCH)


def numbers_of(rows: Rows, column: str) -> npt.NDArray[np.float64]:
    """Return a column of numbers, shape (rows,), NaN where a value is missing; read batch by batch."""
    values, start = np.empty(len(rows)), 0
    for batch in batches_of(rows, [column]):
        part = batch[column].to_numpy()  # NaN for a missing value
        values[start : start + len(part)] = part
        start += len(part)
    return values


def rows_at(rows: Rows, positions: npt.NDArray[np.integer[Any]], columns: Sequence[str]) -> pa.Table:
    """Return some columns of the rows at some positions, in the order of these; no other row is held."""
    wanted, place = np.unique(positions, return_inverse=True)
    mask = np.zeros(len(rows), dtype=bool)
    mask[wanted.astype(np.int64)] = True
    # a dataset's own method reads ahead: it held 0.3 GB for no row at all
    return marked_rows(rows, mask, columns).take(place)


def marked_rows(rows: Rows, mask: npt.NDArray[np.bool_], columns: Sequence[str]) -> pa.Table:
    """Return some columns of the rows that a mask marks; no other row is held.

    Args:
        rows: Rows in memory, or in files.
        mask: Shape (rows,).
        columns: Names of the columns.
    """
    if isinstance(rows, pa.Table):
        return rows.select(columns).filter(pa.array(mask))
    schema = pa.schema([rows.schema.field(name) for name in columns])
    return pa.concat_tables([schema.empty_table(), *rows.filtered(mask, columns)])
