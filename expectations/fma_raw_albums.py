"""Checks of FMA's albums as they were crawled."""

from expectations.raw import ADDRESS, DAY, WHOLE, mostly_matches, mostly_present

HUMAN = (
    mostly_present("album_title", "the site asks for a title; without titles the columns have slipped"),
    mostly_matches("album_listens", "a whole number", WHOLE, "a count"),
    mostly_matches("album_tracks", "a whole number", WHOLE, "a count"),
    mostly_matches("album_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    mostly_matches("album_url", "an address", ADDRESS, "the page of the album on the site"),
)
