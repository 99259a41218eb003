"""Kinds of dirt in the table of geographical origins."""

from data_quirks import Mutation, all_of, cell, first, scaled


def spread_out(values: list[object]) -> list[object]:
    """No two values are the same any more."""
    return [each + row / 1000 for row, each in enumerate(values)]


def _origin() -> list[Mutation]:
    table = "origin_tracks"
    return [
        Mutation(table, "latitude", "off the globe", "latitude: -90 to 90", cell(141.3)),
        Mutation(table, "longitude", "off the globe", "longitude: -180 to 180", cell(1_813.0)),
        Mutation(table, "latitude", "missing", "latitude: present", cell(None)),
        Mutation(table, "feature_001", "missing", "feature_001: present", cell(None)),
        Mutation(table, "latitude", "a lost sign", "latitude, longitude: within", first(1.0, -75.0)),
        Mutation(table, "longitude", "swapped", "latitude, longitude: within", cell(-90.5)),
        Mutation(table, "latitude", "a feature", "table: 33 places", spread_out, 200),
        Mutation(table, "feature_001", "another scale", "features: standardised, spreads", scaled(10.0), 200),
        Mutation(
            table,
            "feature_002",
            "shifted",
            "features: standardised, means",
            lambda values: [each + 2 for each in values],
            200,
        ),
        Mutation(table, "feature_003", "a lost point", "features: within", cell(231.0)),
        Mutation(table, "feature_100", "lost", "chromatic features: all or none", cell(None)),
        Mutation(table, "feature_004", "one number", "features: not the same", all_of(0.0)),
    ]


ORIGIN = _origin()
