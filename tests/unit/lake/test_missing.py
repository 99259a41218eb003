"""Shares of missing values, from the metadata of Parquet files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genrelab.lake.missing import missing_shares


def test_missing_values_are_counted_over_all_files(tmp_path):
    """One of four tempos; a column of lists, and one without statistics in some file, are not known."""
    one = pa.table({"tempo": [120.0, None], "genres": [["pop"], None], "key": [1, None]})
    two = pa.table({"tempo": [90.0, 100.0], "genres": [[], ["rock"]], "key": [2, None]})
    pq.write_table(one, tmp_path / "one.parquet")
    pq.write_table(two, tmp_path / "two.parquet", write_statistics=["tempo"])

    assert missing_shares(tmp_path.glob("*.parquet")) == {"tempo": pytest.approx(0.25)}
    assert missing_shares([]) == {}
