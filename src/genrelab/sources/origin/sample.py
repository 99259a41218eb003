"""A synthetic file in the layout of the geographical-origin data, for runs without the real one.

Conventions: each feature is a smooth field over the globe, drawn from a Gaussian process whose covariance
falls with great-circle distance, plus noise for each track; so nearby places sound alike and a model has
something to find. Columns are standardised, as in the real file. Only the coordinates, those of 33 capitals,
are real.
"""

from pathlib import Path

import numpy as np

from genrelab.evaluation.geography import PLACES, distances_km
from genrelab.runtime.files import write_atomically
from genrelab.tables.origin import DEFAULT_FEATURES

REACH_KM = 2500.0
"""Distance at which two places have half-way forgotten each other."""
NOISE = 2.5
"""Spread between tracks of one place, as a multiple of the spread between places."""

CAPITALS = {place.capital: (place.latitude, place.longitude) for place in PLACES}
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
    covariance = np.exp(-distances_km(places) / REACH_KM)
    fields = np.linalg.cholesky(covariance) @ rng.standard_normal((len(places), DEFAULT_FEATURES))
    features = fields[place] + NOISE * rng.standard_normal((tracks, DEFAULT_FEATURES))
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    lines = [
        ",".join([*(f"{value:.6f}" for value in row), f"{latitude:.2f}", f"{longitude:.2f}"])
        for row, (latitude, longitude) in zip(features, places[place], strict=True)
    ]
    write_atomically(path, ("\n".join(lines) + "\n").encode())
