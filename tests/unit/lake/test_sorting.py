"""Rows are sorted in memory or on disk, with the same result."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake import sorting
from genrelab.lake.sorting import Runs, distinct_counts, in_order

SCHEMA = pa.schema([("text", pa.string()), ("row", pa.int64())])


@pytest.fixture(params=[250_000, 0], ids=["in memory", "on disk"])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sorting, "IN_MEMORY", request.param)
    monkeypatch.setattr(sorting, "BATCH", 3)
    return int(request.param)


@pytest.mark.usefixtures("limit")
def test_rows_come_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    """Capitals before small letters, other scripts last; rows keep their other columns, and no file is left."""
    texts = ["b", "Z", "é", "a", "", "케", "aa", "a"]
    parts = [
        pa.table([texts[start : start + 3], range(start, min(start + 3, 8))], SCHEMA)
        for start in range(0, 8, 3)
    ]

    found = list(in_order(parts, SCHEMA, ["text", "row"], tmp_path))

    rows = [(row["text"], row["row"]) for part in found for row in part.to_pylist()]
    assert rows == sorted(zip(texts, range(8), strict=True), key=lambda one: (one[0].encode(), one[1]))
    assert max(map(len, found)) <= max(3, 2048 * (sorting.IN_MEMORY == 0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("limit")
def test_no_rows_are_in_order(tmp_path: Path) -> None:
    assert list(in_order([], SCHEMA, ["text"], tmp_path)) == []


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
