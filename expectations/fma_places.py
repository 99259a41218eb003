"""Checks of the places of artists.

The table is computed, so a critical failure means an error in the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.domain_rules import DomainRule, PerRow
from genrelab.sources.atlas.areas import UNITED_STATES
from genrelab.tables.places import NOWHERE, OFF_GLOBE

CRITICAL = "critical"


def _country_with_place(data: pa.Table) -> pa.Array:
    has_none = pc.is_in(data["decided_by"], pa.array([NOWHERE, OFF_GLOBE]))
    return pc.cast(pc.equal(has_none, data["country_code"].is_null()), pa.int64())


def _state_in_the_us(data: pa.Table) -> pa.Array:
    in_us = pc.fill_null(pc.equal(data["country_code"], UNITED_STATES), fill_value=False)
    return pc.cast(pc.equal(in_us, data["state"].is_valid()), pa.int64())


HUMAN = (
    DomainRule(
        "country_code: there exactly where a place was found",
        "a point of the sea belongs to no country",
        gxe.ExpectColumnValuesToBeBetween(column="country_with_place", min_value=1, severity=CRITICAL),
        PerRow("country_with_place", ("decided_by", "country_code"), _country_with_place),
    ),
    DomainRule(
        "state: there exactly in the United States",
        "the states together are the country",
        gxe.ExpectColumnValuesToBeBetween(column="state_in_the_us", min_value=1, severity=CRITICAL),
        PerRow("state_in_the_us", ("country_code", "state"), _state_in_the_us),
    ),
)
