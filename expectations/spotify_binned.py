"""Checks of binned Spotify tracks.

The table is computed, so a critical failure means an error in the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import (
    count_where,
    distinct_within,
    ends_of_shares,
    is_among,
    present_in_both,
    share_of,
)
from genrelab.evaluation.groups import CATCH_ALL, LINK, MANY_NAMES, NONE, TRAIN
from genrelab.lake.stored_rows import Rows, batches_of

CRITICAL, WARNING = "critical", "warning"
FEWEST = 1_000
"""Rows from which on shares mean something."""
SMALLEST_BIN, LARGEST_BIN = 0.005, 0.45


def _decided_by_none(data: Rows) -> int:
    """Rows whose bin differs from the rule set that agrees best: that of the active set agrees everywhere."""
    agreeing = dict.fromkeys((name for name in data.column_names if name.startswith("bin_")), 0)
    for part in batches_of(data, ["genre_bin", *agreeing]):
        found = part["genre_bin"]
        for name in agreeing:
            is_equal = pc.fill_null(pc.equal(found, part[name]), fill_value=False)
            agreeing[name] += pc.sum(pc.or_(is_equal, _both_missing(found, part[name]))).as_py() or 0
    return len(data) - max(agreeing.values()) if agreeing else 0


def _both_missing(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.and_(one.is_null(), other.is_null())


def _lost_rows(data: Rows, baseline: Baseline) -> float | None:
    tracks = baseline.read("spotify_tracks")
    return None if tracks is None else float(abs(len(tracks) - len(data)))


def _unlinked(data: Rows) -> int:
    """Rows without a part whose group is no link, and rows with a part whose group is one."""
    found = 0
    for part in batches_of(data, ["artist_group", "part"]):
        groups = part["artist_group"]
        links = pc.or_(pc.starts_with(groups, LINK), pc.equal(groups, CATCH_ALL))
        found += pc.sum(pc.not_equal(links, pc.equal(part["part"], NONE))).as_py() or 0
    return found


def _searched_name_and_title(data: pa.Table) -> pa.Array:
    """Name and title of the rows whose label is suspect; missing for the others."""
    both = pc.binary_join_element_wise(data["artist_name"], data["track_name"], ": ")
    return pc.if_else(pc.fill_null(data["label_is_suspect"], fill_value=False), both, None)


def _names_of_one_artist(data: pa.Table) -> pa.Array:
    """How many names share the artist id; 0 for a catch-all, and where it is not known."""
    names = pc.fill_null(data["names_of_artist_id"], 0)
    return pc.if_else(pc.less_equal(names, MANY_NAMES), names, 0)


HUMAN = (
    DomainRule(
        "genre_bin: present in at least 80 % of rows",
        "a rule set that lost patterns leaves most tracks unmatched",
        gxe.ExpectColumnValuesToNotBeNull(column="genre_bin", mostly=0.8, severity=WARNING),
    ),
    DomainRule(
        "genre_bin: at least 8 of the 12 bins",
        "with a broken rule set, one bin takes the tracks of all others",
        gxe.ExpectColumnUniqueValueCountToBeBetween(column="genre_bin", min_value=8, severity=WARNING),
    ),
    DomainRule(
        f"genre_bin: no bin above {LARGEST_BIN:.0%} of the binned rows",
        "pop has 35 % by the classic rules and 15 % by the reviewed ones; more means that a pattern also matches "
        "genres of other bins",
        gxe.ExpectColumnMaxToBeBetween(column="largest_bin", max_value=LARGEST_BIN, severity=WARNING),
        ends_of_shares("genre_bin", largest=True, name="largest_bin", fewest=FEWEST),
    ),
    DomainRule(
        f"genre_bin: no bin below {SMALLEST_BIN:.1%} of the binned rows",
        "gospel/worship, the smallest bin, has 1.6 %; a model cannot learn a bin with hardly any tracks",
        gxe.ExpectColumnMaxToBeBetween(column="smallest_bin", min_value=SMALLEST_BIN, severity=WARNING),
        ends_of_shares("genre_bin", largest=False, name="smallest_bin", fewest=FEWEST),
    ),
    DomainRule(
        "genre_bin: that of one rule set in all rows",
        "the active rule set is in use, so the bins are those of its own column",
        gxe.ExpectColumnMaxToBeBetween(column="rows_decided_by_none", max_value=0, severity=CRITICAL),
        count_where(("genre_bin", "bin_classic", "bin_reviewed"), _decided_by_none, "rows_decided_by_none"),
    ),
    DomainRule(
        "rule: there exactly where a bin is",
        "a bin without its rule cannot be explained",
        gxe.ExpectColumnValuesToBeBetween(column="rule_with_bin", min_value=1, severity=CRITICAL),
        present_in_both("rule", "genre_bin", "rule_with_bin"),
    ),
    DomainRule(
        "micro_genre: there exactly where a bin is",
        "a bin without its micro-genre cannot be explained",
        gxe.ExpectColumnValuesToBeBetween(column="micro_genre_with_bin", min_value=1, severity=CRITICAL),
        present_in_both("micro_genre", "genre_bin", "micro_genre_with_bin"),
    ),
    DomainRule(
        "micro_genre: one of the row's own",
        "the micro-genre must be one of the track's own; otherwise it belongs to another row",
        gxe.ExpectColumnValuesToBeBetween(column="own_micro_genre", min_value=1, severity=CRITICAL),
        is_among("micro_genre", "genres", "own_micro_genre"),
    ),
    DomainRule(
        "rule: one bin",
        "a rule has one bin; two mean that rules of different sets were mixed",
        gxe.ExpectColumnValuesToBeBetween(column="bins_of_rule", max_value=1, severity=CRITICAL),
        distinct_within("genre_bin", ["rule"], "bins_of_rule"),
    ),
    DomainRule(
        "label_is_suspect: no searched name in the title",
        "the pulls searched for artist names and took the first hit; where the name matched words of the title, the "
        "micro-genres may belong to the searched name instead of the track's artist",
        gxe.ExpectColumnValuesToBeNull(column="searched_name_in_title", severity=WARNING),
        PerRow(
            "searched_name_in_title",
            ("artist_name", "track_name", "label_is_suspect"),
            _searched_name_and_title,
            is_local=True,
        ),
        broken="tracks have the name that was searched for in their title: their micro-genres may belong to "
        "that name instead of the track's artist",
    ),
    DomainRule(
        "names_of_artist_id: one, catch-alls aside",
        "several names with the id of one artist were searched for, and the hits were tracks of that artist: the "
        f"micro-genres of at most one name are the artist's. Ids with more than {MANY_NAMES} names, such as Various "
        "Artists, stand for many artists",
        gxe.ExpectColumnValuesToBeBetween(column="names_of_one_artist", max_value=1, severity=WARNING),
        PerRow("names_of_one_artist", ("names_of_artist_id",), _names_of_one_artist, is_local=True),
        broken="tracks carry an artist id that was found for several searched names: the micro-genres of at "
        "most one name are the artist's",
    ),
    DomainRule(
        "table: the rows of spotify_tracks",
        "binning neither removes nor adds tracks",
        gxe.ExpectColumnMaxToBeBetween(column="rows_lost", max_value=0, severity=CRITICAL),
        OfTable("rows_lost", ("source_row",), _lost_rows),
    ),
    DomainRule(
        "artist_group: in one part",
        "an artist in two parts of the split would be tested by a model that was trained on the same artist",
        gxe.ExpectColumnValuesToBeBetween(column="parts_of_group", max_value=1, severity=CRITICAL),
        distinct_within("part", ["artist_group"], "parts_of_group"),
    ),
    DomainRule(
        "part: none for links only",
        "only tracks that link two parts are left out of the split",
        gxe.ExpectColumnMaxToBeBetween(column="rows_unlinked", max_value=0, severity=CRITICAL),
        count_where(("artist_group", "part"), _unlinked, "rows_unlinked"),
    ),
    DomainRule(
        "part: train holds 60 % to 80 % of rows",
        "a group is assigned to train with a probability of 70 %; other shares mean a wrong hash or wrong groups",
        gxe.ExpectColumnMaxToBeBetween(
            column="share_of_train", min_value=0.6, max_value=0.8, severity=WARNING
        ),
        share_of("part", TRAIN, "share_of_train", FEWEST),
    ),
    DomainRule(
        "part: none for at most 10 % of rows",
        "linking tracks are not scored; if there are many, a catch-all id connects unrelated artists",
        gxe.ExpectColumnMaxToBeBetween(column="share_of_none", max_value=0.1, severity=WARNING),
        share_of("part", NONE, "share_of_none", FEWEST),
    ),
)
