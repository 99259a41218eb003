"""Checks of predictions.

The table is computed, so a critical failure means an error in the computation and refuses the table.
"""

from collections import Counter

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import count_where, distinct_within, present_in_both
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.runtime.choices import FAIR
from genrelab.sources.codes import counts_of
from genrelab.tables.predictions import TOLERANCE

CRITICAL, WARNING = "critical", "warning"
LARGEST_GENRE = 0.8
FEWEST = 1_000
"""Number of rows of a model from which shares are meaningful."""


def _features_with_genre(data: pa.Table) -> pa.Array:
    is_named = pc.or_(data["genre"].is_valid(), data["all_genres"].is_valid())
    return pc.cast(pc.equal(data["has_features"], is_named), pa.int64())


def _is_ranked(data: pa.Table) -> pa.Array:
    """1 if the list is sorted, sums to 1 and has the row's own prediction, else 0; missing without a list.

    The most accurate decision names the first genre of the list, the fair one any. Where several genres are named, the
    list is sorted and nothing else.
    """
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
        of_row = np.repeat(np.arange(len(rows)), sizes[agrees])
        own = pc.equal(flat.field("genre"), rows["genre"].combine_chunks().take(pa.array(of_row)))
        stated = np.asarray(rows["probability"], dtype=float)[of_row]
        found = np.asarray(pc.fill_null(own, fill_value=False)) & np.isclose(values, stated)
        is_fair = np.asarray(pc.equal(rows["decision"], FAIR))
        agreeing = np.where(is_fair, np.logical_or.reduceat(found, starts), found[starts])
        total = np.asarray(rows["probability_sum"], dtype=float)
        agreeing &= np.abs(np.add.reduceat(values, starts) - total) <= TOLERANCE
        is_set = np.asarray(rows["all_genres"].is_valid())
        agrees[agrees] = ~np.logical_or.reduceat(rises, starts) & (agreeing | is_set)
    return pa.array(agrees.astype(np.int64), mask=~there)


def _artist_columns(data: pa.Table) -> pa.Array:
    """1 if a row has all columns of the prediction with its artist's other tracks or none, else 0."""
    there = [data[name].is_valid() for name in ("artist_genre", "artist_probability", "artist_tracks")]
    return pc.cast(pc.and_(pc.equal(there[0], there[1]), pc.equal(there[0], there[2])), pa.int64())


def _alone_as_alone(data: pa.Table) -> pa.Array:
    """1 if a track without other tracks of its artist has the prediction of the track alone, else 0."""
    same = pc.and_(
        pc.equal(data["artist_genre"], data["genre"]),
        pc.equal(data["artist_probability"], data["probability"]),
    )
    return pc.cast(pc.or_(pc.greater(data["artist_tracks"], 0), same), pa.int64())


def _adjusted_unseen(data: pa.Table) -> pa.Array:
    """0 if a track that the model was fitted on, or without a prediction, has an adjusted genre, else 1."""
    may_have = pc.and_(pc.invert(data["was_fitted_on"]), data["genre"].is_valid())
    return pc.cast(pc.or_(may_have, data["adjusted_genre"].is_null()), pa.int64())


def _filled_as_said(data: pa.Table) -> pa.Array:
    """1 if a row of several genres is marked as filled exactly where they are predicted and none is given, else 0."""
    filled = pc.and_(data["all_genres"].is_valid(), data["all_labels"].is_null())
    return pc.cast(pc.equal(data["is_filled"], filled), pa.int64())


def _is_first(data: pa.Table) -> pa.Array:
    """1 if the named genre is at least as probable as the second one, or the decision is fair, else 0."""
    ordered = pc.greater_equal(data["probability"], data["second_probability"])
    return pc.cast(
        pc.or_(pc.fill_null(ordered, fill_value=True), pc.equal(data["decision"], FAIR)), pa.int64()
    )


def _largest_genre(data: Rows) -> float:
    """The largest share that one genre has of a model's predictions, over the models with enough of them."""
    tracks: dict[str, Counter[str]] = {}
    for part in batches_of(data, ["model", "genre"]):
        counted = part.drop_null().group_by(["model", "genre"]).aggregate([([], "count_all")])
        for row in counted.to_pylist():
            tracks.setdefault(row["model"], Counter())[row["genre"]] += row["count_all"]
    shares = [max(counts.values()) / counts.total() for counts in tracks.values() if counts.total() >= FEWEST]
    return max(shares, default=0.0)


def _tracks_missing(data: Rows, baseline: Baseline) -> float | None:
    """Rows of spotify_binned that a task of Spotify lacks, or has too many."""
    tracks = baseline.read("spotify_binned")
    counts: Counter[str] = Counter()
    for part in batches_of(data, ["task", "source_table"]):
        named = part.filter(pc.equal(part["source_table"], "spotify_binned"))
        counts.update(counts_of(named["task"]))
    if tracks is None or not counts:
        return None
    return float(max(abs(rows - len(tracks)) for rows in counts.values()))


HUMAN = (
    DomainRule(
        "genre: there exactly where the features are",
        "a track gets a prediction exactly if it has features",
        gxe.ExpectColumnValuesToBeBetween(column="features_with_genre", min_value=1, severity=CRITICAL),
        PerRow(
            "features_with_genre",
            ("has_features", "genre", "all_genres"),
            _features_with_genre,
            is_local=True,
        ),
    ),
    DomainRule(
        "probability: there exactly where a genre is",
        "a prediction without its probability cannot be assessed",
        gxe.ExpectColumnValuesToBeBetween(column="probability_with_genre", min_value=1, severity=CRITICAL),
        present_in_both("probability", "genre", "probability_with_genre"),
    ),
    DomainRule(
        "second_probability: not above probability",
        "the most accurate decision names the most probable genre",
        gxe.ExpectColumnValuesToBeBetween(column="is_first", min_value=1, severity=CRITICAL),
        PerRow("is_first", ("probability", "second_probability", "decision"), _is_first, is_local=True),
    ),
    DomainRule(
        "probabilities: ranked, and those of the columns beside them",
        "columns derived from the list must agree with it; otherwise they belong to another row",
        gxe.ExpectColumnValuesToBeBetween(column="is_ranked", min_value=1, severity=CRITICAL),
        PerRow(
            "is_ranked",
            ("genre", "probability", "probability_sum", "probabilities", "decision", "all_genres"),
            _is_ranked,
            is_local=True,
        ),
    ),
    DomainRule(
        "artist_genre: there exactly where a genre is",
        "a track without other tracks of its artist is predicted alone, so no prediction may be missing here",
        gxe.ExpectColumnValuesToBeBetween(column="artist_genre_with_genre", min_value=1, severity=CRITICAL),
        present_in_both("artist_genre", "genre", "artist_genre_with_genre"),
    ),
    DomainRule(
        "artist_probability, artist_tracks: there exactly where artist_genre is",
        "a prediction without its probability, or without what it takes into account, cannot be assessed",
        gxe.ExpectColumnValuesToBeBetween(column="artist_columns", min_value=1, severity=CRITICAL),
        PerRow(
            "artist_columns",
            ("artist_genre", "artist_probability", "artist_tracks"),
            _artist_columns,
            is_local=True,
        ),
    ),
    DomainRule(
        "artist_probability: that of the track alone where its artist has no other track",
        "there is nothing to average",
        gxe.ExpectColumnValuesToBeBetween(column="alone_as_alone", min_value=1, severity=CRITICAL),
        PerRow(
            "alone_as_alone",
            ("genre", "probability", "artist_genre", "artist_probability", "artist_tracks"),
            _alone_as_alone,
            is_local=True,
        ),
    ),
    DomainRule(
        "adjusted_probability: there exactly where adjusted_genre is",
        "a prediction without its probability cannot be assessed",
        gxe.ExpectColumnValuesToBeBetween(column="adjusted_with_genre", min_value=1, severity=CRITICAL),
        present_in_both("adjusted_probability", "adjusted_genre", "adjusted_with_genre"),
    ),
    DomainRule(
        "adjusted_genre: only where the model was not fitted on the track",
        "tracks that the model was fitted on are part of no other collection",
        gxe.ExpectColumnValuesToBeBetween(column="adjusted_unseen", min_value=1, severity=CRITICAL),
        PerRow(
            "adjusted_unseen", ("adjusted_genre", "genre", "was_fitted_on"), _adjusted_unseen, is_local=True
        ),
    ),
    DomainRule(
        "is_filled: exactly where genres are predicted that the source does not name",
        "a predicted genre must not pass for one that the artist chose",
        gxe.ExpectColumnValuesToBeBetween(column="filled_as_said", min_value=1, severity=CRITICAL),
        PerRow("filled_as_said", ("is_filled", "all_genres", "all_labels"), _filled_as_said, is_local=True),
    ),
    DomainRule(
        "model_version: one for each model",
        "only one version of a model is the champion",
        gxe.ExpectColumnValuesToBeBetween(column="versions_of_model", max_value=1, severity=CRITICAL),
        distinct_within("model_version", ["model"], "versions_of_model"),
    ),
    DomainRule(
        "table: the rows of spotify_binned for each of its tasks",
        "every track has a prediction, including tracks without a matching rule",
        gxe.ExpectColumnMaxToBeBetween(column="tracks_missing", max_value=0, severity=CRITICAL),
        OfTable("tracks_missing", ("task", "source_table"), _tracks_missing),
    ),
    DomainRule(
        f"genre: no genre above {LARGEST_GENRE:.0%} of a model's predictions",
        "the capstone project's random forest predicted pop for 60 % of all tracks; a model that predicts one genre "
        "for nearly all tracks has only learned its frequency",
        gxe.ExpectColumnMaxToBeBetween(column="largest_genre", max_value=LARGEST_GENRE, severity=WARNING),
        count_where(("model", "genre"), _largest_genre, "largest_genre"),
    ),
)
