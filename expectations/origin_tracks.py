"""Checks of the geographical-origin data: 33 places and standardised features."""

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import constant_columns, distinct_within, missing_of
from genrelab.sources.origin.sample import CAPITALS
from genrelab.tables.origin import CHROMATIC_FEATURES, DEFAULT_FEATURES, feature_names

WARNING = "warning"
BASIC = feature_names(DEFAULT_FEATURES)
CHROMATIC = feature_names(CHROMATIC_FEATURES)[DEFAULT_FEATURES:]
PLACES = len(CAPITALS)
FARTHEST_DEGREES = 2.0
"""The file has Taiwan's middle instead of its capital, 1.4 degrees away; all others are closer."""
FEWEST = 100
"""Rows from which on a place may be expected to occur, and a mean means something."""
MEAN_OFF, SPREAD_OFF = 0.5, 0.5
FARTHEST = 15.0


def _degrees_to_a_capital(data: pa.Table) -> pa.Array:
    """How far a place is from the nearest of the 33 capitals, in degrees along the larger of both axes."""
    places = np.stack([np.asarray(data[name]) for name in ("latitude", "longitude")], axis=1)
    off = np.abs(places[:, None, :] - np.array(list(CAPITALS.values()))[None]).max(axis=2).min(axis=1)
    return pa.array(off, from_pandas=True)


def _places(data: pa.Table, _: Baseline) -> float | None:
    if len(data) < FEWEST:
        return None
    return float(len(set(zip(data["latitude"].to_pylist(), data["longitude"].to_pylist(), strict=True))))


def _features(data: pa.Table) -> np.ndarray:
    return np.stack([np.asarray(data[name], dtype=float) for name in BASIC])


def _worst_mean(data: pa.Table, _: Baseline) -> float | None:
    return float(np.abs(np.nanmean(_features(data), axis=1)).max()) if len(data) >= FEWEST else None


def _worst_spread(data: pa.Table, _: Baseline) -> float | None:
    return float(np.abs(np.nanstd(_features(data), axis=1) - 1).max()) if len(data) >= FEWEST else None


def _largest_value(data: pa.Table) -> pa.Array:
    return pa.array(np.abs(_features(data)).max(axis=0))


HUMAN = (
    DomainRule(
        f"latitude, longitude: within {FARTHEST_DEGREES:g} degrees of one of the {PLACES} capitals",
        "every track comes from a capital of one of 33 countries; elsewhere the coordinates were swapped, lost "
        "their sign or slipped by a column",
        gxe.ExpectColumnValuesToBeBetween(
            column="degrees_to_a_capital", max_value=FARTHEST_DEGREES, severity=WARNING
        ),
        PerRow("degrees_to_a_capital", ("latitude", "longitude"), _degrees_to_a_capital),
    ),
    DomainRule(
        f"table: {PLACES} places",
        "the file has 33 origins; fewer mean a truncated file, more mean that a feature was read as a coordinate",
        gxe.ExpectColumnMaxToBeBetween(column="places", min_value=PLACES, max_value=PLACES, severity=WARNING),
        OfTable("places", ("latitude", "longitude"), _places),
    ),
    DomainRule(
        "features: standardised, means near 0",
        "the file was standardised by its authors; a mean beyond 0.5 is another scale or a shifted column",
        gxe.ExpectColumnMaxToBeBetween(column="worst_mean", max_value=MEAN_OFF, severity=WARNING),
        OfTable("worst_mean", tuple(BASIC), _worst_mean),
    ),
    DomainRule(
        "features: standardised, spreads near 1",
        "the file was standardised by its authors; a spread far from 1 is another scale",
        gxe.ExpectColumnMaxToBeBetween(column="worst_spread", max_value=SPREAD_OFF, severity=WARNING),
        OfTable("worst_spread", tuple(BASIC), _worst_spread),
    ),
    DomainRule(
        f"features: within {FARTHEST:g} standard deviations",
        "the most extreme value of the file is 12.7; larger ones mean a lost decimal point",
        gxe.ExpectColumnValuesToBeBetween(column="largest_feature", max_value=FARTHEST, severity=WARNING),
        PerRow("largest_feature", tuple(BASIC), _largest_value),
    ),
    DomainRule(
        "chromatic features: all or none",
        "the file has 116 or 68 features: all chromatic ones or none",
        gxe.ExpectColumnValuesToBeBetween(column="chromatic_missing", max_value=0, severity=WARNING),
        missing_of(CHROMATIC, "chromatic_missing"),
    ),
    DomainRule(
        "features: not the same in all rows",
        "a column with a single value was filled, not measured",
        gxe.ExpectColumnMaxToBeBetween(column="constant_features", max_value=0, severity=WARNING),
        constant_columns(BASIC, "constant_features"),
    ),
    DomainRule(
        "features: of one place",
        "no two tracks of the file share their features; the same track at two places means a copied line",
        gxe.ExpectColumnValuesToBeBetween(column="places_of_features", max_value=1, severity=WARNING),
        distinct_within("latitude", BASIC[:8], "places_of_features"),
    ),
)
