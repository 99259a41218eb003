"""Runs as their pages see them: three runs, of which the last one failed in a step."""

from dataclasses import replace

from awkward_names import AWKWARD, NON_LATIN

from genrelab.analyses.run_history.result import (
    COMPLETED,
    DONE,
    ENDED_FAILED,
    FAILED,
    LEFT_OUT,
    UNCHANGED,
    ChampionInUse,
    Flip,
    LargestDrift,
    RunHistory,
    RunRecord,
    RunStep,
    TableInUse,
)

REASON = f"the file is cut short; found: 812 of 1,059 lines {AWKWARD}; to do: fetch it again"


def made_run_record(number: int = 1, rows: int = 38_531) -> RunRecord:
    """A nightly run without a failure."""
    day = f"2026-03-{9 + number:02d}"
    return RunRecord(
        key=f"{number:06d}",
        flow="nightly",
        name="calm-owl",
        run_id=f"id-{number}",
        state=COMPLETED,
        began=f"{day}T02:30:00+00:00",
        ended=f"{day}T03:14:00+00:00",
        message="all 9 flows completed",
        steps=(
            RunStep(
                "ingest_origin", "ingest_origin", UNCHANGED, "1,059 rows", 0.6, "2026-03-09T02:31:00+00:00"
            ),
            RunStep("ingest_spotify", "ingest_spotify", DONE, "", 6.4, f"{day}T02:31:00+00:00"),
            RunStep("train_fma", "train", LEFT_OUT, "no row with a value of artist_discovery", 0.0, ""),
        ),
        tables={
            "spotify_tracks": TableInUse(number, f"{number}@{day}", rows, 4, sample=False),
            "origin_tracks": TableInUse(0, "0@2026-03-09", 1059, 0, sample=True),
        },
        coverage={"reviewed": 0.985, "classic": 0.91},
        rules={"reviewed": "abcdef0123", "classic": "0123abcdef"},
        champions={
            "spotify-bins-reviewed": ChampionInUse(
                "Spotify",
                "Blend",
                str(number),
                "grouped",
                "accuracy",
                (40 + number) / 100,
                (38 + number) / 100,
                (43 + number) / 100,
                sample=False,
            )
        },
        drift={"spotify_tracks": LargestDrift("tempo", 0.02 * number, 0)},
    )


def failed_step() -> RunStep:
    """A step that failed twice, with its last good table."""
    return RunStep(
        "ingest_origin",
        "ingest_origin",
        FAILED,
        REASON,
        0.6,
        "2026-03-09T02:31:00+00:00",
        since="2026-03-11T02:31:00+00:00",
        in_use="origin_tracks version 0 of 2026-03-09 02:31 UTC",
        affects=("ingest_origin", "origin_tracks", "study_origin", "tables", "validation"),
    )


def made_history() -> RunHistory:
    """Three runs: predictions flip in the second and the third, one of them back."""
    first, second, third = (made_run_record(number, 38_530 + number) for number in (1, 2, 3))
    broken = replace(
        third,
        state=ENDED_FAILED,
        message="1 of 9 flows failed",
        steps=(*third.steps[1:], failed_step()),
        flips={"spotify-bins-reviewed": 2},
    )
    flips = {
        second.key: (Flip("spotify-bins-reviewed", "t1", "Idioteque", "Radiohead", "rock", "pop"),),
        third.key: (
            Flip("spotify-bins-reviewed", "t1", "Idioteque", "Radiohead", "pop", "rock"),
            Flip("spotify-bins-reviewed", "t2", AWKWARD, NON_LATIN, "dance", "rock"),
        ),
    }
    return RunHistory((first, replace(second, flips={"spotify-bins-reviewed": 1}), broken), flips)


RESULTS = {"run_history": made_history}
