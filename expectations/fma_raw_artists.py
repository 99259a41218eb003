"""Checks of FMA's artists as they were crawled."""

from expectations.raw import ADDRESS, DAY, NUMBER, WHOLE, mostly_matches, mostly_present

HUMAN = (
    mostly_present("artist_name", "the site asks for a name; without names the columns have slipped"),
    mostly_matches("artist_favorites", "a whole number", WHOLE, "a count"),
    mostly_matches("artist_latitude", "a number", NUMBER, "degrees"),
    mostly_matches("artist_longitude", "a number", NUMBER, "degrees"),
    mostly_matches("artist_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    mostly_matches("artist_url", "an address", ADDRESS, "the page of the artist on the site"),
)
