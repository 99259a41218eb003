"""Tracks of one capital, drawn beside each other instead of on top of each other.

The student project adds a random offset to every point; here the tracks of a place fill a disc around it in a
sunflower's spiral (Vogel, "A better way to construct the sunflower head", 1979): evenly, always the same, the
largest group of the place in the middle. Positions are for drawing only.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STEP_DEGREES = 0.68
"""Distance scale: n tracks fill a disc of about STEP_DEGREES * sqrt(n) degrees."""
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def spread_around(
    places: FloatArray, place: IntArray, assigned: IntArray, step: float = STEP_DEGREES
) -> FloatArray:
    """A position for every track.

    Args:
        places: Latitude and longitude of each place in degrees, shape (places, 2).
        place: Place of each track, shape (tracks,).
        assigned: Group of each track, shape (tracks,); the largest group of a place lies in the middle.
        step: Distance scale in degrees.

    Returns:
        Latitude and longitude in degrees, shape (tracks, 2).
    """
    spots = places[place].astype(np.float64)
    for at in np.unique(place):
        rows = np.flatnonzero(place == at)
        sizes = np.bincount(assigned[rows])
        order = np.lexsort((rows, assigned[rows], -sizes[assigned[rows]]))
        number = np.arange(len(rows))
        radius, angle = step * np.sqrt(number), GOLDEN_ANGLE * number
        # A degree of longitude is shorter than one of latitude: the disc shall look round on the globe.
        shrink = max(np.cos(np.radians(places[at, 0])), 0.2)
        spots[rows[order], 0] += radius * np.sin(angle)
        spots[rows[order], 1] += radius * np.cos(angle) / shrink
    return spots
