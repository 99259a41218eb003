"""Facts of the validation page: a table that passed, one with warnings, one that was refused."""

from dataclasses import replace
from typing import Any

from awkward_names import AWKWARD

from genrelab.analyses.data_quality.result import Audits
from genrelab.lake.validation_records import AuditRecord, Check, Example


def check(rule: str, kind: str = "range", **more: Any) -> Check:
    """A check that holds."""
    made = Check(rule, kind, "critical", "", rule.partition(":")[0], human=False, passed=True)
    return replace(made, **more)


def example(row: int, value: object, source: str = "info_7.csv") -> Example:
    return Example(source, row, value)


def record(table: str, **more: Any) -> AuditRecord:
    """A table that passed every check."""
    columns = ("energy", "tempo", "valence", "loudness", "speechiness", "liveness", "acousticness")
    made = AuditRecord(
        table=table,
        version=2,
        checked_at="2026-03-12T03:02:44+00:00",
        source=f"/data/{table}.csv",
        sample=False,
        verdict="passed",
        read=1059,
        rows=1059,
        quarantined=0,
        duplicates=0,
        quarantined_share=0.0,
        share_limit=0.05,
        checks=(
            *(check(f"{name}: 0 to 1") for name in columns),
            *(check(f"{name}: not missing", "presence") for name in columns),
            check("source, source_row: unique", "uniqueness"),
        ),
        refusals=(),
        last_good=2,
        origins=(f"/data/{table}.csv",),
        made_from={},
        quarantine="",
        seconds=0.412,
    )
    return replace(made, **more)


TEMPO = check(
    "tempo: not 0",
    "knowledge",
    human=True,
    severity="warning",
    reason="A tempo of 0 marks sound effects and soundscapes, not songs.",
    passed=False,
    failing=41,
    observed="41 rows",
    examples=tuple(example(1204 + place, 0.0) for place in range(5)),
)
LOUD = check(
    "loudness: at most 0 dB",
    "knowledge",
    human=True,
    severity="warning",
    reason="Louder than full scale is a mastering fault, except for a known few.",
    observed="5 rows",
)


def made_audits() -> Audits:
    """What a night with one refused table leaves."""
    energy = check(
        "energy: 0 to 1",
        passed=False,
        failing=4,
        observed="4 rows",
        examples=(example(1204, 7.0), example(88, AWKWARD, "info_9.csv"), example(9, None)),
    )
    others = (*record("spotify_tracks").checks[1:], TEMPO, LOUD)
    tracks = record(
        "spotify_tracks",
        version=3,
        verdict="warned",
        read=46291,
        rows=38531,
        quarantined=4,
        duplicates=7756,
        quarantined_share=0.00009,
        seconds=0.91,
        checks=(energy, *others),
    )
    refused = record(
        "spotify_tracks",
        version=None,
        verdict="refused",
        read=46291,
        rows=30115,
        quarantined=8420,
        duplicates=7756,
        quarantined_share=0.182,
        last_good=3,
        checked_at="2026-03-13T03:02:44+00:00",
        refusals=("8,420 of 46,291 records (18.2 %) are rejected, allowed: 5 %",),
        checks=(replace(energy, failing=8420, observed="8,420 rows"), *others),
    )
    return Audits((tracks, refused, record("origin_tracks"), record("fma_features", seconds=0.8)))
