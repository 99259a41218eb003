"""What only a human knows of binned Spotify tracks."""

import great_expectations.expectations as gxe

from expectations.human import Human

HUMAN = (
    Human(
        "genre_bin: present in at least 80 % of rows",
        "a rule table that lost its patterns leaves most tracks unmatched",
        gxe.ExpectColumnValuesToNotBeNull(column="genre_bin", mostly=0.8, severity="warning"),
    ),
    Human(
        "genre_bin: at least 8 of the 12 bins",
        "a collapsed rule table shows up as one bin eating all the others",
        gxe.ExpectColumnUniqueValueCountToBeBetween(column="genre_bin", min_value=8, severity="warning"),
    ),
)
