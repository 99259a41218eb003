"""Coordinates become countries, continents and states."""

import re

import numpy as np
import pytest

from genrelab.analyses.places import placing as module
from genrelab.analyses.places.placing import NEAREST_DEGREES, locate
from genrelab.sources.atlas.areas import CONTINENTS, load_countries, load_states
from genrelab.tables.places import COUNTRY, NEAREST, NOWHERE, OFF_GLOBE, STATE


def place(latitude, longitude):
    """The location of one place."""
    found, index = locate(np.array([[latitude, longitude]], float))
    return found[index[0]]


@pytest.mark.parametrize(
    ("latitude", "longitude", "country", "state"),
    [
        (40.7128, -74.006, "US", "New York"),
        (40.65, -73.95, "US", "New York"),
        (37.7749, -122.4194, "US", "California"),
        (61.2, -149.9, "US", "Alaska"),
        (21.3069, -157.8583, "US", "Hawaii"),
        (38.9072, -77.0369, "US", "District of Columbia"),
        (52.3731, 4.8922, "NL", ""),
        (51.5074, -0.1278, "GB", ""),
        (-33.8688, 151.2093, "AU", ""),
        (66.5, -175.0, "RU", ""),
        (-17.8, 178.0, "FJ", ""),
        (18.4655, -66.1057, "PR", ""),
        (45.5017, -73.5673, "CA", ""),
        (-29.6, 28.2, "LS", ""),
    ],
)
def test_towns_lie_where_they_do(latitude, longitude, country, state):
    """Also those outside every 50m coastline, beyond the date line, and within another country."""
    found = place(latitude, longitude)

    assert (found.country, found.state) == (country, state)


def test_how_a_place_was_found_is_said():
    """Inside a state, inside a country, near a coast, in the sea, off the globe."""
    assert place(44.0, -120.5).decided_by == STATE
    assert place(48.0, 3.0).decided_by == COUNTRY
    assert place(0.0, 2.0).decided_by == NOWHERE
    assert {place(95.0, 10.0).decided_by, place(np.nan, 1.0).decided_by, place(10.0, 181.0).decided_by} == {
        OFF_GLOBE
    }
    near = place(43.22, 5.3)  # off Marseille

    assert (near.country, near.decided_by) == ("FR", NEAREST)
    assert 0 < near.distance <= NEAREST_DEGREES


def test_every_row_gets_its_place_whatever_the_order():
    """The same pair many times, and a missing one between."""
    rows = np.array([[48.0, 3.0], [np.nan, np.nan], [40.65, -73.95], [48.0, 3.0]])
    found, index = locate(rows)

    assert [found[at].country for at in index] == ["FR", "", "US", "FR"]
    assert len(found) == 3
    assert locate(np.empty((0, 2)))[0] == []


def test_the_atlas_knows_what_a_reader_asks_of_a_place():
    """Every country has a continent and nearly all have inhabitants; the states are those of the census of 2016."""
    countries, states = load_countries(), load_states()

    assert len(countries) > 230
    assert {area.continent for area in countries} == set(CONTINENTS)
    assert sum(area.population is None for area in countries) <= 3
    assert len(states) == 51
    assert sum(area.population or 0 for area in states) == 323_127_513
    assert all(
        np.array_equal(ring[0], ring[-1])
        for area in countries
        for polygon in area.polygons
        for ring in polygon
    )


UNPLACED = """
-40.914281, -5.051697
-37.020664, -87.946239
-14.526705, -37.734039
-2.46456, 117.995819
0, 2
12.879721, 121.774017
20.573655, -157.526855
27.76102, -83.832764
31.572361, -16.559705
32.991404, 138.460247
32.991405, 138.460247
35.712709, -6.916455
35.71271, -6.916454
36.091091, -18.727656
36.091091, -18.727655
44.94351, -86.41843
54.322554, 4.30165
62.392035, -55.832018
"""
"""Points of the sea in the real list: middles of the Philippines and of Hawaii, a lake, wrong signs, (0, 2)."""


def real_places(folder):
    """The distinct coordinates of the real list of genres and places."""
    text = (folder / "fma_geolocation_by_genre.txt").read_text("utf-8")
    pairs = {(float(one), float(two)) for one, two in re.findall(r"\((-?[\d.E+-]+), ?(-?[\d.E+-]+)\)", text)}
    return np.array(sorted(pairs))


@pytest.mark.real
def test_the_real_places_get_a_country(real_data):
    """1,270 of 1,288 distinct places; the others are named."""
    places = real_places(real_data)
    found, index = locate(places)
    lost = [tuple(pair) for pair, at in zip(places.tolist(), index, strict=True) if not found[at].country]

    assert len(places) == 1_288
    assert len(places) - len(lost) >= 1_270
    assert lost == [tuple(map(float, line.split(", "))) for line in UNPLACED.split("\n") if line]
    assert sum(found[at].country == "US" for at in index) == sum(bool(found[at].state) for at in index)


def test_the_whole_archive_asks_for_each_place_once(monkeypatch):
    """106,574 tracks of a thousand places: as many points are looked up as there are places."""
    asked = []
    areas_of = module._areas_of
    monkeypatch.setattr(module, "_areas_of", lambda points: asked.append(len(points)) or areas_of(points))
    places = np.random.default_rng(1).uniform((-50, -170), (70, 170), (1_000, 2))
    _, index = locate(places[np.random.default_rng(2).integers(0, 1_000, 106_574)])

    assert asked == [1_000]
    assert len(index) == 106_574
