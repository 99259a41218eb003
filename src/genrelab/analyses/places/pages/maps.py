"""Maps of the artists: the world, Europe and the United States.

Conventions: the area of a dot is proportional to the number of artists there; a place with one artist has the smallest
dot. Larger dots lie below smaller ones.
"""

from collections.abc import Sequence

from genrelab.analyses.places.result import Places, Spot
from genrelab.report.figure import Chart, Grid, Picker, View, label, table, text_column
from genrelab.report.wording import count, percent, plural
from genrelab.report.world_map import EUROPE, STATES, Region, country_names, map_drawing, project, whole

WORLD = Region("world", "The world", -130, 165, -46, 70)
REGIONS = (WORLD, EUROPE, STATES)
SMALLEST, LARGEST = 5.0, 44.0
"""Diameter of a dot in CSS pixels."""
NARROW = 0.6
"""Size of the dots on a phone."""
NAMED, APART = 8, 3.0
"""Places named on a map with borders, and how far apart they are at least, in degrees."""
EDGE = 0.15
"""Share of the width of a map at its edges where a name stands to the side of its place."""
LISTED = 20


def places_map(found: Places) -> Chart:
    """Draw the artists of each region."""
    views = {}
    for region in REGIONS:
        spots = [spot for spot in found.spots if region.holds(spot.latitude, spot.longitude)]
        traces = [_dots(spots, region), *([_names(spots, region)] if region.borders else [])]
        drawing = map_drawing(traces, region, parallel=None)
        marker = {"marker": {"size": [size * NARROW for size in _sizes(spots)]}}
        drawing["narrow"]["traces"] = [
            {},
            {},
            marker,
            *([{"textfont": {"size": 9}}] if region.borders else []),
        ]
        views[region.name] = View(
            title=_title(spots, found, region),
            caption=f"Every dot is a place, its area the number of artists there. Shown: {region.label}. "
            f"{_outside(found, spots)}",
            grid=_grid(spots),
            **drawing,
        )
    return Chart(
        "places-map", views, (Picker("Region", tuple((region.name, region.label) for region in REGIONS)),)
    )


def _sizes(spots: Sequence[Spot]) -> list[float]:
    """Return the diameter of each dot: the largest place has at most `LARGEST`."""
    if not spots:
        return []
    step = min(SMALLEST * 2, LARGEST / max(spot.artists for spot in spots) ** 0.5)
    return [round(max(SMALLEST, step * spot.artists**0.5), 1) for spot in spots]


def _dots(spots: Sequence[Spot], region: Region) -> dict[str, object]:
    x, y = project([spot.latitude for spot in spots], [spot.longitude for spot in spots], region.centre)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": whole(x),
        "y": whole(y),
        "text": [
            f"<b>{label(spot.name)}</b><br>{plural(spot.artists, 'artist')}, {plural(spot.tracks, 'track')}"
            for spot in spots
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": _sizes(spots),
            "color": "var(--accent)",
            "opacity": 0.6,
            "line": {"width": 1, "color": "var(--page)"},
        },
        "showlegend": False,
    }


def _names(spots: Sequence[Spot], region: Region) -> dict[str, object]:
    """Name the largest places that are far enough from larger ones."""
    named: list[Spot] = []
    for spot in spots:
        far = all(
            max(abs(spot.latitude - one.latitude), abs(spot.longitude - one.longitude)) >= APART
            for one in named
        )
        if far and len(named) < NAMED:
            named.append(spot)
    names = country_names(
        [label(f"{spot.name} {spot.artists}") for spot in named],
        [spot.latitude for spot in named],
        [spot.longitude for spot in named],
        [0.5] * len(named),
        region,
    )
    edge = (region.east - region.west) * EDGE
    return names | {
        "textposition": [
            "bottom right"
            if spot.longitude < region.west + edge
            else "bottom left"
            if spot.longitude > region.east - edge
            else "bottom center"
            for spot in named
        ]
    }


def _title(spots: Sequence[Spot], found: Places, region: Region) -> str:
    if not spots:
        return f"{region.label}: no artist has coordinates here"
    first, artists = spots[0], sum(spot.artists for spot in spots)
    if len(spots) == 1:
        return f"{region.label}: {plural(artists, 'artist')}, in {first.name}"
    share = percent(artists / found.counted_artists, 0)
    return (
        f"{region.label}: {share} of the artists with a place are on this map, the most in {first.name} "
        f"({count(first.artists)})"
    )


def _outside(found: Places, spots: Sequence[Spot]) -> str:
    missing = found.counted_artists - sum(spot.artists for spot in spots)
    return f"{plural(missing, 'artist')} outside the map." if missing else "No artist is outside the map."


def _grid(spots: Sequence[Spot]) -> Grid:
    return table(
        [text_column("Place"), "Artists", "Tracks", "Latitude", "Longitude"],
        [
            [
                spot.name,
                count(spot.artists),
                count(spot.tracks),
                f"{spot.latitude:.2f}",
                f"{spot.longitude:.2f}",
            ]
            for spot in spots[:LISTED]
        ],
        caption=f"The {LISTED} places of most artists." if len(spots) > LISTED else "",
    )
