"""Map of the world: land, a graticule and places, drawn without a network.

Conventions: the projection is Equal Earth (Savric, Patterson and Jenny, "The Equal Earth map projection", IJGIS
2018): it preserves areas. Positions are whole numbers, thousandths of the
earth's radius; x and y have one scale. A region is the part of the world that a view shows. A region with borders is
drawn from the polygons of `genrelab.sources.atlas` around a meridian of its own, so that it is upright; others from the
coarser outlines of `genrelab.report.land`.

The contents of a map belong in the charts that use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from genrelab.report.charts import Drawing
from genrelab.report.land import load_land
from genrelab.sources.atlas.areas import UNITED_STATES, load_countries, load_states

FloatArray = npt.NDArray[np.float64]

COEFFICIENTS = (1.340264, -0.081106, 0.000893, 0.003796)
UNITS = 1_000
WIDE, NARROW = 1040, 350
"""Width of a drawing in CSS pixels on a desktop and on a phone; heights follow from it."""
LINES = range(-180, 181, 30)
PARALLELS = range(-60, 81, 20)
OUTSIDE = 50
"""How far beyond its edges a region with borders is drawn, in positions on the map."""
SMALLEST = 3
"""Size of an island in such a region below which it is not drawn, in positions on the map."""
NAMED_AT = -45.0
"""Longitude of the name of the line between north and south: in the Atlantic."""


@dataclass(frozen=True)
class Region:
    """A part of the world.

    Args:
        name: Part of a view's key.
        label: Display name.
        west: Its corners in degrees.
        east: See `west`.
        south: See `west`.
        north: See `west`.
        centre: Meridian that is vertical.
        borders: Borders to draw: of `countries`, or of `states` and countries; empty for the outlines of the land.
    """

    name: str
    label: str
    west: float
    east: float
    south: float
    north: float
    centre: float = 0.0
    borders: str = ""

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether a place is in the region."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


WORLD = Region("world", "The world", -112, 165, -46, 70)
REGIONS = (
    WORLD,
    Region("europe", "Europe to Central Asia", -16, 84, 22, 62),
    Region("africa", "Africa", -34, 58, -24, 42),
    Region("asia", "South Asia to Japan", 60, 154, -16, 52),
)
"""The first is the default."""
EUROPE = Region("europe", "Europe", -11, 31, 35.5, 64, centre=12, borders="countries")
STATES = Region("states", "United States", -124, -68, 25, 49.5, centre=-96, borders="states")


def project(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, centre: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return the Equal Earth position of places in degrees, in thousandths of the earth's radius.

    Args:
        latitude: Of the places.
        longitude: Of the places.
        centre: Meridian in the middle of the map.

    >>> x, y = project([0.0, 90.0], [0.0, 0.0])
    >>> x.round().tolist(), y.round().tolist()
    ([0.0, 0.0], [0.0, 1317.0])
    """
    first, second, third, fourth = COEFFICIENTS
    phi, lam = np.radians(np.asarray(latitude, float)), np.radians(np.asarray(longitude, float) - centre)
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(phi))
    slope = 9 * fourth * theta**8 + 7 * third * theta**6 + 3 * second * theta**2 + first
    x = 2 * np.sqrt(3) * lam * np.cos(theta) / (3 * slope)
    y = fourth * theta**9 + third * theta**7 + second * theta**3 + first * theta
    return x * UNITS, y * UNITS


def whole(values: FloatArray) -> list[int]:
    """Return positions as whole numbers, a third of the size."""
    return [round(value) for value in values.tolist()]


def map_drawing(
    traces: Sequence[dict[str, object]],
    region: Region = WORLD,
    *,
    parallel: float | None = 0.0,
    legend: bool = False,
) -> Drawing:
    """Draw a map of a region with traces on it.

    Args:
        traces: Plotly traces in projected positions, drawn above the land.
        region: Region to show.
        parallel: Latitude of a named line, in degrees north; None for no line.
        legend: Whether the traces are named above the map.
    """
    left, right, bottom, top = _frame(region)
    ratio = (top - bottom) / (right - left)
    hidden = {
        "showgrid": False,
        "showticklabels": False,
        "ticks": "",
        "zeroline": False,
        "showline": False,
    }
    head = 60 if legend else 0
    return {
        "traces": [
            _land(region),
            _graticule(region.centre),
            *([] if parallel is None else [_parallel(parallel, region.centre)]),
            *traces,
        ],
        "layout": {
            "xaxis": {**hidden, "range": [left, right], "constrain": "domain"},
            "yaxis": {**hidden, "range": [bottom, top], "scaleanchor": "x", "constrain": "domain"},
            "margin": {"l": 0, "r": 0, "t": 4, "b": 4, "pad": 0},
            "showlegend": legend,
            "legend": {"itemsizing": "constant", "font": {"size": 12}},
        },
        "narrow": {
            "traces": [],
            "layout": {"legend": {"font": {"size": 10}}},
            "height": round(NARROW * ratio) + (76 if legend else 8),
        },
        "height": min(round(WIDE * ratio), 760) + head,
    }


def _frame(region: Region) -> tuple[float, float, float, float]:
    """Return the corners of a region on the map; its edges are curved, so the widest point of each is used."""
    middle = min(max(0.0, region.south), region.north)
    x, y = project(
        [middle, middle, region.south, region.north],
        [region.west, region.east, region.west, region.west],
        region.centre,
    )
    return float(x[0]), float(x[1]), float(y[2]), float(y[3])


@cache
def _outlines(region: Region) -> tuple[list[int | None], list[int | None]]:
    """Return the projected outlines that overlap the region, separated by None."""
    left, right, bottom, top = _frame(region)
    across: list[int | None] = []
    up: list[int | None] = []
    for outline in _lines_of(region):
        x, y = project(outline[:, 1], outline[:, 0], region.centre)
        if x.max() < left or x.min() > right or y.max() < bottom or y.min() > top:
            continue
        if region.borders:  # what lies outside is drawn along the edge, and equal points once
            near = np.column_stack(
                [x.clip(left - OUTSIDE, right + OUTSIDE), y.clip(bottom - OUTSIDE, top + OUTSIDE)]
            ).round()
            x, y = near[np.append((np.diff(near, axis=0) != 0).any(axis=1), True)].T
            if max(np.ptp(x), np.ptp(y)) < SMALLEST:
                continue
        across += [*whole(x), None]
        up += [*whole(y), None]
    return across, up


def _lines_of(region: Region) -> list[FloatArray]:
    """Return the outlines of a region's map: longitude and latitude in degrees, shape (points, 2)."""
    if not region.borders:
        return [np.array(outline) for outline in load_land()]
    with_states = region.borders == "states"
    areas = [area for area in load_countries() if not (with_states and area.code == UNITED_STATES)]
    areas += load_states() if with_states else ()
    return [polygon[0] for area in areas for polygon in area.polygons]


def _land(region: Region) -> dict[str, object]:
    across, up = _outlines(region)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": up,
        "fill": "toself",
        "fillcolor": "var(--panel)",
        "line": {"color": "var(--soft)", "width": 0.6},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _graticule(centre: float) -> dict[str, object]:
    """Draw meridians and parallels."""
    lines = [(np.linspace(-60, 80, 15), np.full(15, float(at))) for at in LINES]
    lines += [(np.full(2, float(at)), np.array([-180.0, 180.0])) for at in PARALLELS]
    across: list[int | None] = []
    up: list[int | None] = []
    for latitude, longitude in lines:
        x, y = project(latitude, longitude, centre)
        across += [*whole(x), None]
        up += [*whole(y), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": up,
        "line": {"color": "var(--rule)", "width": 0.6},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _parallel(degrees: float, centre: float) -> dict[str, object]:
    """Draw the line between north and south, with its name in the Atlantic."""
    x, y = project([degrees] * 3, [-180.0, NAMED_AT, 180.0], centre)
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": whole(x),
        "y": whole(y),
        "text": ["", f"{degrees:g}° N", ""],
        "textposition": "top center",
        "textfont": {"color": "var(--muted)", "size": 11},
        "line": {"color": "var(--muted)", "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def country_names(
    names: Sequence[str],
    latitude: Sequence[float],
    longitude: Sequence[float],
    below: Sequence[float],
    region: Region,
) -> dict[str, object]:
    """Draw the names of places below them, for a region with enough room.

    Args:
        names: Names, already escaped for Plotly.
        latitude: Latitude of each place.
        longitude: Longitude of each place.
        below: Distance of the name below its place, in degrees.
        region: Region to show; places outside get no name.
    """
    shown = [at for at in range(len(names)) if region.holds(latitude[at], longitude[at])]
    x, y = project([latitude[at] - below[at] for at in shown], [longitude[at] for at in shown], region.centre)
    return {
        "type": "scatter",
        "mode": "text",
        "x": whole(x),
        "y": whole(y),
        "text": [names[at] for at in shown],
        "textposition": "bottom center",
        "textfont": {"size": 11, "color": "var(--ink)"},
        "hoverinfo": "skip",
        "showlegend": False,
    }
