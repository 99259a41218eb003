"""What only a person knows of FMA's artists as they were crawled."""

from expectations.raw import ADDRESS, DAY, NUMBER, WHOLE, there, written

HUMAN = (
    there("artist_name", "the site asks for a name; without names the columns have slipped"),
    written("artist_favorites", "a whole number", WHOLE, "a count"),
    written("artist_latitude", "a number", NUMBER, "degrees"),
    written("artist_longitude", "a number", NUMBER, "degrees"),
    written("artist_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    written("artist_url", "an address", ADDRESS, "the page of the artist on the site"),
)
