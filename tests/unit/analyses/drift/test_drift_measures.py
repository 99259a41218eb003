"""Measures of drift: hand-worked values, scipy's, and the edges where a naive formula breaks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from genrelab.analyses.drift.measures import (
    came_and_went,
    decile_edges,
    distance,
    share_changes,
    stability_index,
)

TEN = np.arange(1.0, 11.0)
SAMPLES = st.lists(st.floats(-1e6, 1e6, width=32) | st.just(math.nan), min_size=1, max_size=60).map(np.array)


def psi(earlier, later):
    return stability_index(np.asarray(earlier, float), np.asarray(later, float))[0]


def test_deciles_are_the_values_that_close_each_tenth():
    """Ten values: nine cuts, each a value of its own."""
    assert decile_edges(TEN).tolist() == list(range(1, 10))


def test_the_index_by_hand():
    """Half of the later tracks leave the lower five tenths for the upper five: p = 0.1 each, q = 0.05 and 0.15."""
    later = [1, 2, 3, 4, 5, *[6, 7, 8, 9, 10] * 3]
    by_hand = 5 * (0.05 - 0.1) * math.log(0.05 / 0.1) + 5 * (0.15 - 0.1) * math.log(0.15 / 0.1)

    assert psi(TEN, later) == pytest.approx(by_hand, abs=1e-12)
    assert by_hand == pytest.approx(0.27465, abs=1e-5)


def test_an_empty_bin_counts_as_half_a_track():
    """Nothing is left in the lowest tenth: q = 0.5 / 10 there, and the tenth above holds two."""
    later = [2, *range(2, 11)]
    by_hand = (0.05 - 0.1) * math.log(0.05 / 0.1) + (0.2 - 0.1) * math.log(0.2 / 0.1)

    assert psi(TEN, later) == pytest.approx(by_hand, abs=1e-12)


def test_a_constant_is_told_from_its_surroundings():
    """Equal constants have not moved; the next number up or down has."""
    constant = np.full(50, 4.0)

    assert psi(constant, np.full(80, 4.0)) == 0
    assert psi(constant, np.full(80, 5.0)) > 1
    assert psi(constant, np.full(80, 3.0)) > 1


def test_a_value_of_more_than_a_tenth_has_its_own_bin():
    """Half of all tracks have the time signature 4: that a third of these get 5 is seen."""
    earlier, later = np.repeat([3.0, 4.0, 5.0], [20, 50, 30]), np.repeat([3.0, 4.0, 5.0], [20, 33, 47])
    by_hand = (0.33 - 0.5) * math.log(0.33 / 0.5) + (0.47 - 0.3) * math.log(0.47 / 0.3)

    assert psi(earlier, later) == pytest.approx(by_hand, abs=1e-12)


def test_missing_values_are_a_bin_of_their_own():
    """Half of the values go missing, the rest keep their distribution."""
    later = np.where(np.arange(10) % 2, TEN, np.nan)
    by_hand = 5 * (0.05 - 0.1) * math.log(0.05 / 0.1) + (0.5 - 0.05) * math.log(0.5 / 0.05)

    assert psi(TEN, later) == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize("earlier", [TEN, np.full(10, np.nan)], ids=["values", "missing"])
def test_all_missing_has_no_distance_but_an_index(earlier):
    """A distance needs values; the index sees that they went, or that they never were."""
    gone = np.full(10, np.nan)

    assert distance(earlier, gone) is None
    assert (psi(earlier, gone) == 0) == bool(np.isnan(earlier).all())


def test_a_sample_without_rows_has_no_measure():
    """Nothing is compared with nothing."""
    assert stability_index(TEN, np.empty(0)) is None
    assert stability_index(np.empty(0), TEN) is None
    assert distance(TEN, np.empty(0)) is None
    assert share_changes({"pop": 3}, {}) == []


def test_infinite_values_count_as_missing():
    """They have no place in a distribution."""
    with_infinite, with_missing = (np.append(TEN, end) for end in (math.inf, math.nan))

    assert psi(TEN, with_infinite) == psi(TEN, with_missing)
    assert distance(TEN, with_infinite) == distance(TEN, TEN) or distance(TEN, with_infinite)[0] == 0


@given(SAMPLES, SAMPLES)
def test_the_distance_is_that_of_scipy(earlier, later):
    """Over the values that are there; without any there is none."""
    known = [sample[np.isfinite(sample)] for sample in (earlier, later)]
    found = distance(earlier, later)

    if min(map(len, known)):
        assert found[0] == pytest.approx(ks_2samp(*known).statistic)
    else:
        assert found is None


@given(SAMPLES, SAMPLES)
def test_the_index_is_never_negative_and_nothing_moves_against_itself(earlier, later):
    """Every term of the sum has one sign."""
    assert psi(earlier, later) >= 0
    assert psi(earlier, earlier) == 0


@given(SAMPLES)
def test_the_order_of_rows_does_not_matter(sample):
    """Delta keeps none."""
    assert psi(sample, sample[::-1]) == 0


def test_the_levels_by_chance_hold():
    """Of 400 pairs of samples out of one distribution, about one in a thousand is above its level."""
    generator = np.random.default_rng(5)
    above = dict.fromkeys(("psi", "ks", "share"), 0)
    for _ in range(400):
        earlier, later = generator.normal(size=300), generator.normal(size=200)
        index, apart = stability_index(earlier, later), distance(earlier, later)
        halves = [{"yes": int((one > 0).sum()), "no": int((one <= 0).sum())} for one in (earlier, later)]
        change = share_changes(*halves)[0]
        above["psi"] += index[0] > index[1]
        above["ks"] += apart[0] > apart[1]
        above["share"] += abs(change.change) > change.chance

    assert max(above.values()) <= 4, above


def test_a_level_by_chance_by_hand():
    """Smirnov's limit for 100 against 100 rows at one in a thousand is 1.949 times the root of 2 / 100."""
    level = distance(np.arange(100.0), np.arange(100.0))[1]

    assert level == pytest.approx(1.9495 * math.sqrt(0.02), abs=1e-4)


def test_shares_by_hand():
    """Largest changes first; a class that only one version has counts with 0 in the other."""
    found = share_changes({"pop": 50, "rock": 50}, {"pop": 30, "rock": 50, "dance": 20})

    assert [(one.name, one.earlier, one.later) for one in found] == [
        ("dance", 0.0, 0.2),
        ("pop", 0.5, 0.3),
        ("rock", 0.5, 0.5),
    ]
    assert [one.change for one in found] == pytest.approx([0.2, -0.2, 0.0])


def test_new_and_vanished_words_come_by_weight():
    """Those of most tracks first, equal ones by name; all of them are counted."""
    found = came_and_went(
        {"bebop": 5, "banda": 9, "pop": 2}, {"pop": 3, "drill": 4, "opm": 4, "house": 7}, most=2
    )

    assert [one.word for one in found.new] == ["house", "drill"]
    assert [(one.word, one.tracks) for one in found.vanished] == [("banda", 9), ("bebop", 5)]
    assert (found.new_count, found.vanished_count, found.kept_count) == (3, 2, 1)
