"""Whether what was measured is a drift: past a threshold, and more than chance.

A small table moves by chance: 40 tracks against 40 others of the same music have a population stability index
of 0.45 on average. So a measure counts only where it is above its threshold and above its level by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thresholds:
    """Above which a measure is a drift.

    Args:
        psi: Population stability index of a feature. The customary reading is: below 0.1 no change, above
            0.25 a shift of the population (Siddiqi 2006); 0.2 is in use as well and warns a little earlier.
        ks: Kolmogorov-Smirnov distance of a feature: a tenth of the tracks moved across some value. There is no
            customary threshold; this much can take the median to where a neighbouring decile was.
        class_share: Change of a class's share of the tracks. There is no customary threshold; five points are the
            size of a smaller target genre. A class that is new or has vanished counts whatever its share.
    """

    psi: float = 0.2
    ks: float = 0.1
    class_share: float = 0.05


def judge(measured: Mapping[str, Any], thresholds: Thresholds) -> list[dict[str, Any]]:
    """What drifted, the features first, each by how far it lies above its threshold.

    Args:
        measured: From `genrelab.analyses.drift.compare`.
        thresholds: Above which a measure counts.

    Returns:
        `column`, `kind` (`psi`, `ks` or `class_share`), `class` (empty for features), `value`, `limit`, and
        `says`, the same in words.
    """
    found = []
    for feature in measured["features"]:
        for kind, name, limit in (("psi", "PSI", thresholds.psi), ("ks", "KS", thresholds.ks)):
            value, chance = feature[kind], feature[f"{kind}_chance"]
            if value is not None and value > limit and value > chance:
                says = f"{feature['feature']} {name} {value:.2f} (limit {limit:g})"
                found.append(_finding(feature["feature"], kind, "", value, limit, says))
    for group in measured["classes"]:
        for one in group["shares"]:
            is_on_one_side = not (one["earlier"] and one["later"])
            change, limit = abs(one["change"]), 0.0 if is_on_one_side else thresholds.class_share
            if change > limit and change > one["chance"]:
                says = f"{group['column']} {one['class']} {_change_of(one, limit)}"
                found.append(_finding(group["column"], "class_share", one["class"], change, limit, says))
    return sorted(
        found, key=lambda one: (one["kind"] == "class_share", -one["value"] / (one["limit"] or 0.01))
    )


def _change_of(one: Mapping[str, Any], limit: float) -> str:
    if not one["earlier"]:
        return f"is new with {one['later']:.1%} of the tracks"
    if not one["later"]:
        return f"has vanished, it had {one['earlier']:.1%} of the tracks"
    return f"from {one['earlier']:.1%} to {one['later']:.1%} of the tracks (limit {limit * 100:g} points)"


def in_words(findings: Sequence[Mapping[str, Any]], most: int = 3) -> str:
    """The first findings in a line, and how many there are besides."""
    rest = f" and {len(findings) - most} more" if len(findings) > most else ""
    return ", ".join(str(one["says"]) for one in findings[:most]) + rest


def _finding(column: str, kind: str, of: str, value: float, limit: float, says: str) -> dict[str, Any]:
    return {
        "column": column,
        "kind": kind,
        "class": of,
        "value": round(value, 5),
        "limit": limit,
        "says": says,
    }
