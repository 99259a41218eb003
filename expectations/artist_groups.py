"""Checks of the stored artist groups: no key is ever lost or moved."""

from collections.abc import Iterator

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable
from expectations.facts import count_where
from genrelab.evaluation.groups import CATCH_ALL, NONE, part_of
from genrelab.lake.sorting import IN_MEMORY
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.groups import ARTIST_GROUPS

CRITICAL, WARNING = "critical", "warning"
MOST_CATCH_ALLS = 100


def _forgotten(data: Rows, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups")
    if before is None:
        return None
    return float(sum(now.null_count for _, now in _then_and_now(before, data)))


def _moved(data: Rows, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups")
    if before is None:
        return None
    moved = 0
    for then, now in _then_and_now(before, data):
        is_changed = pc.fill_null(pc.not_equal(then, now), fill_value=False)
        changed = zip(then.filter(is_changed).to_pylist(), now.filter(is_changed).to_pylist(), strict=True)
        moved += sum(len({part_of(one), part_of(other)} - {NONE}) > 1 for one, other in changed)
    return float(moved)


def _then_and_now(before: Rows, data: Rows) -> Iterator[tuple[pa.ChunkedArray, pa.ChunkedArray]]:
    """Yield the groups that the keys of the last version had and have, some at a time; missing where a key is gone.

    Both tables are read once, side by side, since their keys are in order.
    """
    earlier, later = _by_key(before), _by_key(data)
    was = now = ARTIST_GROUPS.schema.empty_table()
    while len(was := was if len(was) else next(earlier, was)):
        now = now if len(now) else next(later, now)
        last = min(str(part["key"][-1]) for part in (was, now) if len(part))
        (seen, was), (there, now) = _up_to(was, last), _up_to(now, last)
        yield seen["artist_group"], there["artist_group"].take(pc.index_in(seen["key"], there["key"]))


def _by_key(rows: Rows) -> Iterator[pa.Table]:
    """Yield keys and groups in the order of the keys, in parts.

    Raises:
        GenrelabError: More rows than are sorted in memory are not in this order, in which they are always written.
    """
    if len(rows) <= IN_MEMORY:
        few = rows.select(ARTIST_GROUPS.names)
        yield few.filter(few["key"].is_valid()).sort_by("key")
        return
    last = pa.array([""])
    for each in batches_of(rows, ARTIST_GROUPS.names):
        part = each.filter(each["key"].is_valid())
        keys = pa.concat_arrays([last, *part["key"].chunks])
        if pc.any(pc.less(keys[1:], keys[:-1])).as_py():
            raise GenrelabError(
                "the rows of artist_groups are not in the order of their keys",
                found=f"another order between {keys[1]} and {keys[-1]}",
                do="restore the folder of this table from a backup: genrelab writes it in this order",
            )
        last = keys[-1:]
        if len(part):
            yield part


def _up_to(rows: pa.Table, key: str) -> tuple[pa.Table, pa.Table]:
    """The first rows, up to a key, and the others."""
    first = pc.sum(pc.less_equal(rows["key"], key)).as_py() or 0
    return rows.slice(0, first), rows.slice(first)


def _catch_alls(data: Rows) -> int:
    parts = batches_of(data, ["artist_group"])
    return sum(pc.sum(pc.equal(part["artist_group"], CATCH_ALL)).as_py() or 0 for part in parts)


HUMAN = (
    DomainRule(
        "key: artist:, track: or audio: and a name",
        "the three kinds of keys that connect rows; a key with another prefix would never match",
        gxe.ExpectColumnValuesToMatchRegex(
            column="key", regex=r"^(?:artist|track|audio):.+$", severity=CRITICAL
        ),
    ),
    DomainRule(
        "artist_group: named after a key, a link or the catch-all",
        "the part is computed from a hash of this name",
        gxe.ExpectColumnValuesToMatchRegex(
            column="artist_group",
            regex=r"^(?:(?:link:)?(?:artist|track|audio):.+|catch-all)$",
            severity=CRITICAL,
        ),
    ),
    DomainRule(
        "key: none forgotten since the last version",
        "a lost artist may be assigned to another part, which would invalidate all earlier scores",
        gxe.ExpectColumnMaxToBeBetween(column="keys_forgotten", max_value=0, severity=CRITICAL),
        OfTable("keys_forgotten", ("key", "artist_group"), _forgotten),
    ),
    DomainRule(
        "artist_group: no key moved to another part",
        "the split is permanent; a key may leave all parts, but never move to another",
        gxe.ExpectColumnMaxToBeBetween(column="keys_moved", max_value=0, severity=CRITICAL),
        OfTable("keys_moved", ("key", "artist_group"), _moved),
    ),
    DomainRule(
        f"artist_group: at most {MOST_CATCH_ALLS} catch-alls",
        "in the capstone project's pulls one id stands for compilations; hundreds mean that artist names are wrong",
        gxe.ExpectColumnMaxToBeBetween(column="catch_alls", max_value=MOST_CATCH_ALLS, severity=WARNING),
        count_where(("artist_group",), _catch_alls, "catch_alls"),
    ),
)
