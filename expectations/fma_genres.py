"""Checks of FMA's genre tree: it is a tree with sixteen roots."""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.domain_rules import DomainRule, PerRow
from expectations.facts import count_where
from genrelab.tables.fma import TOP_GENRES

CRITICAL, WARNING = "critical", "warning"
ROOT = 0


def _parent_is_there(data: pa.Table) -> pa.Array:
    is_there = pc.is_in(data["parent_id"], data["genre_id"].combine_chunks())
    return pc.cast(pc.or_(is_there, pc.equal(data["parent_id"], ROOT)), pa.int64())


def _of_parent(data: pa.Table, column: str) -> pa.Array:
    """A value of each row's parent, missing for a root."""
    place = pc.index_in(data["parent_id"], data["genre_id"].combine_chunks())
    return data[column].combine_chunks().take(place.combine_chunks())


def _root_of_parent(data: pa.Table) -> pa.Array:
    expected = pc.coalesce(_of_parent(data, "top_level_id"), data["genre_id"].combine_chunks())
    return pc.cast(pc.equal(data["top_level_id"].combine_chunks(), expected), pa.int64())


def _beyond_parent(data: pa.Table) -> pa.Array:
    return pc.subtract(data["track_count"].combine_chunks(), _of_parent(data, "track_count"))


def _roots_off(data: pa.Table) -> int:
    """Roots that FMA does not have, and roots of FMA that are missing."""
    roots = set(data["title"].filter(pc.equal(data["parent_id"], ROOT)).to_pylist())
    return len(roots ^ set(TOP_GENRES))


HUMAN = (
    DomainRule(
        "parent_id: 0 or a genre of the table",
        "a genre whose parent is missing has no path to a root",
        gxe.ExpectColumnValuesToBeBetween(column="parent_is_there", min_value=1, severity=CRITICAL),
        PerRow("parent_is_there", ("genre_id", "parent_id"), _parent_is_there),
        refuses=True,
    ),
    DomainRule(
        "top_level_id: that of the parent, or its own for a root",
        "genre_top is derived from it; the authors corrected the tree by hand, so errors are possible",
        gxe.ExpectColumnValuesToBeBetween(column="root_of_parent", min_value=1, severity=CRITICAL),
        PerRow("root_of_parent", ("genre_id", "parent_id", "top_level_id"), _root_of_parent),
        refuses=True,
    ),
    DomainRule(
        "title: once",
        "two genres with the same name cannot be distinguished in a chart",
        gxe.ExpectColumnValuesToBeUnique(column="title", severity=WARNING),
    ),
    DomainRule(
        "track_count: at most that of the parent",
        "the count of a genre includes the tracks of all genres below it",
        gxe.ExpectColumnValuesToBeBetween(column="tracks_beyond_parent", max_value=0, severity=WARNING),
        PerRow("tracks_beyond_parent", ("genre_id", "parent_id", "track_count"), _beyond_parent),
    ),
    DomainRule(
        "title: the roots are FMA's sixteen",
        "genre_top is one of these; other roots mean another edition of the tree",
        gxe.ExpectColumnMaxToBeBetween(column="roots_off", max_value=0, severity=WARNING),
        count_where(("title", "parent_id"), _roots_off, "roots_off"),
    ),
)
