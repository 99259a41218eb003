"""Places of the sample's artists, with the mistakes of the real ones.

Conventions: a generator of its own draws them, so that everything else in the sample is drawn as before. Nearly half of
the artists state a place in words, of those most have coordinates, those of a town. Electronic is likelier in Europe
and Rock in North America, so that a reader sees what a test of genres and places finds. A few coordinates have a wrong
sign, are swapped or are FMA's (0, 2); latitude and longitude stay on the globe, because the table refuses others.
"""

import random
from dataclasses import dataclass

WITH_WORDS, WITH_COORDINATES = 0.5, 0.85
WRONG = 0.08
"""Share of the coordinates that are wrong, a quarter each: a sign of longitude, of latitude, swapped, nowhere."""
NOWHERE = (0.0, 2.0)
FAVOURED = {
    "Electronic": "Europe",
    "Experimental": "Europe",
    "International": "elsewhere",
    "Rock": "North America",
}
TIMES = 3
"""How many times likelier a favoured part of the world is."""


@dataclass(frozen=True)
class Town:
    """A town where invented artists live."""

    words: str
    latitude: float
    longitude: float
    part: str
    weight: int


TOWNS = (
    Town("Brooklyn, NY", 40.65, -73.95, "North America", 9),
    Town("New York, NY", 40.7143, -74.006, "North America", 6),
    Town("Portland, OR", 45.5235, -122.6762, "North America", 6),
    Town("Philadelphia, PA", 39.9523, -75.1638, "North America", 4),
    Town("Jersey City, New Jersey", 40.7178, -74.0431, "North America", 4),
    Town("Los Angeles, CA", 34.0522, -118.2437, "North America", 5),
    Town("San Francisco, CA", 37.7749, -122.4194, "North America", 4),
    Town("Chicago, IL", 41.8781, -87.6298, "North America", 4),
    Town("Austin, TX", 30.2672, -97.7431, "North America", 2),
    Town("Montreal, Canada", 45.5017, -73.5673, "North America", 3),
    Town("London, UK", 51.5074, -0.1278, "Europe", 6),
    Town("Glasgow, Scotland", 55.8642, -4.2518, "Europe", 2),
    Town("Paris, France", 48.8566, 2.3522, "Europe", 5),
    Town("Lyon, France", 45.7594, 4.829, "Europe", 2),
    Town("Berlin, Germany", 52.5235, 13.4115, "Europe", 5),
    Town("Amsterdam, Netherlands", 52.3731, 4.8922, "Europe", 3),
    Town("Utrecht, The Netherlands", 52.0907, 5.1214, "Europe", 2),
    Town("Barcelona, Spain", 41.3874, 2.1686, "Europe", 3),
    Town("Milano, Italia", 45.4642, 9.19, "Europe", 2),
    Town("Moscow, Russia", 55.7558, 37.6173, "Europe", 3),
    Town("Tokyo, Japan", 35.6762, 139.6503, "elsewhere", 2),
    Town("Melbourne, Australia", -37.8136, 144.9631, "elsewhere", 2),
    Town("Buenos Aires, Argentina", -34.6037, -58.3816, "elsewhere", 1),
    Town("Nairobi, Kenya", -1.2921, 36.8219, "elsewhere", 1),
)


@dataclass(frozen=True)
class ArtistPlace:
    """Where an invented artist is; None where it is not stated."""

    words: str | None
    latitude: float | None
    longitude: float | None


def draw_place(genre: str, draw: random.Random) -> ArtistPlace:
    """Draw the place of an artist.

    Args:
        genre: Root genre of the artist.
        draw: Generator of the places.
    """
    favoured = FAVOURED.get(genre)
    weights = [town.weight * (TIMES if town.part == favoured else 1) for town in TOWNS]
    town = draw.choices(TOWNS, weights)[0]
    latitude, longitude = town.latitude, town.longitude
    has_words, has_coordinates, is_wrong = draw.random(), draw.random(), draw.random()
    mistake = draw.choice(("longitude", "latitude", "swapped", "nowhere"))
    if has_words > WITH_WORDS:
        return ArtistPlace(None, None, None)
    if has_coordinates > WITH_COORDINATES:
        return ArtistPlace(town.words, None, None)
    if is_wrong > WRONG:
        return ArtistPlace(town.words, latitude, longitude)
    if mistake == "swapped" and abs(longitude) <= 90:  # noqa: PLR2004 - a latitude
        return ArtistPlace(town.words, longitude, latitude)
    if mistake == "nowhere":
        return ArtistPlace(None, *NOWHERE)
    if mistake == "latitude":
        return ArtistPlace(town.words, -latitude, longitude)
    return ArtistPlace(town.words, latitude, -longitude)
