"""From coordinates to country, continent and US state, by point in polygon.

Conventions: coordinates are (latitude, longitude) in degrees; distances are planar, in degrees. US states are asked
first, then countries, then the nearest polygon of either kind within `NEAREST_DEGREES`: coastlines are simplified, so
that New York, Brooklyn and San Francisco lie outside every country. Each distinct pair of coordinates is placed once.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from genrelab.evaluation.geography import off_the_globe
from genrelab.sources.atlas.areas import UNITED_STATES, Area, countries_by_code, load_countries, load_states
from genrelab.tables.places import COUNTRY, NEAREST, NOWHERE, OFF_GLOBE, STATE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NEAREST_DEGREES = 0.25
"""How far a place may lie from the nearest polygon: 28 km along a meridian."""


@dataclass(frozen=True)
class Location:
    """Where a pair of coordinates lies.

    Args:
        country: ISO 3166 code; empty without a place.
        state: US state; empty elsewhere.
        decided_by: One of `genrelab.tables.places.DECISIONS`.
        distance: Degrees to the polygon; 0 inside.
    """

    country: str
    state: str
    decided_by: str
    distance: float

    @property
    def name(self) -> str:
        """Return the name of the country, or that of the state with its country."""
        country = self.country and countries_by_code()[self.country].name
        return f"{self.state}, {country}" if self.state else country

    @property
    def continent(self) -> str:
        """Return the continent of the country; empty without a place."""
        return self.country and countries_by_code()[self.country].continent


@dataclass(frozen=True)
class _Polygons:
    """Every polygon, those of the states first, and the area that each belongs to."""

    shapes: npt.NDArray[np.object_]
    areas: tuple[Area, ...]
    area_of: IntArray
    states: int


@cache
def _polygons() -> _Polygons:
    states = load_states()
    areas = (*states, *(area for area in load_countries() if area.code != UNITED_STATES))
    shapes = [shapely.Polygon(rings[0], rings[1:]) for area in areas for rings in area.polygons]
    area_of = np.repeat(np.arange(len(areas)), [len(area.polygons) for area in areas])
    valid = shapely.make_valid(np.array(shapes, dtype=object))  # simplified outlines may touch themselves
    return _Polygons(valid, areas, area_of, len(states))


def locate(coordinates: FloatArray) -> tuple[list[Location], IntArray]:
    """Return the distinct locations of many coordinates.

    Args:
        coordinates: Latitude and longitude, shape (n, 2); NaN and values beyond the globe are `OFF_GLOBE`.

    Returns:
        The location of each distinct pair, and the index into them for each row, shape (n,).
    """
    distinct, index = np.unique(coordinates, axis=0, return_inverse=True)
    off = off_the_globe(distinct)
    points = np.flatnonzero(~off)
    area, distance = _areas_of(distinct[points])
    known = _polygons()
    found = [Location("", "", OFF_GLOBE, 0.0)] * len(distinct)
    for point, number, away in zip(points.tolist(), area.tolist(), distance.tolist(), strict=True):
        if number < 0:
            found[point] = Location("", "", NOWHERE, 0.0)
            continue
        is_state = number < known.states
        inside = STATE if is_state else COUNTRY
        code = known.areas[number].code
        found[point] = Location(
            UNITED_STATES if is_state else code,
            code if is_state else "",
            NEAREST if away else inside,
            round(away, 4),
        )
    return found, index.ravel()


def _areas_of(coordinates: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the number of the area of each distinct place (-1 for none) and its distance in degrees."""
    known = _polygons()
    area, distance = np.full(len(coordinates), -1), np.zeros(len(coordinates))
    if not len(coordinates):
        return area, distance
    points = shapely.points(coordinates[:, 1], coordinates[:, 0])
    polygon, inside = shapely.STRtree(points).query(known.shapes, predicate="covers")
    order = np.argsort(-polygon, kind="stable")  # the first polygon is written last: states before countries
    area[inside[order]] = known.area_of[polygon[order]]
    outside = np.flatnonzero(area < 0)
    near, polygon = shapely.STRtree(known.shapes).query_nearest(
        points[outside], max_distance=NEAREST_DEGREES, all_matches=False
    )
    area[outside[near]] = known.area_of[polygon]
    distance[outside[near]] = shapely.distance(points[outside[near]], known.shapes[polygon])
    return area, distance
