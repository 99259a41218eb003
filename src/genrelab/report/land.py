"""Outlines of the land, for maps that need no network.

`land.json` holds polylines of [longitude, latitude] in degrees, made by `tools/land_outline.py` from Natural
Earth's 1:110m land (public domain); PROVENANCE.md beside it says how.
"""

import json
from functools import cache
from importlib import resources

Outline = tuple[tuple[float, float], ...]


@cache
def load_land() -> tuple[Outline, ...]:
    """Return the outlines of continents and larger islands as closed lines: the last point is the first."""
    text = (resources.files("genrelab.report") / "land.json").read_text("utf-8")
    return tuple(tuple((lon, lat) for lon, lat in outline) for outline in json.loads(text)["outlines"])
