"""Column profiles."""

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.lake.profile import ColumnProfile, add_profiles, profile_column, profile_table

values = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf]))
)


@given(values)
def test_every_value_is_missing_not_finite_or_in_range(numbers: list[float | None]) -> None:
    """And minimum, maximum and mean are those of the finite ones."""

    found = profile_column(pa.array(numbers, pa.float64(), from_pandas=False))
    finite = [n for n in numbers if n is not None and math.isfinite(n)]
    assert (found.rows, found.missing) == (len(numbers), numbers.count(None))
    assert found.rows - found.missing - found.non_finite == len(finite)
    assert (found.low, found.high) == ((min(finite), max(finite)) if finite else (None, None))
    assert found.mean == (pytest.approx(sum(finite) / len(finite), abs=1e-6) if finite else None)


@given(values, values)
def test_profiles_of_parts_add_up_to_that_of_the_whole(
    first: list[float | None], second: list[float | None]
) -> None:
    """So a table need not be held."""

    parts = [profile_table(pa.table({"x": pa.array(part, pa.float64())})) for part in (first, second)]
    whole = profile_column(pa.array([*first, *second], pa.float64()))
    added = add_profiles(parts)["x"]
    assert (added.rows, added.missing, added.non_finite, added.low, added.high) == (
        whole.rows,
        whole.missing,
        whole.non_finite,
        whole.low,
        whole.high,
    )
    assert added.total == pytest.approx(whole.total, abs=1e-6)


def test_text_is_counted_only() -> None:
    """It has no smallest value that means anything."""

    assert profile_column(pa.array(["a", None])) == ColumnProfile(rows=2, missing=1)
