"""Which features rows have: sets that occur, and the set that keeps the most values."""

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genrelab.sources.present import fullest, fullest_rows, present_sets

NAMES = ("energy", "mode", "tempo", "time_signature")


def frame_of(has: np.ndarray) -> pd.DataFrame:
    """A value where a cell is true."""
    return pd.DataFrame(np.where(has, 0.5, np.nan), columns=NAMES)


def rows_of(*kinds: tuple[int, str]) -> pd.DataFrame:
    """So many rows without the features named."""
    return frame_of(
        np.array(
            [[name not in lacking.split() for name in NAMES] for rows, lacking in kinds for _ in range(rows)]
        )
    )


GAPS = arrays(bool, st.tuples(st.integers(0, 30), st.just(len(NAMES))))


def test_the_set_of_the_most_rows_comes_first():
    """With the rows that have exactly these, and those that have at least these."""
    found = present_sets(rows_of((3, "time_signature"), (2, ""), (1, " ".join(NAMES))), NAMES)

    assert [(one.features, one.rows, one.able) for one in found] == [(NAMES[:3], 3, 5), (NAMES, 2, 2)]


def test_few_gaps_cost_rows_and_many_cost_the_feature():
    """One row in ten without it, then nine in ten."""
    assert fullest(rows_of((9, ""), (1, "tempo")), NAMES) == NAMES
    assert fullest(rows_of((1, ""), (9, "tempo")), NAMES) == ("energy", "mode", "time_signature")


def test_features_that_different_rows_lack_are_left_out_together():
    """Three sources, each without something else: what all have keeps the most values."""
    rows = rows_of((4, "mode"), (4, "time_signature"), (2, "mode time_signature"))

    assert fullest(rows, NAMES) == ("energy", "tempo")


def test_no_rows_and_no_features_give_no_set():
    """An empty table, and one that measured nothing."""
    assert present_sets(frame_of(np.zeros((0, 4), bool)), NAMES) == []
    assert fullest(frame_of(np.zeros((5, 4), bool)), NAMES) == ()


@given(GAPS)
def test_every_row_with_a_feature_is_in_exactly_one_set(has):
    """Rows are counted once; those that have at least the set are never fewer than those that have just it."""
    found = present_sets(frame_of(has), NAMES)

    assert sum(one.rows for one in found) == has.any(axis=1).sum()
    assert len({one.features for one in found}) == len(found)
    assert all(one.able >= one.rows > 0 for one in found)


@given(GAPS)
def test_the_fullest_set_keeps_no_fewer_values_than_any_set_that_occurs(has):
    """Rows that have them all, times their number; all of them where nothing is missing."""
    rows = frame_of(has)

    def values(names: tuple[str, ...]) -> int:
        return len(names) * int(rows[list(names)].notna().all(axis=1).sum())

    best = fullest(rows, NAMES)
    assert all(values(best) >= values(one.features) for one in present_sets(rows, NAMES))
    if len(has) and has.all():
        assert best == NAMES


@given(st.integers(1, 20), st.data())
def test_the_fullest_features_of_rows_are_those_of_a_frame(count, data):
    """With the rows that have them all; rows that take no part do not count. More than sixteen features fit too."""
    names = [f"feature {number}" for number in range(count)]
    has = data.draw(arrays(bool, st.tuples(st.integers(0, 8), st.just(count))))
    takes_part = data.draw(arrays(bool, len(has)))
    frame = pd.DataFrame(np.where(has, 0.5, np.nan), columns=names)

    found, is_complete = fullest_rows(pa.Table.from_pandas(frame, preserve_index=False), names, takes_part)

    assert found == fullest(frame[takes_part], names)
    complete = frame[[*found]].notna().all(axis=1).to_numpy() & takes_part & bool(found)
    assert is_complete.tolist() == complete.tolist()
