"""Checks of the doubts about labels.

The table is computed, so a critical failure means an error in the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.domain_rules import DomainRule, OfTable, PerRow

CRITICAL, WARNING = "critical", "warning"
MOST_DOUBTFUL = 0.25
FEWEST = 1_000
"""Number of rows from which the share of doubtful ones is meaningful."""


def _reasons_with_doubt(data: pa.Table) -> pa.Array:
    return pc.cast(pc.equal(data["is_doubtful"], data["reasons"].is_valid()), pa.int64())


def _contradicts(data: pa.Table) -> pa.Array:
    """Missing for a row that is not doubtful."""
    differs = pc.cast(pc.not_equal(data["label"], data["suggested_genre"]), pa.int64())
    return pc.if_else(data["is_doubtful"], differs, pa.scalar(None, pa.int64()))


def _doubtful_share(data: pa.Table, _baseline: object) -> float | None:
    return float(pc.mean(pc.cast(data["is_doubtful"], pa.float64())).as_py()) if len(data) >= FEWEST else None


HUMAN = (
    DomainRule(
        "suggested_probability: not below label_probability",
        "the suggestion is the most probable genre",
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="suggested_probability",
            column_B="label_probability",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity=CRITICAL,
        ),
    ),
    DomainRule(
        "suggested_genre: another genre than the label of a doubtful track",
        "a label that is the most probable genre is not doubtful",
        gxe.ExpectColumnValuesToBeBetween(column="contradicts", min_value=1, severity=CRITICAL),
        PerRow("contradicts", ("label", "suggested_genre", "is_doubtful"), _contradicts),
    ),
    DomainRule(
        "reasons: there exactly where the label is doubtful",
        "a doubt without a reason cannot be checked by listening",
        gxe.ExpectColumnValuesToBeBetween(column="reasons_with_doubt", min_value=1, severity=CRITICAL),
        PerRow("reasons_with_doubt", ("is_doubtful", "reasons"), _reasons_with_doubt),
    ),
    DomainRule(
        "artist_agreeing: not above artist_tracks",
        "only tracks of the artist that were counted can agree",
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="artist_tracks",
            column_B="artist_agreeing",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity=CRITICAL,
        ),
    ),
    DomainRule(
        f"is_doubtful: at most {MOST_DOUBTFUL:.0%} of the tracks",
        "labels are wrong here and there; if so many are doubtful, a rule set or a join has gone wrong",
        gxe.ExpectColumnMaxToBeBetween(column="doubtful_share", max_value=MOST_DOUBTFUL, severity=WARNING),
        OfTable("doubtful_share", ("is_doubtful",), _doubtful_share),
    ),
)
