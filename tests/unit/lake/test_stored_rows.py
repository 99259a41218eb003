"""Rows in Parquet files, read by column or in batches."""

import time

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from genrelab.lake.stored_rows import StoredRows, numbers_of, spill

ROWS = pa.table({"track_id": [str(row) for row in range(23)], "tempo": [float(row) for row in range(23)]})


@pytest.fixture
def stored(tmp_path) -> StoredRows:
    """The rows in two files of row groups of five."""
    files = [str(tmp_path / name) for name in ("1.parquet", "2.parquet")]
    for file, part in zip(files, (ROWS.slice(0, 12), ROWS.slice(12)), strict=True):
        pq.write_table(part, file, row_group_size=5)
    return StoredRows(ds.dataset(files, format="parquet"))


@pytest.mark.parametrize("rows", [1, 4, 5, 7, 22, 23, 24])
def test_batches_are_the_rows_in_order(stored, rows):
    """Every batch but the last has the length that was asked for, whatever files and row groups are cut at."""
    found = list(stored.batches(rows=rows))

    assert pa.concat_tables(found) == ROWS
    assert {len(batch) for batch in found[:-1]} <= {rows}
    assert 0 < len(found[-1]) <= rows


def test_columns_slices_and_single_rows_are_those_of_the_whole_table(stored):
    """Whoever takes a table takes rows in files as well."""
    assert (len(stored), stored.column_names, stored.schema) == (23, ROWS.column_names, ROWS.schema)
    assert stored["tempo"] == ROWS["tempo"]
    assert stored.select(["tempo"]) == ROWS.select(["tempo"])
    assert [stored.slice(at, 3) for at in (0, 4, 10, 21)] == [ROWS.slice(at, 3) for at in (0, 4, 10, 21)]
    assert stored.take(pa.array([22, 0, 12])) == ROWS.take(pa.array([22, 0, 12]))
    assert list(stored.batches(["tempo"], 40)) == [ROWS.select(["tempo"])]


def test_a_table_without_rows_has_no_batch(tmp_path):
    """And its columns are there."""
    pq.write_table(ROWS.slice(0, 0), tmp_path / "none.parquet")
    stored = StoredRows(ds.dataset(str(tmp_path / "none.parquet"), format="parquet"))

    assert list(stored.batches()) == []
    assert stored.slice(0, 1) == ROWS.slice(0, 0)


@pytest.mark.parametrize("rows", [1, 5, 24])
def test_batches_of_arrow_files_are_the_rows_in_order(tmp_path, rows):
    """Columns come in the order that was asked for."""
    stored = spill(tmp_path / "rows.arrow", ROWS.schema, [ROWS.slice(0, 9), ROWS.slice(9)])

    found = pa.concat_tables(stored.batches(["tempo", "track_id"], rows))

    assert found == ROWS.select(["tempo", "track_id"])


def test_nothing_is_read_ahead_of_a_slow_reader(tmp_path):
    """Of 64 row groups only the first is decoded before the second is asked for."""
    rows = pa.table({"tempo": np.random.default_rng(1).random(64 * 16_384)})
    pq.write_table(rows, tmp_path / "many.parquet", row_group_size=16_384)
    stored = StoredRows(ds.dataset(str(tmp_path / "many.parquet"), format="parquet"))
    before = pa.total_allocated_bytes()

    batches = stored.batches(rows=16_384)
    next(batches)
    time.sleep(0.2)  # for a scanner in the background

    assert pa.total_allocated_bytes() - before < rows.nbytes / 8


def test_numbers_are_floats_with_nan_for_a_missing_one(tmp_path):
    """Whole numbers and fractions alike."""
    rows = pa.table(
        {"key": pa.array([1, None, 3], pa.int8()), "tempo": pa.array([0.5, 2, None], pa.float32())}
    )
    pq.write_table(rows, tmp_path / "rows.parquet", row_group_size=2)
    stored = StoredRows(ds.dataset(str(tmp_path / "rows.parquet"), format="parquet"))

    np.testing.assert_array_equal(numbers_of(stored, "key"), [1, np.nan, 3])
    np.testing.assert_array_equal(numbers_of(stored, "tempo"), [0.5, 2, np.nan])
