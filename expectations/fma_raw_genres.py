"""Checks of FMA's genres as they were crawled."""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable
from expectations.raw import WARNING, WHOLE, mostly_matches, mostly_present

CORRECTED = 3
"""Genres whose parent is missing in the API; the authors corrected them by hand in genres.csv."""


def _orphans(data: pa.Table, _: Baseline) -> float:
    ids = pc.cast(data["genre_id"], pa.string()).combine_chunks()
    parents = pc.replace_substring_regex(data["genre_parent_id"].drop_null(), r"\.0+$", "")
    return float(pc.sum(pc.invert(pc.is_in(parents, ids))).as_py() or 0)


HUMAN = (
    mostly_present("genre_title", "a genre without a name is no genre"),
    mostly_present("genre_handle", "the last part of the genre's address"),
    mostly_matches("genre_parent_id", "a whole number", WHOLE, "an id of the site"),
    mostly_matches("genre_color", "a colour as #rrggbb", r"^#[0-9A-Fa-f]{6}$", "the site's own colours"),
    DomainRule(
        "genre_title: once",
        "two genres with the same name cannot be distinguished",
        gxe.ExpectColumnValuesToBeUnique(column="genre_title", severity=WARNING),
    ),
    DomainRule(
        f"genre_parent_id: at most {CORRECTED} without a genre of the table",
        "the API lacks the parents of three genres, which the authors corrected by hand; more mean a truncated file",
        gxe.ExpectColumnMaxToBeBetween(column="orphans", max_value=CORRECTED, severity=WARNING),
        OfTable("orphans", ("genre_id", "genre_parent_id"), _orphans),
    ),
)
