"""What only a person knows of FMA's tracks as they were crawled."""

from expectations.raw import ADDRESS, DAY, DURATION, LISTED, NUMBER, WHOLE, there, written

HUMAN = (
    there("track_title", "the site asks for a title; without titles the columns have slipped"),
    there("artist_id", "every track was uploaded under an artist"),
    written("artist_id", "a whole number", WHOLE, "an id of the site"),
    written("album_id", "a whole number", WHOLE, "an id of the site"),
    written("track_duration", "minutes:seconds", DURATION, "the API answers with `04:05`, not with seconds"),
    written("track_bit_rate", "a number", NUMBER, "bits per second as the API gives them"),
    written("track_listens", "a whole number", WHOLE, "a count"),
    written("track_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    written("track_genres", "a list in brackets", LISTED, "the API's list of genres, as text"),
    written("track_url", "an address", ADDRESS, "the page of the track on the site"),
)
