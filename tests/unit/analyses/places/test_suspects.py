"""Coordinates that are probably wrong are found by what the artist says in words."""

import numpy as np
import pytest

from genrelab.analyses.places.naming import countries_named
from genrelab.analyses.places.placing import locate
from genrelab.analyses.places.suspects import find_odd
from genrelab.tables.places import (
    NOWHERE,
    OFF_GLOBE,
    SWAPPED,
    WRONG_LATITUDE,
    WRONG_LONGITUDE,
    WRONG_SIGNS,
)


def odd(latitude, longitude, words=""):
    """What is odd about one place."""
    coordinates = np.array([[latitude, longitude]], float)
    found, index = locate(coordinates)
    return find_odd(coordinates, [found[index[0]]], [words])[0]


@pytest.mark.parametrize(
    ("words", "countries"),
    [
        ("Portland, OR", {"US"}),
        ("Saskatoon, Saskatchewan, CA", {"CA", "US"}),
        ("Colchester England", {"GB"}),
        ("Newark, New Jersey", {"US"}),
        ("St Helier, Jersey", {"JE"}),
        ("Tbilisi, Georgia", {"GE", "US"}),
        ("Albuquerque, New Mexico", {"US"}),
        ("Port Moresby, Papua New Guinea", {"PG"}),
        ("Utrecht, The Netherlands", {"NL"}),
        ("PO Box 11568 / Balt MD 21229", set()),
        ("Romanian hills", set()),
        ("my bedroom", set()),
        ("", set()),
    ],
)
def test_words_name_countries(words, countries):
    """All that they may mean, and none by a part of a word."""
    assert countries_named(words) == countries


@pytest.mark.parametrize(
    ("latitude", "longitude", "words", "kind"),
    [
        (45.52, 122.68, "Portland, OR", WRONG_LONGITUDE),
        (-45.52, -122.68, "Portland, OR", WRONG_LATITUDE),
        (34.6, 58.4, "Buenos Aires, Argentina", WRONG_SIGNS),
        (4.89, 52.37, "Amsterdam, Netherlands", SWAPPED),
        (-74.0, 40.7, "New York, NY", SWAPPED),
        (139.65, 35.68, "Tokyo, Japan", SWAPPED),
        (2.35, 48.86, "", SWAPPED),
    ],
)
def test_wrong_signs_and_swapped_pairs_are_suspects(latitude, longitude, words, kind):
    """On land or in the sea, where the words say otherwise; without words only a swap out of the sea."""
    found = odd(latitude, longitude, words)

    assert found.kind == kind
    assert found.would_be
    assert found.would_be.country


@pytest.mark.parametrize(
    ("latitude", "longitude", "words", "kind"),
    [
        (45.52, -122.68, "Portland, OR", ""),
        (45.52, -122.68, "", ""),
        (48.86, 2.35, "London, UK", ""),  # another country, but no sign explains it
        (41.7, 44.8, "Tbilisi, Georgia", ""),
        (-45.52, 122.68, "", NOWHERE),  # the sea without words: that land lies opposite is no evidence
        (0.0, 2.0, "", NOWHERE),
        (0.0, 2.0, "Berlin, Germany", NOWHERE),
        (95.0, 10.0, "", OFF_GLOBE),
    ],
)
def test_what_nothing_contradicts_is_no_suspect(latitude, longitude, words, kind):
    """The sea and what is off the globe are named as such."""
    assert (odd(latitude, longitude, words).kind, odd(latitude, longitude, words).would_be) == (kind, None)
