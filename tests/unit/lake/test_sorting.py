"""Rows are sorted in memory or on disk, with the same result."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake import sorting
from genrelab.lake.sorting import Runs, distinct_counts, in_order
from genrelab.runtime.disk import is_full
from genrelab.runtime.errors import GenrelabError

SCHEMA = pa.schema([("text", pa.string()), ("row", pa.int64())])


@pytest.fixture(params=[250_000, 0], ids=["in memory", "on disk"])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sorting, "IN_MEMORY", request.param)
    monkeypatch.setattr(sorting, "BATCH", 3)
    return int(request.param)


@pytest.mark.usefixtures("limit")
def test_rows_come_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    """Capitals before small letters, other scripts last; rows keep their other columns."""
    texts = ["b", "Z", "é", "a", "", "케", "aa", "a"]
    parts = [
        pa.table([texts[start : start + 3], range(start, min(start + 3, 8))], SCHEMA)
        for start in range(0, 8, 3)
    ]

    found = list(in_order(parts, SCHEMA, ["text", "row"], tmp_path))

    rows = [(row["text"], row["row"]) for part in found for row in part.to_pylist()]
    assert rows == sorted(zip(texts, range(8), strict=True), key=lambda one: (one[0].encode(), one[1]))
    assert max(map(len, found)) <= max(3, 2048 * (sorting.IN_MEMORY == 0))


@pytest.mark.usefixtures("limit")
def test_no_rows_are_in_order(tmp_path: Path) -> None:
    assert list(in_order([], SCHEMA, ["text"], tmp_path)) == []


def test_rows_wait_on_disk_and_leave_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody asks for the rest of them."""
    monkeypatch.setattr(sorting, "IN_MEMORY", 0)
    monkeypatch.setattr(sorting, "SORT_MEMORY", "40MB")
    texts = [f"{number * 7919 % 600_000:040d}" for number in range(600_000)]
    part = pa.table([texts, range(len(texts))], SCHEMA)

    found = in_order([part], SCHEMA, ["text"], tmp_path)

    assert next(found)["text"][0].as_py() == "0" * 40
    assert list(tmp_path.iterdir())
    found.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), GenrelabError("the table is damaged")], ids=str)
def test_an_error_while_rows_are_read_stays_what_it_is(error: BaseException, tmp_path: Path) -> None:
    """DuckDB itself would say that reading failed."""

    def parts() -> Iterator[pa.Table]:
        yield pa.table([["a"], [0]], SCHEMA)
        raise error

    with pytest.raises(type(error)) as raised:
        list(in_order(parts(), SCHEMA, ["text"], tmp_path))
    assert raised.value is error


def test_a_full_disk_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB stops before the disk has no room at all."""
    monkeypatch.setattr(sorting, "IN_MEMORY", 0)
    monkeypatch.setattr(sorting, "SORT_MEMORY", "40MB")
    limit = {"max_temp_directory_size": "1MB"}
    monkeypatch.setattr(
        duckdb, "connect", lambda config, connect=duckdb.connect: connect(config=config | limit)
    )
    part = pa.table([[f"{number:040d}" for number in range(600_000)], range(600_000)], SCHEMA)

    with pytest.raises(Exception, match="offload") as raised:
        list(in_order([part], SCHEMA, ["text"], tmp_path))
    assert is_full(raised.value)


def test_runs_go_on_in_the_next_part() -> None:
    """The first text of a part is compared with the last one before."""
    runs = Runs()
    parts = [pa.array(["a", "a"]), pa.array(["a"]), pa.array(["b", "b", "c"])]

    found = [runs.starts(part).tolist() for part in parts]

    assert found == [[True, False], [False], [True, False, True]]


PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", "z", "é"])), max_size=20)


@given(PAIRS, st.integers(1, 7))
def test_values_of_a_group_are_counted_once(rows: list[tuple[str, str]], batch: int) -> None:
    """Whatever the batches are."""
    data = pa.table(
        {
            "id": pa.array([each for each, _ in rows], pa.string()),
            "name": pa.array([each for _, each in rows], pa.string()),
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "BATCH", batch)
        found = distinct_counts(data, "name", "id", Path())

    assert found.tolist() == [len({name for other, name in rows if other == one}) for one, _ in rows]


def test_rows_without_an_id_count_as_0(tmp_path: Path) -> None:
    data = pa.table({"id": ["a", None, "a"], "name": ["x", "y", "z"]})

    assert distinct_counts(data, "name", "id", tmp_path).tolist() == [2, 0, 2]
