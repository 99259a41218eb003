"""Checks of the stored artist groups: no key is ever lost or moved."""

import great_expectations.expectations as gxe
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable
from expectations.facts import count_where
from genrelab.evaluation.groups import CATCH_ALL, NONE, part_of
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.sources.codes import row_hashes

CRITICAL, WARNING = "critical", "warning"
MOST_CATCH_ALLS = 100


def _forgotten(data: Rows, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups")
    if before is None:
        return None
    now = np.sort(row_hashes(data, ["key"]))
    return float(
        sum(
            np.count_nonzero(~_found(row_hashes(part, ["key"]), now)[1])
            for part in batches_of(before, ["key"])
        )
    )


def _moved(data: Rows, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups")
    if before is None:
        return None
    now = row_hashes(data, ["key"])
    order, are = np.argsort(now), row_hashes(data, ["artist_group"])
    now.sort()
    was, places = [pa.array([], pa.string())], [np.empty(0, np.int64)]
    for part in batches_of(before, ["key", "artist_group"]):
        place, is_there = _found(row_hashes(part, ["key"]), now)
        rows = order[place[is_there]]
        is_changed = row_hashes(part, ["artist_group"])[is_there] != are[rows]
        was += part["artist_group"].filter(pa.array(is_there)).filter(pa.array(is_changed)).chunks
        places.append(rows[is_changed])
    changed = np.concatenate(places)
    if not len(changed):
        return 0.0
    groups = data.take(pa.array(changed))["artist_group"].to_pylist()
    parts = [
        {part_of(str(one)), part_of(str(other))}
        for one, other in zip(pa.chunked_array(was).to_pylist(), groups, strict=True)
    ]
    return float(sum(len(pair - {NONE}) > 1 for pair in parts))


def _found(
    hashes: npt.NDArray[np.uint64], among: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The place of each hash among sorted ones, and whether it is there."""
    if not len(among):
        return np.zeros(len(hashes), np.int64), np.zeros(len(hashes), bool)
    place = np.minimum(np.searchsorted(among, hashes), len(among) - 1)
    return place, among[place] == hashes


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
