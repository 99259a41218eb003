"""Decide whether a measure is a drift: above a threshold, and more than chance.

A small table moves by chance: 40 tracks against 40 others of the same music have a population stability index
of 0.45 on average. So a measure counts only where it is above its threshold and above its level by chance.
"""

from collections.abc import Sequence

from genrelab.analyses.drift.result import CLASS_SHARE, Finding, Measured, ShareChange, Thresholds

DIGITS = 5


def judge(measured: Measured, thresholds: Thresholds) -> tuple[Finding, ...]:
    """Return what drifted, features first, sorted by how far each is above its threshold.

    Args:
        measured: Result of `genrelab.analyses.drift.compare`.
        thresholds: Limits of the measures.
    """
    found = []
    for feature in measured.features:
        for kind, name, limit in (("psi", "PSI", thresholds.psi), ("ks", "KS", thresholds.ks)):
            value, chance = feature.measure(kind)
            if value is not None and value > limit and value > (chance or 0.0):
                says = f"{feature.feature} {name} {value:.2f} (limit {limit:g})"
                found.append(Finding(feature.feature, kind, "", round(value, DIGITS), limit, says))
    for group in measured.classes:
        for one in group.shares:
            is_on_one_side = not (one.earlier and one.later)
            change, limit = abs(one.change), 0.0 if is_on_one_side else thresholds.class_share
            if change > limit and change > one.chance:
                says = f"{group.column} {one.name} {_change_of(one, limit)}"
                found.append(Finding(group.column, CLASS_SHARE, one.name, round(change, DIGITS), limit, says))
    return tuple(sorted(found, key=lambda one: (one.kind == CLASS_SHARE, -one.value / (one.limit or 0.01))))


def _change_of(one: ShareChange, limit: float) -> str:
    if not one.earlier:
        return f"is new with {one.later:.1%} of the tracks"
    if not one.later:
        return f"has vanished; it had {one.earlier:.1%} of the tracks"
    return f"from {one.earlier:.1%} to {one.later:.1%} of the tracks (limit {limit * 100:g} points)"


def in_words(findings: Sequence[Finding], most: int = 3) -> str:
    """Return the first findings in one line, and the number of all others."""
    rest = f" and {len(findings) - most} more" if len(findings) > most else ""
    return ", ".join(one.says for one in findings[:most]) + rest
