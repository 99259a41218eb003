"""Hashes of rows: equal rows have equal ones, in batches of any size, and only rows that may differ are marked."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake import stored_rows
from genrelab.sources.codes import MISSING, come_again, contradict, row_hashes

FEW = st.lists(st.integers(0, 6).map(lambda number: number * 0x1234567890ABCDEF), max_size=60)


@given(FEW)
def test_rows_that_come_again_are_marked(values: list[int]) -> None:
    """Each row whose value another row has, wherever it is."""

    marked = come_again(np.array(values, dtype=np.uint64))
    assert marked.tolist() == [values.count(value) > 1 for value in values]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2)), max_size=60))
def test_groups_with_several_values_are_marked(rows: list[tuple[int, int]]) -> None:
    """All rows of such a group, and none of another one."""

    groups, values = (np.array([row[place] for row in rows], dtype=np.uint64) for place in (0, 1))
    several = {group for group, _ in rows if len({value for own, value in rows if own == group}) > 1}
    assert contradict(groups, values).tolist() == [group in several for group, _ in rows]


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pa.array(["a", "b", None, "", "None", "a"]), id="texts"),
        pytest.param(pa.array(["a", "b", None, "", "None", "a"]).dictionary_encode(), id="encoded texts"),
        pytest.param(pa.array(["a", "b", None, "", "None", "a"], pa.large_string()), id="large texts"),
        pytest.param(pa.array([["a"], ["b", "c"], None, [], [""], ["a"]]), id="lists of texts"),
        pytest.param(pa.array([0, 5, None, 7, 2**60, 0]), id="whole numbers"),
        pytest.param(pa.array([0.0, 5.5, None, 7.0, float("nan"), 0.0]), id="numbers"),
        pytest.param(pa.array([0, 1, None, 2, 3, 0], pa.timestamp("us", tz="UTC")), id="times"),
    ],
)
def test_equal_values_alone_have_the_same_hash(column: pa.Array, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first and the last value are equal, and no other; a batch without a missing value changes nothing."""

    rows = pa.table({"value": column})
    found = row_hashes(rows, ["value"])
    assert found[0] == found[5]
    assert len(set(found.tolist())) == 5
    assert found[2] == MISSING
    monkeypatch.setattr(stored_rows, "BATCH", 2)
    assert row_hashes(rows, ["value"]).tolist() == found.tolist()


def test_columns_do_not_cancel_out() -> None:
    """Two equal columns, and the same values in other columns, have other hashes."""

    rows = pa.table({"one": ["a", "b", "a", "b"], "other": ["a", "b", "b", "a"]})
    assert len(set(row_hashes(rows, ["one", "other"]).tolist())) == 4
