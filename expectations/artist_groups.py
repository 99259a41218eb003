"""Checks of the stored artist groups: no key is ever lost or moved."""

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable
from expectations.facts import count_where
from genrelab.evaluation.groups import CATCH_ALL, NONE, part_of
from genrelab.sources.codes import text_hashes

CRITICAL, WARNING = "critical", "warning"
MOST_CATCH_ALLS = 100


def _forgotten(data: pa.Table, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups", ["key"])
    return (
        None
        if before is None
        else float((~np.isin(text_hashes(before, "key"), text_hashes(data, "key"))).sum())
    )


def _moved(data: pa.Table, baseline: Baseline) -> float | None:
    before = baseline.read("artist_groups", ["key", "artist_group"])
    if before is None:
        return None
    if not len(data):
        return 0.0
    order = np.argsort(now := text_hashes(data, "key"))
    keys = text_hashes(before, "key")
    place = order[np.minimum(np.searchsorted(now, keys, sorter=order), len(order) - 1)]
    is_there = now[place] == keys
    was, are = text_hashes(before, "artist_group"), text_hashes(data, "artist_group")
    changed = np.flatnonzero(is_there & (was != are[place]))
    pairs = zip(
        before["artist_group"].take(pa.array(changed)).to_pylist(),
        data["artist_group"].take(pa.array(place[changed])).to_pylist(),
        strict=True,
    )
    parts = [{part_of(str(group)) for group in pair} for pair in pairs]
    return float(sum(len(pair - {NONE}) > 1 for pair in parts))


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
        count_where(
            ("artist_group",),
            lambda data: pc.sum(pc.equal(data["artist_group"], CATCH_ALL)).as_py() or 0,
            "catch_alls",
        ),
    ),
)
