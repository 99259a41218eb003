"""Checks of Echo Nest's features: single rows and whole columns."""

import great_expectations.expectations as gxe

from expectations.domain_rules import DomainRule
from expectations.facts import distinct_within, missing_of, unknown_to
from expectations.profile import ProfileRule, constant
from genrelab.tables.fma import ECHONEST_AUDIO

WARNING = "warning"

HUMAN = (
    DomainRule(
        "tempo: above 0",
        "a tempo of 0 means that no tempo was found: noise or speech, not songs",
        gxe.ExpectColumnValuesToBeBetween(column="tempo", min_value=0, strict_min=True, severity=WARNING),
    ),
    DomainRule(
        "audio features: all or none",
        "Echo Nest returned complete analyses; a partial one means that columns were lost",
        gxe.ExpectColumnValuesToBeBetween(column="features_missing", max_value=0, severity=WARNING),
        missing_of(ECHONEST_AUDIO, "features_missing"),
    ),
    DomainRule(
        "audio features: of one track id",
        "no two of FMA's 13,129 tracks share all eight; identical features mean that a recording was uploaded twice",
        gxe.ExpectColumnValuesToBeBetween(column="tracks_of_features", max_value=1, severity=WARNING),
        distinct_within("track_id", ECHONEST_AUDIO, "tracks_of_features"),
    ),
    DomainRule(
        "track_id: that of a track",
        "features without a track in fma_tracks have no genre and no split",
        gxe.ExpectColumnMaxToBeBetween(column="unknown_tracks", max_value=0, severity=WARNING),
        unknown_to("fma_tracks", "track_id", "unknown_tracks"),
    ),
)
PROFILE = (
    ProfileRule(
        "features: not the same in all rows",
        "a column of one number was filled, not measured",
        WARNING,
        constant,
    ),
)
