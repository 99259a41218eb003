"""Maps without a network: upright, with the borders of their region, and small enough for a page."""

import json

import pytest

from genrelab.report.world_map import EUROPE, STATES, WORLD, map_drawing, project


def test_the_meridian_of_a_region_is_vertical():
    """In the middle of the United States as in the middle of the world."""
    x, _ = project([25.0, 35.0, 49.0], [STATES.centre] * 3, STATES.centre)

    assert x == pytest.approx([0, 0, 0])


@pytest.mark.parametrize("region", [EUROPE, STATES])
def test_a_region_with_borders_is_drawn_from_the_atlas(region):
    """Within its frame and a margin, finer than the outlines of the land, and below 150 KB."""
    land = map_drawing([], region, parallel=None)["traces"][0]
    left, right = map_drawing([], region)["layout"]["xaxis"]["range"]
    across = [value for value in land["x"] if value is not None]

    assert left - 51 <= min(across) <= max(across) <= right + 51
    assert len(across) > 5_000
    assert land["x"].count(None) > 20
    assert len(json.dumps(land)) < 150_000


def test_a_map_without_a_named_parallel_has_one_trace_less():
    """The line between north and south belongs to the origin study alone."""
    assert len(map_drawing([], WORLD)["traces"]) == 3
    assert len(map_drawing([], WORLD, parallel=None)["traces"]) == 2
