"""Polygons of countries and US states with their facts.

Conventions: positions are (longitude, latitude) in degrees, east and north positive, as in GeoJSON; a polygon is its
outer ring and its holes, a ring an array of shape (points, 2) whose last point is its first. Rings that cross the date
line are cut there. The United States are in both files: as one country, and as fifty states and the District of
Columbia.

Which area a point lies in does not belong here but in `genrelab.analyses.places.placing`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]

UNITED_STATES = "US"
CONTINENTS = ("Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America")


@dataclass(frozen=True)
class Area:
    """A country or a state.

    Args:
        code: ISO 3166 code of a country (`NL`); name of a state.
        name: Its English name.
        continent: Continent of the whole country, also of parts that lie elsewhere.
        population: Its inhabitants; None where nobody lives there.
        polygons: Its polygons, each an outer ring and holes.
    """

    code: str
    name: str
    continent: str
    population: int | None
    polygons: tuple[tuple[Ring, ...], ...]


@cache
def load_countries() -> tuple[Area, ...]:
    """Return the countries by code."""
    return _areas("countries.json")


@cache
def load_states() -> tuple[Area, ...]:
    """Return the fifty states and the District of Columbia."""
    return _areas("states.json")


@cache
def countries_by_code() -> dict[str, Area]:
    """Return the countries by their code."""
    return {area.code: area for area in load_countries()}


def _areas(name: str) -> tuple[Area, ...]:
    text = (resources.files("genrelab.sources.atlas") / name).read_text("utf-8")
    stored = json.loads(text)
    arcs = [np.cumsum(np.reshape(arc, (-1, 2)), axis=0) * stored["step"] for arc in stored["arcs"]]
    return tuple(_area(code, place, arcs) for code, place in stored["places"].items())


def _area(code: str, place: dict[str, Any], arcs: Sequence[Ring]) -> Area:
    return Area(
        code,
        place.get("name", code),
        place.get("continent", "North America"),
        place["population"] or None,
        tuple(tuple(_ring(ring, arcs) for ring in polygon) for polygon in place["shape"]),
    )


def _ring(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Return a ring from its arcs; a negative number runs its arc backwards."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
