"""Create the outline of the land for maps.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/land_outline.py package/land-110m.json

Reads TopoJSON of Natural Earth's 1:110m land and writes `src/genrelab/report/land.json`: closed polylines of
[longitude, latitude] in degrees. An outline that crosses the date line goes on beyond 180. Antarctica is left
out, points nearer than `TOLERANCE` to the line between their neighbours are dropped (Douglas and Peucker 1973),
and degrees are rounded.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).resolve().parents[1] / "src" / "genrelab" / "report" / "land.json"
TOLERANCE = 0.25
DIGITS = 2
ANTARCTIC = -60.0
SMALLEST = 4
"""Points of a closed outline: a triangle and its first point again."""

Points = list[tuple[float, float]]


def arcs_of(topology: dict[str, Any]) -> list[Points]:
    """Every arc in degrees: TopoJSON stores whole numbers, each the difference to the one before."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        places = np.cumsum(np.array(arc), axis=0) * scale + shift
        arcs.append([(float(lon), float(lat)) for lon, lat in places])
    return arcs


def ring(numbers: list[int], arcs: list[Points]) -> Points:
    """A closed outline from its arcs; a negative number runs its arc backwards."""
    points: Points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    longitude = np.unwrap([lon for lon, _ in points], period=360)
    longitude -= 360 * np.round(longitude.mean() / 360)  # it may have begun on the far side of the date line
    return [(float(lon), lat) for lon, (_, lat) in zip(longitude, points, strict=True)]


def simplify(points: Points, tolerance: float) -> Points:
    """The outline with fewer points, none of those dropped further than `tolerance` from it."""
    line = np.array(points)
    keep = {0, len(line) - 1}
    if len(line) > 2 and points[0] == points[-1]:  # noqa: PLR2004 - a closed outline has no two ends: cut it in half
        keep.add(int(np.argmax(np.linalg.norm(line - line[0], axis=1))))
    stack = list(zip(sorted(keep), sorted(keep)[1:], strict=False))
    while stack:
        first, last = stack.pop()
        inner = line[first + 1 : last]
        if not len(inner):
            continue
        chord = line[last] - line[first]
        away = inner - line[first]
        distance = np.abs(away[:, 0] * chord[1] - away[:, 1] * chord[0]) / (np.linalg.norm(chord) or 1)
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep.add(middle)
            stack += [(first, middle), (middle, last)]
    return [points[at] for at in sorted(keep)]


def main() -> None:
    """Write the outlines and print what was kept."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    rings = [
        ring(numbers, arcs)
        for shape in topology["objects"]["land"]["geometries"]
        for polygon in shape["arcs"]
        for numbers in polygon
    ]
    shown = [points for points in rings if max(lat for _, lat in points) > ANTARCTIC]
    outlines = [simplify(points, TOLERANCE) for points in shown]
    outlines = [points for points in outlines if len(points) >= SMALLEST]
    rounded = [[[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in points] for points in outlines]
    source = "Natural Earth 1:110m land (public domain), by world-atlas 2.0.2 land-110m.json"
    text = json.dumps({"source": source, "outlines": rounded}, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")
    before, after = sum(map(len, rings)), sum(map(len, outlines))
    print(f"{len(rings)} outlines of {before:,} points -> {len(outlines)} of {after:,}, {len(text):,} bytes")


if __name__ == "__main__":
    main()
