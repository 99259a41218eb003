"""Facts of the validation page: a table that passed, one with warnings, one that was refused."""

from typing import Any

from awkward_names import AWKWARD


def check(rule: str, kind: str = "range", **more: Any) -> dict[str, Any]:
    """A check that holds."""
    return {
        "rule": rule,
        "kind": kind,
        "severity": "critical",
        "reason": "",
        "column": rule.partition(":")[0],
        "human": False,
        "passed": True,
        "failing": 0,
        "observed": "",
        "examples": [],
        "released": 0,
    } | more


def example(row: int, value: Any, source: str = "info_7.csv") -> dict[str, Any]:
    return {"source": source, "source_row": row, "value": value}


def record(table: str, **more: Any) -> dict[str, Any]:
    """A table that passed every check."""
    columns = ("energy", "tempo", "valence", "loudness", "speechiness", "liveness", "acousticness")
    return {
        "table": table,
        "version": 2,
        "checked_at": "2026-03-12T03:02:44+00:00",
        "source": f"/data/{table}.csv",
        "sample": False,
        "verdict": "passed",
        "read": 1059,
        "rows": 1059,
        "quarantined": 0,
        "duplicates": 0,
        "quarantined_share": 0.0,
        "share_limit": 0.05,
        "checks": [
            *(check(f"{name}: 0 to 1") for name in columns),
            *(check(f"{name}: not missing", "presence") for name in columns),
            check("source, source_row: unique", "uniqueness"),
        ],
        "refusals": [],
        "last_good": 2,
        "made_from": {},
        "quarantine": "",
        "seconds": 0.412,
    } | more


TEMPO = check(
    "tempo: not 0",
    "knowledge",
    human=True,
    severity="warning",
    reason="A tempo of 0 marks sound effects and soundscapes, not songs.",
    passed=False,
    failing=41,
    observed="41 rows",
    examples=[example(1204 + place, 0.0) for place in range(5)],
)
LOUD = check(
    "loudness: at most 0 dB",
    "knowledge",
    human=True,
    severity="warning",
    reason="Louder than full scale is a mastering fault, except for a known few.",
    observed="5 rows",
)


def validation_facts() -> dict[str, Any]:
    """What a night with one refused table leaves."""
    energy = check(
        "energy: 0 to 1",
        passed=False,
        failing=4,
        observed="4 rows",
        examples=[example(1204, 7.0), example(88, AWKWARD, "info_9.csv"), example(9, None)],
    )
    tracks = record("spotify_tracks", version=3, verdict="warned", read=46291, rows=38531, quarantined=4)
    tracks |= {"duplicates": 7756, "quarantined_share": 0.00009, "seconds": 0.91}
    tracks["checks"] = [energy, *tracks["checks"][1:], TEMPO, LOUD]
    refused = record(
        "spotify_tracks", version=None, verdict="refused", read=46291, rows=30115, quarantined=8420
    )
    refused |= {"duplicates": 7756, "quarantined_share": 0.182, "last_good": 3}
    refused["checked_at"] = "2026-03-13T03:02:44+00:00"
    refused["refusals"] = ["8,420 of 46,291 records (18.2 %) are rejected, allowed: 5 %"]
    refused["checks"] = [energy | {"failing": 8420, "observed": "8,420 rows"}, *tracks["checks"][1:]]
    return {"records": [tracks, refused, record("origin_tracks"), record("fma_features", seconds=0.8)]}
