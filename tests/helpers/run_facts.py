"""A run as its report sees it: tables, steps, and how many tracks each genre has."""

from dataclasses import replace
from typing import Any

from awkward_names import AWKWARD, NON_LATIN
from genre_counts import BIN_TRACKS, FMA_GENRES

from genrelab.analyses.class_balance.result import (
    BinnedTracks,
    BinTracks,
    FmaGenres,
    MicroGenreTracks,
    OriginTracks,
    TopGenre,
)
from genrelab.analyses.data_quality.result import PublishedTable, PublishedTables, RejectedRecord
from genrelab.analyses.overview.result import ReportedRun, StepReport


def made_table(name: str, rows: int, **more: Any) -> PublishedTable:
    """A table whose source held legal rows alone."""
    made = PublishedTable(
        table=name,
        version=0,
        read=rows,
        rows=rows,
        quarantined=0,
        duplicates=0,
        sample=False,
        source=f"/data/{name}.csv",
        published_at="2026-03-12T03:02:44+00:00",
        meaning=f"One row per record of {name}.",
        caveats=(),
        notes=(),
        warnings=(),
        rejected=(),
    )
    return replace(made, **more)


def made_tables() -> PublishedTables:
    """Every table of a run; one of them had rows that were rejected."""
    unpublished = (
        '{"artist_name": "%s", "track_name": "</script><img src=x onerror=alert(1)>", "energy": "7"}'
    )
    return PublishedTables(
        (
            made_table(
                "spotify_tracks",
                38531,
                version=3,
                read=46291,
                duplicates=7756,
                quarantined=4,
                meaning="One row per pulled track, with the micro-genres of its artist and its audio features.",
                source="/data/spotify/pulls (36 files)",
                notes=(
                    "info_36.csv holds no records",
                    "column 'Unnamed: 0' is no part of the table and was passed over",
                ),
                warnings=(
                    "tempo is 0 in 41 rows: sound effects, not songs",
                    f"3,896 rows share a track id with another, e.g. {AWKWARD}",
                ),
                rejected=(
                    RejectedRecord(
                        "info_7.csv",
                        1204,
                        ("energy between 0 and 1: found 7.0", "track_id is missing"),
                        unpublished % NON_LATIN,
                    ),
                    RejectedRecord("info_9.csv", 3, ("tempo is a number: found 'fast'",), "{broken"),
                ),
            ),
            made_table(
                "spotify_binned",
                38531,
                version=2,
                meaning="The rows of spotify_tracks with their target genre.",
            ),
            made_table("fma_tracks", 106574, source="/data/fma_metadata/tracks.csv"),
            made_table("fma_genres", 163),
            made_table("fma_features", 7997),
            made_table("fma_echonest", 13129),
            made_table("origin_tracks", 1059),
        )
    )


def made_run() -> ReportedRun:
    """A run of which one step failed."""
    steps = (
        (
            "ingest_spotify",
            "done",
            "46,291 read = 38,531 published + 4 quarantined + 7,756 exact duplicates",
            6.42,
        ),
        ("ingest_fma", "done", "", 21.7),
        ("ingest_origin", "failed", f"the file is cut short; found: 812 of 1,059 lines {AWKWARD}", 0.2),
        ("bin_genres", "unchanged", "nothing new since 11 March", 0.03),
        ("train", "done", "random forest stays champion", 171.0),
        ("compare_clusters", "done", "", 12.1),
    )
    return ReportedRun(
        generated_at="2026-03-12T03:14:07+00:00",
        name="judicious-macaw",
        flow_run_id="0f6c9a2e-5d2b-4e6f-9a35-7c1f0be2d9aa",
        git_commit="a2498d8f",
        genrelab_version="0.1.0",
        steps=tuple(StepReport(*step, finished_at="2026-03-12T03:13:00+00:00") for step in steps),
    )


def made_bins() -> BinnedTracks:
    """Tracks in the twelve target genres."""
    binned = sum(BIN_TRACKS.values())
    micro_genres = (
        ("dance pop", 2231, "pop"),
        ("pop", 1904, "pop"),
        ("classic rock", 1377, "rock"),
        ("deep house", 1102, "dance"),
        ("gangster rap", 964, "rap/hip hop"),
        ("classic opm", 911, "pop"),
        ("bebop", 872, "jazz/blues"),
        (NON_LATIN, 655, "pop"),
        ("<b>metalcore</b>", 640, "hardcore"),
        ("banda", 598, "mexicano/latino"),
    )
    unmatched = (("comedy", 311), ("a cappella", 207), ("drama", 88), (AWKWARD, 61), ("reading", 44))
    return BinnedTracks(
        rule_set="classic",
        tracks=38535,
        binned=binned,
        unmatched=3486,
        micro_genres=1735,
        bins=tuple(BinTracks(genre, tracks, tracks / binned) for genre, tracks in BIN_TRACKS.items()),
        top_micro_genres=tuple(MicroGenreTracks(*row) for row in micro_genres),
        top_unmatched=tuple(MicroGenreTracks(*row, bin=None) for row in unmatched),
        counts={"binned": binned},
        coverage={"classic": binned / 38535},
        by_rule_set={"classic": BIN_TRACKS},
    )


def made_fma() -> FmaGenres:
    """Tracks of the FMA in its top genres."""
    return FmaGenres(
        tracks=106574,
        with_top_genre=49598,
        splits={"training": 84353, "validation": 10958, "test": 11263},
        subsets={"small": 8000, "medium": 17000, "large": 81574},
        top_genres=tuple(TopGenre(genre, tracks) for genre, tracks in FMA_GENRES.items()),
    )


def made_origin() -> OriginTracks:
    """The geographical-origin data."""
    return OriginTracks(tracks=1059, places=33, features=68)
