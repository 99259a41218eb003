"""What only a person knows of predictions.

The table is computed, so what is critical here names a mistake of the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import count_where, distinct_within, present_in_both
from genrelab.tables.predictions import TOLERANCE

CRITICAL, WARNING = "critical", "warning"
LARGEST_GENRE = 0.8
FEWEST = 1_000
"""Rows of a model from which on shares mean something."""


def _features_with_genre(data: pa.Table) -> pa.Array:
    return pc.cast(pc.equal(data["has_features"], data["genre"].is_valid()), pa.int64())


def _is_ranked(data: pa.Table) -> pa.Array:
    """1 where the list falls, adds up, and begins with the columns beside it, else 0; missing without a list."""
    lists = data["probabilities"].combine_chunks()
    there = np.asarray(lists.is_valid())
    sizes = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
    agrees = sizes > 0
    if agrees.any():
        flat = lists.flatten()
        values = np.asarray(flat.field("probability"))
        starts = (np.cumsum(sizes) - sizes)[agrees]
        rises = np.append(np.diff(values) > 0, np.array([False]))
        rises[starts + sizes[agrees] - 1] = False  # from one row to the next
        rows = data.filter(pa.array(agrees))
        first = pc.equal(flat.field("genre").take(pa.array(starts)), rows["genre"].combine_chunks())
        good = ~np.logical_or.reduceat(rises, starts)
        good &= np.asarray(pc.fill_null(first, fill_value=False))
        good &= np.isclose(values[starts], np.asarray(rows["probability"], dtype=float))
        total = np.asarray(rows["probability_sum"], dtype=float)
        good &= np.abs(np.add.reduceat(values, starts) - total) <= TOLERANCE
        agrees[agrees] = good
    return pa.array(agrees.astype(np.int64), mask=~there)


def _largest_genre(data: pa.Table) -> float:
    """The largest share that one genre has of a model's predictions, over the models with enough of them."""
    largest = 0.0
    for model in pc.unique(data["model"]).to_pylist():
        said = data.filter(pc.equal(data["model"], model))["genre"].drop_null()
        if len(said) >= FEWEST:
            counts = np.asarray(said.value_counts().field("counts"))
            largest = max(largest, float(counts.max() / len(said)))
    return largest


def _tracks_missing(data: pa.Table, baseline: Baseline) -> float | None:
    """Rows of spotify_binned that a task of Spotify lacks, or has too many."""
    tracks = baseline.read("spotify_binned", ["source_row"])
    of_spotify = data.filter(pc.equal(data["source_table"], "spotify_binned"))
    if tracks is None or not len(of_spotify):
        return None
    counts = np.asarray(of_spotify["task"].value_counts().field("counts"))
    return float(np.abs(counts - len(tracks)).max())


HUMAN = (
    DomainRule(
        "genre: there exactly where the features are",
        "a track without features is not guessed at, and one with them is not left out",
        gxe.ExpectColumnValuesToBeBetween(column="features_with_genre", min_value=1, severity=CRITICAL),
        PerRow("features_with_genre", ("has_features", "genre"), _features_with_genre),
    ),
    DomainRule(
        "probability: there exactly where a genre is",
        "a guess without its probability cannot be judged",
        gxe.ExpectColumnValuesToBeBetween(column="probability_with_genre", min_value=1, severity=CRITICAL),
        present_in_both("probability", "genre", "probability_with_genre"),
    ),
    DomainRule(
        "second_probability: not above probability",
        "the best guess is the best guess",
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="probability",
            column_B="second_probability",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity=CRITICAL,
        ),
    ),
    DomainRule(
        "probabilities: ranked, and those of the columns beside them",
        "columns made from a list agree with it, or one of them belongs to another row",
        gxe.ExpectColumnValuesToBeBetween(column="is_ranked", min_value=1, severity=CRITICAL),
        PerRow("is_ranked", ("genre", "probability", "probability_sum", "probabilities"), _is_ranked),
    ),
    DomainRule(
        "model_version: one for each model",
        "two versions of a model are two opinions, and only one of them is the champion's",
        gxe.ExpectColumnValuesToBeBetween(column="versions_of_model", max_value=1, severity=CRITICAL),
        distinct_within("model_version", ["model"], "versions_of_model"),
    ),
    DomainRule(
        "table: the rows of spotify_binned for each of its tasks",
        "every track is predicted, also those that no rule matched",
        gxe.ExpectColumnMaxToBeBetween(column="tracks_missing", max_value=0, severity=CRITICAL),
        OfTable("tracks_missing", ("task", "source_table"), _tracks_missing),
    ),
    DomainRule(
        f"genre: no genre above {LARGEST_GENRE:.0%} of a model's predictions",
        "the document's forest called 60 % of all tracks pop; a model that says one thing to nearly everything has "
        "learned nothing but how frequent it is",
        gxe.ExpectColumnMaxToBeBetween(column="largest_genre", max_value=LARGEST_GENRE, severity=WARNING),
        count_where(("model", "genre"), _largest_genre, "largest_genre"),
    ),
)
