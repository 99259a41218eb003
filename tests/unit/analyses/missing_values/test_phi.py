"""Phi, its bound and the agreement within artists, against cases by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import contingency, pearsonr

from genrelab.analyses.missing_values.agreement import all_or_none, intraclass
from genrelab.analyses.missing_values.phi import clustered, largest, of_bounds, phi_coefficients


def table(both: int, first: int, second: int, neither: int) -> np.ndarray:
    """Return two columns with these counts: both missing, only one, only the other, neither."""
    cells = [(True, True)] * both + [(True, False)] * first + [(False, True)] * second
    return np.array(cells + [(False, False)] * neither)


def test_phi_by_hand():
    """(10 * 60 - 20 * 10) / sqrt(30 * 70 * 20 * 80)."""
    phi, bound = phi_coefficients(table(10, 20, 10, 60))

    assert phi[0, 1] == pytest.approx(400 / np.sqrt(30 * 70 * 20 * 80))
    assert bound[0, 1] == pytest.approx(np.sqrt(0.2 * 0.7 / (0.8 * 0.3)))
    assert of_bounds(phi, bound)[0, 1] == pytest.approx(phi[0, 1] / bound[0, 1])


def test_phi_is_pearsons_correlation_and_cramers_v():
    """SciPy agrees."""
    columns = table(17, 5, 31, 58)
    phi, _ = phi_coefficients(columns)
    counts = np.array([[17, 5], [31, 58]])

    assert phi[0, 1] == pytest.approx(pearsonr(columns[:, 0], columns[:, 1]).statistic)
    assert phi[0, 1] == pytest.approx(contingency.association(counts, method="cramer"))


@given(st.lists(st.integers(1, 40), min_size=4, max_size=4))
def test_the_bound_is_reached_and_never_passed(counts):
    """The table with the same margins whose cells are as extreme as they allow has phi equal to the bound."""
    both, first, second, _ = counts
    phi, bound = phi_coefficients(table(*counts))
    rows, one, other = sum(counts), both + first, both + second
    most = min(one, other) if phi[0, 1] >= 0 else max(0, one + other - rows)
    extreme, _ = phi_coefficients(table(most, one - most, other - most, rows - one - other + most))

    assert abs(phi[0, 1]) <= abs(bound[0, 1]) + 1e-9
    assert extreme[0, 1] == pytest.approx(bound[0, 1])


def test_a_column_that_is_never_or_always_missing_has_no_phi():
    """It has no variance."""
    phi, bound = phi_coefficients(np.array([[True, False, True], [True, False, False]]))

    assert np.isnan(phi[0]).all()
    assert np.isnan(bound[:, 1]).all()
    assert largest(0.0, 0.5) is None


def test_the_documents_phi_of_place_and_latitude_is_nearly_all_that_its_shares_allow():
    """0.588 of at most 0.610."""
    assert 0.588272 / largest(0.341209, 0.582037) == pytest.approx(0.9646, abs=1e-4)


def test_weights_count_rows():
    """A row of weight 3 is three rows."""
    columns = table(2, 1, 1, 3)
    weights = np.array([3.0, 1, 1, 1, 1, 1, 1])

    assert phi_coefficients(columns, weights)[0] == pytest.approx(
        phi_coefficients(np.vstack([columns[[0, 0]], columns]))[0]
    )


def test_columns_with_the_same_gaps_are_neighbours():
    """Average linkage on 1 - |phi|."""
    draw = np.random.default_rng(1)
    one, other = draw.random(200) < 0.4, draw.random(200) < 0.4
    phi, _ = phi_coefficients(np.column_stack([one, other, one, other]))

    assert {frozenset(clustered(phi)[:2]), frozenset(clustered(phi)[2:])} == {
        frozenset({0, 2}),
        frozenset({1, 3}),
    }


def test_a_gap_of_the_artist_lies_between_artists():
    """All of it; one drawn for each track has none of it there."""
    artists = np.repeat(np.arange(50), 8)
    own = np.random.default_rng(5).random(400) < 0.5

    assert intraclass(artists % 3 == 0, artists) == pytest.approx(1.0)
    assert intraclass(own, artists) < 0.06
    assert all_or_none(artists % 3 == 0, artists) == 1.0


def test_the_intraclass_correlation_by_hand():
    """Groups of 2, 2 and 3, from the mean squares between and within."""
    gaps = np.array([True, True, True, False, False, False, False])
    between = (2 * (1 - 3 / 7) ** 2 + 2 * (0.5 - 3 / 7) ** 2 + 3 * (3 / 7) ** 2) / 2
    within = 0.5 / 4
    size = (7 - (4 + 4 + 9) / 7) / 2

    assert intraclass(gaps, np.array([0, 0, 1, 1, 2, 2, 2])) == pytest.approx(
        (between - within) / (between + (size - 1) * within)
    )


@pytest.mark.parametrize(
    ("gaps", "artists"),
    [([True, True], [0, 0]), ([False, False], [0, 1]), ([True, False], [0, 1]), ([True, False], [0, 0])],
)
def test_agreement_is_undefined_without_variance_or_several_tracks(gaps, artists):
    """Always missing, never missing, one track each, one artist."""
    assert intraclass(np.array(gaps), np.array(artists)) is None


def test_no_artist_with_several_tracks_agrees_with_none():
    """Nothing to compare."""
    assert all_or_none(np.array([True, False]), np.array([0, 1])) is None
