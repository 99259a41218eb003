"""Coordinates that are probably wrong: a wrong sign, a swapped pair, no place at all.

The rule: coordinates are a suspect

- if the text of the artist's place names a country, they do not lie in it, and they would with a sign changed or with
  latitude and longitude swapped, or
- without such a text, if they lie on no land and would, swapped. That is a hint, since a quarter of all points of the
  sea would; changed signs are none, since two thirds have land where one or both signs are changed.

What lies on no land or off the globe and is no suspect is listed as such. Nothing is corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.analyses.places.naming import countries_named
from genrelab.analyses.places.placing import Location, locate
from genrelab.tables.places import SWAPPED, WRONG_LATITUDE, WRONG_LONGITUDE, WRONG_SIGNS

FloatArray = npt.NDArray[np.float64]

REPAIRS = {
    WRONG_LONGITUDE: (0, 1, 1, -1),
    WRONG_LATITUDE: (0, 1, -1, 1),
    WRONG_SIGNS: (0, 1, -1, -1),
    SWAPPED: (1, 0, 1, 1),
}
"""Suspicion: which of the two values becomes latitude and longitude, and their signs."""


@dataclass(frozen=True)
class Odd:
    """What is odd about a pair of coordinates.

    Args:
        kind: One of `genrelab.tables.places.SUSPICIONS`, `no place` or `off the globe`; empty for nothing.
        would_be: Where they would lie if the suspicion is true; None without one.
    """

    kind: str
    would_be: Location | None


def find_odd(coordinates: FloatArray, locations: Sequence[Location], texts: Sequence[str]) -> list[Odd]:
    """Return what is odd about each pair of coordinates.

    Args:
        coordinates: Latitude and longitude, shape (n, 2).
        locations: Where each lies.
        texts: Text about each place; empty where there is none.
    """
    named = [countries_named(text) for text in texts]
    asked = [
        row
        for row, (place, countries) in enumerate(zip(locations, named, strict=True))
        if (countries and place.country not in countries) or not place.country
    ]
    odd = [Odd(place.decided_by if not place.country else "", None) for place in locations]
    repaired = {
        kind: _repaired(coordinates[asked], first, second, signs)
        for kind, (first, second, *signs) in REPAIRS.items()
    }
    for at, row in enumerate(asked):
        for kind, places in repaired.items():
            would_be = places[at]
            fits = (
                would_be.country in named[row] if named[row] else kind == SWAPPED and bool(would_be.country)
            )
            if fits:
                odd[row] = Odd(kind, would_be)
                break
    return odd


def _repaired(coordinates: FloatArray, first: int, second: int, signs: Sequence[int]) -> list[Location]:
    places, index = locate(coordinates[:, [first, second]] * signs)
    return [places[at] for at in index]
