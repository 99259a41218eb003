"""A synthetic file in the layout of the geographical-origin data, for runs without the real one.

Conventions: each feature is a smooth field over the globe, drawn from a Gaussian process whose covariance
falls with great-circle distance, plus noise for each track; so nearby places sound alike and a model has
something to find. Columns are standardised, as in the real file. Only the coordinates, those of 33 capitals,
are real.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from genrelab.files import write_atomically
from genrelab.tables.origin import DEFAULT_FEATURES

EARTH_RADIUS_KM = 6371.0
REACH_KM = 2500.0
"""Distance at which two places have half-way forgotten each other."""
NOISE = 2.5
"""Spread between tracks of one place, as a multiple of the spread between places."""

CAPITALS = {
    "Tirana": (41.33, 19.82),
    "Algiers": (36.75, 3.06),
    "Canberra": (-35.28, 149.13),
    "Belmopan": (17.25, -88.77),
    "Brasilia": (-15.79, -47.88),
    "Phnom Penh": (11.56, 104.92),
    "Praia": (14.93, -23.51),
    "Beijing": (39.90, 116.41),
    "Cairo": (30.04, 31.24),
    "Addis Ababa": (9.03, 38.74),
    "Tbilisi": (41.72, 44.79),
    "Athens": (37.98, 23.73),
    "New Delhi": (28.61, 77.21),
    "Jakarta": (-6.21, 106.85),
    "Tehran": (35.69, 51.39),
    "Rome": (41.90, 12.50),
    "Kingston": (18.02, -76.80),
    "Tokyo": (35.68, 139.69),
    "Nairobi": (-1.29, 36.82),
    "Bishkek": (42.87, 74.59),
    "Vilnius": (54.69, 25.28),
    "Bamako": (12.65, -8.00),
    "Rabat": (34.02, -6.83),
    "Naypyidaw": (19.75, 96.10),
    "Islamabad": (33.69, 73.06),
    "Bucharest": (44.43, 26.10),
    "Dakar": (14.69, -17.45),
    "Taipei": (25.04, 121.57),
    "Dodoma": (-6.17, 35.74),
    "Bangkok": (13.75, 100.50),
    "Ankara": (39.93, 32.86),
    "London": (51.51, -0.13),
    "Tashkent": (41.30, 69.24),
}
"""Latitude and longitude in degrees of the capitals of the 33 countries in the real data."""


def write_sample(path: Path, seed: int, tracks: int = 500) -> None:
    """Write a synthetic file of 68 features and two coordinates.

    Args:
        path: Where to.
        seed: The same seed writes the same bytes.
        tracks: Lines; at least one for each capital.
    """
    places = np.array(list(CAPITALS.values()))
    if tracks < len(places):
        raise ValueError(f"{tracks} tracks for {len(places)} capitals")
    rng = np.random.default_rng(seed)
    # Every capital once, the rest by unequal shares, as in the real file (11 to 69 tracks a country).
    shares = rng.dirichlet(np.full(len(places), 4.0))
    drawn = rng.choice(len(places), size=tracks - len(places), p=shares)
    place = rng.permutation(np.concatenate([np.arange(len(places)), drawn]))
    covariance = np.exp(-_distances_km(places) / REACH_KM)
    fields = np.linalg.cholesky(covariance) @ rng.standard_normal((len(places), DEFAULT_FEATURES))
    features = fields[place] + NOISE * rng.standard_normal((tracks, DEFAULT_FEATURES))
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    lines = [
        ",".join([*(f"{value:.6f}" for value in row), f"{latitude:.2f}", f"{longitude:.2f}"])
        for row, (latitude, longitude) in zip(features, places[place], strict=True)
    ]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def _distances_km(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Great-circle distances in km, shape (n, n), between places (n, 2) in degrees: the haversine formula."""
    latitude, longitude = np.radians(places).T
    half = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
