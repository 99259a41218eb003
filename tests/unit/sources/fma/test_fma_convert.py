"""From text cells to declared types."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.sources.fma.convert import convert
from genrelab.sources.missing import MISSING_WORDS, is_missing

CASES = [
    (pa.int64(), ["1", "-1", "12.0", "192e3", " 7 ", "+5"], [1, -1, 12, 192_000, 7, 5]),
    (pa.float64(), ["1", "-2.5e-3", ".5", "+3."], [1.0, -0.0025, 0.5, 3.0]),
    (
        pa.timestamp("us"),
        ["1676-01-01 00:00:00", "2017-03-30"],
        [dt.datetime.fromisoformat("1676-01-01"), dt.datetime.fromisoformat("2017-03-30")],
    ),
    (pa.list_(pa.int64()), ["[]", "[21]", "[12, 25]"], [[], [21], [12, 25]]),
    (pa.list_(pa.string()), ["['a', \"b's\"]"], [["a", "b's"]]),
    (
        pa.list_(pa.string()),
        ["('a', 'b')", "['a' 'b']", "['a\\' \\'b']"],
        [["a", "b"], ["a", "b"], ["a' 'b"]],
    ),
    (pa.list_(pa.int64()), ["[12 25]", "[ 2\n 10]"], [[12, 25], [2, 10]]),
    (pa.string(), ["NA", "None", "<p>x</p>\n"], ["NA", "None", "<p>x</p>\n"]),
]
MISFITS = [
    (pa.int64(), ["1.5", "many", "1e400", "0x10", "99999999999999999999"]),
    (pa.float32(), ["inf", "-Infinity", "1,5", "1.2.3", "--1"]),
    (pa.timestamp("us"), ["2008-13-01 00:00:00", "yesterday", "0.0", "2008"]),
    (pa.list_(pa.int64()), ["21", "['a']", "[1", "[True]", "__import__('os')", "[" * 5000, f"[{10**20}]"]),
    (pa.list_(pa.string()), ["[1]", "{'a'}", r"['\ud800']"]),
]


@pytest.mark.parametrize(
    ("kind", "cells", "values"), CASES, ids=[f"{kind} {cells[0]}" for kind, cells, _ in CASES]
)
def test_legal_cells_are_read(kind: pa.DataType, cells: list[str], values: list[object]) -> None:
    """Every form that occurs in some copy of the files."""

    found, bad = convert(pa.array([*cells, None]), kind)
    assert (found.to_pylist(), bad.any()) == ([*values, None], False)


@pytest.mark.parametrize(("kind", "cells"), MISFITS, ids=[str(kind) for kind, _ in MISFITS])
def test_what_does_not_fit_is_marked_and_null(kind: pa.DataType, cells: list[str]) -> None:
    """Nothing is guessed, nothing is run, and a good neighbour keeps its value."""

    good = CASES[[str(k) for k, _, _ in CASES].index(str(kind if kind != pa.float32() else pa.float64()))][1][
        0
    ]
    found, bad = convert(pa.array([good, *cells]), kind)
    assert bad.tolist() == [False] + [True] * len(cells)
    assert found.null_count == len(cells)


@given(st.lists(st.one_of(st.none(), st.integers(-(10**17), 10**17))))
def test_whole_numbers_survive_the_way_through_text(numbers: list[int | None]) -> None:
    """str, then convert, is the identity."""

    cells = pa.array([None if number is None else str(number) for number in numbers], pa.string())
    assert convert(cells, pa.int64())[0].to_pylist() == numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_reals_survive_the_way_through_text(numbers: list[float]) -> None:
    """repr, then convert, is the identity."""

    assert convert(pa.array(map(repr, numbers), pa.string()), pa.float64())[0].to_pylist() == numbers


@given(st.lists(st.text()), st.sampled_from([kind for kind, _ in MISFITS]))
def test_any_text_is_read_or_marked(cells: list[str], kind: pa.DataType) -> None:
    """No text ends in an error; a marked cell is null, another one is not."""

    found, bad = convert(pa.array(cells, pa.string()), kind)
    assert found.type == kind
    assert all(value is None for value, is_bad in zip(found.to_pylist(), bad, strict=True) if is_bad)
    missing = is_missing(pa.array(cells, pa.string())).to_pylist()
    assert all(m or b for value, b, m in zip(found.to_pylist(), bad, missing, strict=True) if value is None)


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.float32(), pa.timestamp("us"), pa.list_(pa.string())], ids=str
)
def test_a_word_for_no_value_is_no_value(kind: pa.DataType) -> None:
    """In numbers, dates and lists, in any case; in texts it is a word."""

    words = [*MISSING_WORDS, "NaN", "NONE", "Null"]
    found, bad = convert(pa.array(words), kind)
    assert (found.null_count, bad.any()) == (len(words), False)
    assert convert(pa.array(words), pa.string())[0].to_pylist() == words


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_a_decimal_comma_is_a_point(numbers: list[float]) -> None:
    """And a point among such numbers is none: it may separate thousands."""

    cells = pa.array([repr(number).replace(".", ",") for number in numbers], pa.string())
    assert convert(cells, pa.float64(), ",")[0].to_pylist() == numbers
    assert convert(pa.array(["1.000", "1.234,5"]), pa.float64(), ",")[1].all()
