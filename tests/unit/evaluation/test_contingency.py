"""Tests of cross tables, against SciPy, against hand-made cases, and on planted clusters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.stats.contingency import association

from genrelab.evaluation.contingency import (
    adjusted_residuals,
    corrected_v,
    cramers_v,
    divided,
    equal_counts,
    expected,
    fisher,
    independence,
    permute_clusters,
    trimmed,
)

TABLES = arrays(
    np.int64,
    st.tuples(st.integers(2, 5), st.integers(2, 6)),
    elements=st.integers(min_value=1, max_value=400),
)


@given(TABLES)
def test_statistic_p_and_v_are_those_of_scipy(table):
    """For every table without zeros."""
    found, theirs = independence(table), stats.chi2_contingency(table, correction=False)

    assert (found.statistic, found.p, found.freedom) == pytest.approx(
        (theirs.statistic, theirs.pvalue, theirs.dof)
    )
    assert found.fewest_expected == pytest.approx(theirs.expected_freq.min())
    assert expected(table) == pytest.approx(theirs.expected_freq)
    assert cramers_v(found.statistic, table) == pytest.approx(association(table, method="cramer"))


@given(TABLES)
def test_the_corrected_v_lies_between_nothing_and_the_plain_one_grown_by_its_bias(table):
    """It takes off what chance adds."""
    statistic = independence(table).statistic

    assert 0 <= corrected_v(statistic, table) <= 1
    if statistic <= independence(table).freedom * (table.sum() / (table.sum() - 1)):
        assert corrected_v(statistic, table) == pytest.approx(0, abs=1e-6)


def test_a_hand_made_table():
    """Agresti, "Categorical Data Analysis": gender by party, 2 x 3, chi-squared 30.1, residuals 4.5 and -5.3."""
    table = [[762, 327, 468], [484, 239, 477]]

    assert independence(table).statistic == pytest.approx(30.07, abs=0.01)
    assert adjusted_residuals(table)[0] == pytest.approx([4.50, 0.70, -5.32], abs=0.01)
    assert cramers_v(30.07, table) == pytest.approx(0.1044, abs=1e-4)


def test_equal_counts_are_not_independence():
    """Three times as many of everything on one side: unequal in each column, yet perfectly independent."""
    table = np.array([[30, 60], [90, 180]])

    assert independence(table).p == pytest.approx(1)
    assert [equal_counts(column).p for column in table.T] == pytest.approx(stats.chisquare(table).pvalue)
    assert equal_counts(table[:, 0]).p < 1e-6


def test_low_expected_counts_are_known_and_a_small_table_has_an_exact_test():
    """Fisher's tea: 3 of 4 guessed; a larger table has none."""
    tea = [[3, 1], [1, 3]]

    assert not independence(tea).is_trusted
    assert fisher(tea) == pytest.approx(0.4857, abs=1e-4)
    assert fisher([[3, 1, 2], [1, 3, 2]]) is None
    assert independence([[10, 10], [10, 10]]).is_trusted


def test_a_table_with_nothing_to_compare_is_an_error_and_zeros_are_trimmed():
    """One row, or a row without anything."""
    with pytest.raises(ValueError, match="two rows and columns without zeros"):
        independence([[1, 2]])
    with pytest.raises(ValueError, match="two rows and columns without zeros"):
        independence([[1, 2], [0, 0]])
    table, rows, columns = trimmed([[1, 0, 2], [0, 0, 0], [3, 0, 4]])

    assert table.tolist() == [[1, 2], [3, 4]]
    assert (rows.tolist(), columns.tolist()) == ([True, False, True], [True, False, True])


def clusters(seed, tracks, effect=0.0):
    """Artists on two continents with one of three genres each, and as many tracks of it."""
    draw = np.random.default_rng(seed)
    rows = np.repeat([0, 1], 30)
    first = draw.random(60) < np.where(rows == 0, 0.5 + effect, 0.5 - effect)
    genre = np.where(first, 0, draw.integers(1, 3, 60))
    counts = np.zeros((60, 3), np.int64)
    counts[np.arange(60), genre] = tracks
    return rows, counts


def test_tracks_of_one_artist_are_no_witnesses():
    """Without an effect, ten tracks each make chi-squared ten times too large; the permutation test is unmoved."""
    rows, single = clusters(1, 1)
    _, many = clusters(1, 10)
    table = np.array([many[rows == row].sum(axis=0) for row in (0, 1)])
    few, found = permute_clusters(rows, single, 999, 5), permute_clusters(rows, many, 999, 5)

    assert found.inflation == pytest.approx(10 * few.inflation)
    assert few.inflation == pytest.approx(1, abs=0.1)
    assert found.p == few.p
    assert divided(independence(table), 10).p == pytest.approx(independence(table // 10).p)


def test_the_permutation_p_is_uniform_without_an_effect_and_small_with_one():
    """Of 60 archives without an effect about one in twenty is below 0.05; chi-squared finds nearly all of them."""
    found = [clusters(seed, 10) for seed in range(60)]
    by_artist = [permute_clusters(rows, counts, 99, 1).p for rows, counts in found]
    by_track = [
        independence(trimmed([counts[rows == row].sum(axis=0) for row in (0, 1)])[0]).p
        for rows, counts in found
    ]

    assert sum(p < 0.05 for p in by_artist) <= 8
    assert sum(p < 0.05 for p in by_track) >= 30
    assert permute_clusters(*clusters(1, 10, effect=0.35), 999, 1).p < 0.01


def test_the_permuted_table_is_chi_squared_for_units_of_one():
    """With one track per artist both tests ask the same: p agrees, and so do the residuals."""
    rows, counts = clusters(7, 1, effect=0.15)
    table = np.array([counts[rows == row].sum(axis=0) for row in (0, 1)])
    found = permute_clusters(rows, counts, 9_999, 1)

    assert found.p == pytest.approx(independence(table).p, abs=0.02)
    # permutations without replacement spread by sqrt(n / (n - 1)) more than the residual assumes
    assert np.array(found.residuals) == pytest.approx(adjusted_residuals(table), abs=0.1)


def test_one_seed_gives_one_answer():
    """And another one another."""
    rows, counts = clusters(2, 3)

    assert permute_clusters(rows, counts, 50, 1) == permute_clusters(rows, counts, 50, 1)
    assert permute_clusters(rows, counts, 50, 1) != permute_clusters(rows, counts, 50, 2)
