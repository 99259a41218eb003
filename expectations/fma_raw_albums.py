"""What only a person knows of FMA's albums as they were crawled."""

from expectations.raw import ADDRESS, DAY, WHOLE, there, written

HUMAN = (
    there("album_title", "the site asks for a title; without titles the columns have slipped"),
    written("album_listens", "a whole number", WHOLE, "a count"),
    written("album_tracks", "a whole number", WHOLE, "a count"),
    written("album_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    written("album_url", "an address", ADDRESS, "the page of the album on the site"),
)
