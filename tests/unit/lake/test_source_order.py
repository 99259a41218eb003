"""The order of the source is that of numbers, whatever the order of the rows."""

import pyarrow as pa
import pytest

from genrelab.lake import stored_rows
from genrelab.lake.lake import in_source_order


@pytest.mark.parametrize("batch", [2, 100])
def test_source_order_is_by_the_numbers_of_files_and_records(monkeypatch, batch: int) -> None:
    """Rows of one place keep their order; no rows are no rows."""
    monkeypatch.setattr(stored_rows, "BATCH", batch)
    sources = ["info_10.csv", "info_2.csv", "info_10.csv", "info_2.csv", "info_2.csv"]
    data = pa.table({"source": sources, "source_row": [1, 20, 0, 3, 3], "row": range(5)})

    assert in_source_order(data)["row"].to_pylist() == [3, 4, 1, 2, 0]
    assert len(in_source_order(data.slice(0, 0))) == 0
