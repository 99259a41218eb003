"""What only a human knows of the geographical-origin data."""

import great_expectations.expectations as gxe

from expectations.human import Human

HUMAN = (
    Human(
        "latitude: at least 20 places",
        "the file has 33 capitals; a shifted column shows up as one place or a thousand",
        gxe.ExpectColumnUniqueValueCountToBeBetween(
            column="latitude", min_value=20, max_value=60, severity="warning"
        ),
    ),
)
