"""Checks of FMA's tracks as they were crawled."""

from expectations.raw import ADDRESS, DAY, DURATION, LISTED, NUMBER, WHOLE, mostly_matches, mostly_present

HUMAN = (
    mostly_present("track_title", "the site asks for a title; without titles the columns have slipped"),
    mostly_present("artist_id", "every track was uploaded under an artist"),
    mostly_matches("artist_id", "a whole number", WHOLE, "an id of the site"),
    mostly_matches("album_id", "a whole number", WHOLE, "an id of the site"),
    mostly_matches(
        "track_duration", "minutes:seconds", DURATION, "the API answers with `04:05`, not with seconds"
    ),
    mostly_matches("track_bit_rate", "a number", NUMBER, "bits per second as the API gives them"),
    mostly_matches("track_listens", "a whole number", WHOLE, "a count"),
    mostly_matches("track_date_created", "month/day/year", DAY, "the API writes dates the American way"),
    mostly_matches("track_genres", "a list in brackets", LISTED, "the API's list of genres, as text"),
    mostly_matches("track_url", "an address", ADDRESS, "the page of the track on the site"),
)
