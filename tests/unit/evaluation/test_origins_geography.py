"""Distances on the globe, names of places, and the place of least expected distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.evaluation.geography import (
    EARTH_RADIUS_KM,
    PLACES,
    country_of,
    distances_km,
    from_unit,
    great_circle_km,
    least_expected_place,
    off_the_globe,
    to_unit,
)
from genrelab.sources.origin.sample import CAPITALS

LATITUDE, LONGITUDE = st.floats(-90, 90), st.floats(-180, 180)
PLACE = st.tuples(LATITUDE, LONGITUDE)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((51.5074, -0.1278), (48.8566, 2.3522), 343.6),  # London to Paris
        ((40.7128, -74.0060), (51.5074, -0.1278), 5570.2),  # New York to London
        ((-33.8688, 151.2093), (35.6762, 139.6503), 7825.8),  # Sydney to Tokyo
        ((0, 179.5), (0, -179.5), 111.2),  # across the date line
        ((90, 0), (-90, 77), np.pi * EARTH_RADIUS_KM),  # pole to pole
        ((0, 0), (0, 90), np.pi / 2 * EARTH_RADIUS_KM),  # a quarter of the equator
    ],
)
def test_known_distances(one, other, expected):
    """Published great-circle distances on a sphere of 6,371 km."""
    assert float(great_circle_km(one, other)) == pytest.approx(expected, abs=0.6)


@given(PLACE, PLACE, PLACE)
def test_a_distance_is_a_metric(one, other, third):
    """Not negative, the same both ways, at most half the globe, never longer than a detour."""
    there, back = float(great_circle_km(one, other)), float(great_circle_km(other, one))

    assert there == pytest.approx(back)
    assert 0 <= there <= np.pi * EARTH_RADIUS_KM + 1e-6
    assert there <= float(great_circle_km(one, third)) + float(great_circle_km(third, other)) + 1e-6


def test_every_place_from_every_place():
    """A square table with nothing on its diagonal."""
    table = distances_km([(0, 0), (0, 90), (90, 0)])

    assert np.diag(table) == pytest.approx(0)
    assert table[0, 1] == pytest.approx(table[1, 2])


@given(PLACE)
def test_a_place_survives_the_way_to_the_unit_sphere_and_back(place):
    """Degrees to a point and back, however long the vector."""
    returned = from_unit(2.5 * to_unit([place]))[0]

    assert float(great_circle_km(returned, place)) < 1e-3


@pytest.mark.parametrize(
    ("coordinates", "expected"),
    [
        ((23.76, 121.0), "Taiwan"),
        ((52.5, -0.12), "United Kingdom"),
        ((12.65, -8.0), "Mali"),
        ((0.0, -150.0), "0 N, 150 W"),
        ((-60.25, 10.5), "60.25 S, 10.5 E"),
    ],
)
def test_a_country_is_known_by_its_capital(coordinates, expected):
    """The data's own coordinates are rounded, so near is enough; elsewhere the coordinates are the name."""
    assert country_of(*coordinates) == expected


def test_the_capitals_of_the_sample_are_the_declared_ones():
    """One table of countries, in alphabetical order; the sample's file depends on it."""
    assert list(CAPITALS) == [place.capital for place in PLACES]
    assert [place.country for place in PLACES] == sorted(place.country for place in PLACES)
    assert len(PLACES) == 33


def test_the_place_of_least_expected_distance_hedges_unless_it_is_sure():
    """Two likely neighbours beat a likelier place far away; a high power trusts the likeliest."""
    distances = distances_km([(0, 0), (0, 10), (0, 100)])
    proba = np.array([[0.31, 0.29, 0.40]])

    any_place = np.ones((3, 3), dtype=np.bool_)

    assert least_expected_place(proba, distances, 1, any_place[:1]).tolist() == [1]
    assert least_expected_place(proba, distances, 50, any_place[:1]).tolist() == [2]
    assert least_expected_place(np.eye(3), distances, 1, any_place).tolist() == [0, 1, 2]


def test_a_place_that_may_not_be_is_never_the_answer():
    """The nearest of the others is."""
    distances = distances_km([(0, 0), (0, 10), (0, 100)])

    assert least_expected_place(np.eye(3), distances, 1, ~np.eye(3, dtype=np.bool_)).tolist() == [1, 0, 1]


@pytest.mark.parametrize("place", [(91, 0), (-90.5, 0), (0, 181), (0, -180.1), (np.nan, 0), (0, np.inf)])
def test_what_is_no_place_is_off_the_globe(place):
    """Beyond the poles or the date line, or missing."""
    assert off_the_globe(np.array([place, (90, -180)])).tolist() == [True, False]
