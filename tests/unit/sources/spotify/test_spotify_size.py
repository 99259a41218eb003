"""Tables of tracks that do not fit into memory, and what is done so that more of them do."""

import gc

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import expectations.check
from expectations.check import check
from genrelab.lake.stored_rows import StoredRows
from genrelab.runtime import memory
from genrelab.runtime.errors import SourceError
from genrelab.sources.spotify import exact_duplicates, read_pulls, size
from genrelab.sources.spotify.pulls import look_at_files
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

HEADER = "artist_name,artist_uri,track_id,track_name,genre,comment," + ",".join(AUDIO_FEATURES)


def write(path, rows, comment="", distinct=10**6):
    """A pull of so many rows, of which so many are distinct."""
    features = ",".join(["0.5"] * 4 + ["7", "0.5", "-7.5", "1", "0.5", "120.5", "4", "0.5"])
    lines = [
        f"Someone,{row % distinct % 9:022d},{row % distinct:022d},A song,['pop'],{comment},{features}"
        for row in range(rows)
    ]
    path.write_text("\n".join([HEADER, *lines]))
    return path


@pytest.fixture
def pull(tmp_path):
    """A pull of 5,000 rows."""
    return write(tmp_path / "info_1.csv", 5000)


def estimated(path):
    """Rows and memory that a file is estimated to have and to need."""
    return size.estimate(*look_at_files(path, [path], {})[0][0])


def test_a_file_that_does_not_fit_is_refused_before_it_is_read(pull, monkeypatch):
    """The sentence says how much it needs, how much there is, and what to do."""
    monkeypatch.setattr(size, "SURELY_FITS", 0)
    monkeypatch.setattr(memory, "available_bytes", lambda: size.BY_ITSELF)
    monkeypatch.setattr("genrelab.sources.spotify.pulls.read_file", None)

    with pytest.raises(SourceError, match=r"does not fit into the memory") as refused:
        read_pulls(pull)

    assert "rows, which need" in refused.value.found
    assert "200.0 MB are free" in refused.value.found
    assert "ingest a part of its rows" in refused.value.do


@pytest.mark.parametrize("free", [None, 1 << 40])
def test_a_file_that_fits_is_read(pull, monkeypatch, free):
    """Also where the system does not say how much there is."""
    monkeypatch.setattr(size, "SURELY_FITS", 0)
    monkeypatch.setattr(memory, "available_bytes", lambda: free)

    assert read_pulls(pull).read == 5000


def test_a_small_file_needs_no_estimate(pull, monkeypatch):
    """It fits wherever Python does."""
    monkeypatch.setattr(memory, "available_bytes", lambda: 0)

    assert read_pulls(pull).read == 5000


def test_rows_are_estimated_from_three_places(tmp_path):
    """Within a tenth, whatever the length of the first records."""
    path = write(tmp_path / "info_1.csv", 20_000)
    path.write_text(
        path.read_text()
        + "\n"
        + "\n".join(write(tmp_path / "2.csv", 20_000, "x" * 200).read_text().splitlines()[1:])
    )

    rows, _ = estimated(path)

    assert 20_000 < rows < 60_000


def test_rows_that_are_merged_in_memory_need_more(pull):
    """Where other files know artists by names, all rows are held; otherwise they wait in files."""
    looks = look_at_files(pull, [pull], {})[0][0]

    assert size.estimate(*looks, is_mixed=True)[1] > 3 * size.estimate(*looks)[1]


def test_columns_that_are_not_read_need_no_memory(tmp_path):
    """A long comment in each row costs nothing but time."""
    looks = [
        look_at_files(path, [path], {})[0][0]
        for path in (write(tmp_path / f"{length}.csv", 2000, "x" * length) for length in (1, 1000))
    ]
    short, long = (size.estimate(*each, is_mixed=True)[1] for each in looks)

    assert long == pytest.approx(short, rel=0.1)


def test_rows_that_repeat_another_are_left_out_while_reading(tmp_path):
    """The same rows stay as when they are left out afterwards, and all are counted."""
    path = write(tmp_path / "info_1.csv", 30, distinct=12)
    every = read_pulls(path)
    distinct = read_pulls(path, is_distinct=True)

    assert (distinct.read, len(distinct.data), distinct.repeated) == (30, 12, 18)
    assert distinct.data.equals(every.data.filter(~exact_duplicates(every.data)))


def test_a_large_table_is_judged_like_a_small_one(tmp_path, monkeypatch):
    """Column by column or all at once: the same rows fail by the same rules."""
    path = write(tmp_path / "info_1.csv", 40, distinct=35)
    path.write_text(
        path.read_text().replace("120.5", "0", 3).replace("-7.5", "70", 2).replace("A song", "Another", 1)
    )
    data = read_pulls(path).data
    at_once = check(SPOTIFY_TRACKS, data)
    monkeypatch.setattr(expectations.check, "MANY_ROWS", 0)

    assert len(at_once.rows) == 2
    assert check(SPOTIFY_TRACKS, data) == at_once


def test_rows_in_files_are_judged_like_rows_in_memory(tmp_path, monkeypatch):
    """Only the columns that a rule needs are read; the same rows fail, with the same examples."""
    path = write(tmp_path / "info_1.csv", 40, distinct=35)
    path.write_text(path.read_text().replace("120.5", "0", 3).replace("-7.5", "70", 2))
    data = read_pulls(path).data
    pq.write_table(data, tmp_path / "rows.parquet", row_group_size=7)
    monkeypatch.setattr(expectations.check, "MANY_ROWS", 0)
    found = check(SPOTIFY_TRACKS, StoredRows(ds.dataset(str(tmp_path / "rows.parquet"), format="parquet")))

    assert len(found.rows) == 2
    assert any(one.examples for one in found.checks)
    assert found == check(SPOTIFY_TRACKS, data)


def test_no_column_of_a_judged_table_stays_in_memory(tmp_path):
    """Great Expectations would keep each that it computed for as long as the process lives."""
    data = read_pulls(write(tmp_path / "info_1.csv", 40)).data
    check(SPOTIFY_TRACKS, data)
    gc.collect()

    kept = [
        each
        for each in gc.get_objects()  # `type`: a proxy of what is gone answers `isinstance` with an error
        if issubclass(type(each), pd.DataFrame | pd.Series) and len(each) == 40
    ]
    assert not kept
