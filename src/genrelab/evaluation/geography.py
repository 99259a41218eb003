"""The globe: distances between places, and the countries behind the capitals of the origin data.

Conventions: places are (latitude, longitude) in degrees, north and east positive; distances are great-circle
distances in km on a sphere of the earth's mean radius.

Nothing here knows music, and nothing here draws.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
"""Mean radius; the earth's flattening moves a distance by at most 0.6 %."""

NEAR_KM = 250.0
"""Coordinates this close to a capital stand for its country: the data's own are rounded, Taiwan's and the United
Kingdom's lie 150 and 110 km off."""

GRID_DEGREES = 2
"""Step of the grid on which a geometric median is searched: its mean distance is flat around the minimum."""


@dataclass(frozen=True)
class Place:
    """A country and its capital.

    Args:
        country: Its short English name.
        capital: Name of the capital.
        latitude: Of the capital, in degrees.
        longitude: Of the capital, in degrees.
    """

    country: str
    capital: str
    latitude: float
    longitude: float


PLACES = (
    Place("Albania", "Tirana", 41.33, 19.82),
    Place("Algeria", "Algiers", 36.75, 3.06),
    Place("Australia", "Canberra", -35.28, 149.13),
    Place("Belize", "Belmopan", 17.25, -88.77),
    Place("Brazil", "Brasilia", -15.79, -47.88),
    Place("Cambodia", "Phnom Penh", 11.56, 104.92),
    Place("Cape Verde", "Praia", 14.93, -23.51),
    Place("China", "Beijing", 39.90, 116.41),
    Place("Egypt", "Cairo", 30.04, 31.24),
    Place("Ethiopia", "Addis Ababa", 9.03, 38.74),
    Place("Georgia", "Tbilisi", 41.72, 44.79),
    Place("Greece", "Athens", 37.98, 23.73),
    Place("India", "New Delhi", 28.61, 77.21),
    Place("Indonesia", "Jakarta", -6.21, 106.85),
    Place("Iran", "Tehran", 35.69, 51.39),
    Place("Italy", "Rome", 41.90, 12.50),
    Place("Jamaica", "Kingston", 18.02, -76.80),
    Place("Japan", "Tokyo", 35.68, 139.69),
    Place("Kenya", "Nairobi", -1.29, 36.82),
    Place("Kyrgyzstan", "Bishkek", 42.87, 74.59),
    Place("Lithuania", "Vilnius", 54.69, 25.28),
    Place("Mali", "Bamako", 12.65, -8.00),
    Place("Morocco", "Rabat", 34.02, -6.83),
    Place("Myanmar", "Naypyidaw", 19.75, 96.10),
    Place("Pakistan", "Islamabad", 33.69, 73.06),
    Place("Romania", "Bucharest", 44.43, 26.10),
    Place("Senegal", "Dakar", 14.69, -17.45),
    Place("Taiwan", "Taipei", 25.04, 121.57),
    Place("Tanzania", "Dodoma", -6.17, 35.74),
    Place("Thailand", "Bangkok", 13.75, 100.50),
    Place("Turkey", "Ankara", 39.93, 32.86),
    Place("United Kingdom", "London", 51.51, -0.13),
    Place("Uzbekistan", "Tashkent", 41.30, 69.24),
)
"""The 33 countries of the origin data, by name."""


def great_circle_km(one: npt.ArrayLike, other: npt.ArrayLike) -> FloatArray:
    """Great-circle distance by the haversine formula, which is exact for near places too.

    Args:
        one: Places, shape (..., 2), in degrees.
        other: Places, shape (..., 2), in degrees; the two broadcast.

    Returns:
        Distances in km, shape (...).

    >>> round(float(great_circle_km((0, 0), (0, 180))))
    20015
    """
    first, second = np.radians(np.asarray(one, float)), np.radians(np.asarray(other, float))
    half = (
        np.sin((first[..., 0] - second[..., 0]) / 2) ** 2
        + np.cos(first[..., 0]) * np.cos(second[..., 0]) * np.sin((first[..., 1] - second[..., 1]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def distances_km(places: npt.ArrayLike) -> FloatArray:
    """Distance of every place (n, 2) from every place, shape (n, n)."""
    points = np.asarray(places, float)
    return great_circle_km(points[:, None], points[None])


def to_unit(places: npt.ArrayLike) -> FloatArray:
    """Places (n, 2) in degrees as points on the unit sphere, shape (n, 3): a mean of them is a place again."""
    latitude, longitude = np.radians(np.asarray(places, float)).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


def from_unit(points: npt.ArrayLike) -> FloatArray:
    """The place in degrees below each point (n, 3), however far from the centre it is, shape (n, 2)."""
    x, y, z = np.asarray(points, float).T
    return np.asarray(np.degrees(np.column_stack([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)])))


def country_of(latitude: float, longitude: float) -> str:
    """The country whose capital is at these coordinates, or the coordinates themselves.

    >>> country_of(23.76, 121.0), country_of(0.0, -30.0)
    ('Taiwan', '0 N, 30 W')
    """
    capitals = [(place.latitude, place.longitude) for place in PLACES]
    away = great_circle_km((latitude, longitude), capitals)
    nearest = int(away.argmin())
    if away[nearest] <= NEAR_KM:
        return PLACES[nearest].country
    return (
        f"{abs(latitude):.4g} {'N' if latitude >= 0 else 'S'}, {abs(longitude):.4g} "
        f"{'E' if longitude >= 0 else 'W'}"
    )


def least_expected_place(
    proba: FloatArray, distances: FloatArray, power: float, may_be: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The place from which the true one is least far away on average.

    Args:
        proba: Probability of each place, shape (n, places).
        distances: Between the places in km, shape (places, places).
        power: The probabilities are raised to it first: above 1 it trusts the likely places more.
        may_be: Places that may be chosen, shape (n, places).

    Returns:
        Index of the chosen place, shape (n,).
    """
    return np.asarray(np.where(may_be, proba**power @ distances, np.inf).argmin(axis=1))


def central_place(coordinates: FloatArray) -> tuple[FloatArray, float]:
    """The one of these places from which they all are least far away on average, and that mean distance in km.

    Args:
        coordinates: Latitude and longitude in degrees, shape (n, 2); a place counts as often as it is there.
    """
    places, sizes = np.unique(coordinates, axis=0, return_counts=True)
    total = distances_km(places) @ sizes
    return places[total.argmin()], float(total.min() / len(coordinates))


def median_place(coordinates: FloatArray) -> FloatArray:
    """The point of the globe from which these places are least far away on average: their geometric median.

    Args:
        coordinates: Latitude and longitude in degrees, shape (n, 2); a place counts as often as it is there.

    Returns:
        Latitude and longitude, to `GRID_DEGREES`.
    """
    places, sizes = np.unique(coordinates, axis=0, return_counts=True)
    latitude, longitude = np.mgrid[-90 : 90 + GRID_DEGREES : GRID_DEGREES, -180:180:GRID_DEGREES]
    points = np.column_stack([latitude.ravel(), longitude.ravel()]).astype(np.float64)
    return np.asarray(points[(great_circle_km(points[:, None], places) @ sizes).argmin()])


def off_the_globe(coordinates: FloatArray) -> npt.NDArray[np.bool_]:
    """Rows of (latitude, longitude) that are no place: missing, or beyond 90 and 180 degrees."""
    latitude, longitude = coordinates.T
    return np.asarray(~((np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)))  # noqa: PLR2004 - the poles, the date line
