"""What only a human knows of pulled Spotify tracks."""

import great_expectations.expectations as gxe

from expectations.human import Human

HUMAN = (
    Human(
        "tempo: above 0",
        "a tempo of 0 marks sound effects and noise for sleep, not songs",
        gxe.ExpectColumnValuesToBeBetween(column="tempo", min_value=0, strict_min=True, severity="warning"),
    ),
    Human(
        "time_signature: above 0",
        "a time signature of 0 marks sound effects and noise for sleep, not songs",
        gxe.ExpectColumnValuesToBeBetween(
            column="time_signature", min_value=0, strict_min=True, severity="warning"
        ),
    ),
    Human(
        "loudness: at most 0 dB",
        "full scale is 0 dB; a few masters are known to exceed it",
        gxe.ExpectColumnValuesToBeBetween(column="loudness", max_value=0, severity="warning"),
    ),
    Human(
        "track_id: once",
        "one track pulled for several artists: a collaboration, or a scraper that kept its last result",
        gxe.ExpectColumnValuesToBeUnique(column="track_id", severity="warning"),
    ),
)
