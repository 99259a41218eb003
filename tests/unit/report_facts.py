"""Made-up facts for the report's tests: real-looking numbers and awkward strings."""

import copy
from typing import Any

from awkward_names import AWKWARD, NON_LATIN
from cluster_facts import made_cluster_facts
from drift_facts import made_drift
from explore_facts import made_exploration
from genre_counts import BIN_TRACKS, FMA_GENRES
from made_results import made_results
from origin_page_facts import origin_page_study
from prediction_facts import made_prediction_facts
from rule_facts import rule_facts
from training_facts import made_trainings
from validation_facts import validation_facts


def made_facts() -> dict[str, Any]:
    """Facts of a whole run on real-looking data, a fresh copy each time."""
    return copy.deepcopy(
        {
            "generated_at": "2026-03-12T03:14:07+00:00",
            "run": {
                "name": "judicious-macaw",
                "flow_run_id": "0f6c9a2e-5d2b-4e6f-9a35-7c1f0be2d9aa",
                "git_commit": "a2498d8f",
                "genrelab_version": "0.1.0",
            },
            "is_sample": False,
            "tables": _tables(),
            "steps": _steps(),
            "bins": _bins(),
            "explore": made_exploration(),
            "audit_rules": rule_facts(),
            "fma": {
                "tracks": 106574,
                "with_top_genre": 49598,
                "splits": {"training": 84353, "validation": 10958, "test": 11263},
                "subsets": {"small": 8000, "medium": 17000, "large": 81574},
                "top_genres": [{"genre": genre, "tracks": tracks} for genre, tracks in FMA_GENRES.items()],
            },
            "origin": {"tracks": 1059, "places": 33, "features": 68},
            "training": made_trainings(),
            "validation": validation_facts(),
            "measure_drift": made_drift(),
            "predict": made_prediction_facts(),
            **made_cluster_facts(),
            "study_origin": origin_page_study(),
            **{name: make() for name, make in made_results().items()},
        }
    )


def _tables() -> list[dict[str, Any]]:
    def table(name: str, rows: int, **more: Any) -> dict[str, Any]:
        return {
            "table": name,
            "meaning": f"One row per record of {name}.",
            "version": 0,
            "read": rows,
            "rows": rows,
            "quarantined": 0,
            "duplicates": 0,
            "sample": False,
            "source": f"/data/{name}.csv",
            "published_at": "2026-03-12T03:02:44+00:00",
            "notes": [],
            "warnings": [],
            "rejected": [],
        } | more

    return [
        table(
            "spotify_tracks",
            38531,
            version=3,
            read=46291,
            duplicates=7756,
            quarantined=4,
            meaning="One row per pulled track, with the micro-genres of its artist and its audio features.",
            source="/data/spotify/pulls (36 files)",
            notes=[
                "info_36.csv holds no records",
                "column 'Unnamed: 0' is no part of the table and was passed over",
            ],
            warnings=[
                "tempo is 0 in 41 rows: sound effects, not songs",
                f"3,896 rows share a track id with another, e.g. {AWKWARD}",
            ],
            rejected=[
                {
                    "source": "info_7.csv",
                    "source_row": 1204,
                    "reasons": ["energy between 0 and 1: found 7.0", "track_id is missing"],
                    "record": '{"artist_name": "'
                    + NON_LATIN
                    + '", "track_name": "</script><img src=x onerror=alert(1)>", "energy": "7"}',
                },
                {
                    "source": "info_9.csv",
                    "source_row": 3,
                    "reasons": ["tempo is a number: found 'fast'"],
                    "record": "{broken",
                },
            ],
        ),
        table(
            "spotify_binned", 38531, version=2, meaning="The rows of spotify_tracks with their target genre."
        ),
        table("fma_tracks", 106574, source="/data/fma_metadata/tracks.csv"),
        table("fma_genres", 163),
        table("fma_features", 7997),
        table("fma_echonest", 13129),
        table("origin_tracks", 1059),
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {
            "step": "ingest_spotify",
            "state": "done",
            "message": "46,291 read = 38,531 published + 4 quarantined + 7,756 exact duplicates",
            "seconds": 6.42,
        },
        {"step": "ingest_fma", "state": "done", "message": "", "seconds": 21.7},
        {
            "step": "ingest_origin",
            "state": "failed",
            "message": f"the file is cut short; found: 812 of 1,059 lines {AWKWARD}",
            "seconds": 0.2,
        },
        {
            "step": "bin_genres",
            "state": "unchanged",
            "message": "nothing new since 11 March",
            "seconds": 0.03,
        },
        {"step": "train", "state": "done", "message": "random forest stays champion", "seconds": 171.0},
        {"step": "compare_clusters", "state": "done", "message": "", "seconds": 12.1},
    ]


def _bins() -> dict[str, Any]:
    binned = sum(BIN_TRACKS.values())
    micro = {
        "dance pop": ("pop", 2231),
        "pop": ("pop", 1904),
        "classic rock": ("rock", 1377),
        "deep house": ("dance", 1102),
        "gangster rap": ("rap/hip hop", 964),
        "classic opm": ("pop", 911),
        "bebop": ("jazz/blues", 872),
        NON_LATIN: ("pop", 655),
        "<b>metalcore</b>": ("hardcore", 640),
        "banda": ("mexicano/latino", 598),
    }
    return {
        "rule_set": "classic",
        "tracks": 38535,
        "binned": binned,
        "unmatched": 3486,
        "micro_genres": 1735,
        "bins": [
            {"bin": genre, "tracks": tracks, "share": tracks / binned} for genre, tracks in BIN_TRACKS.items()
        ],
        "top_unmatched": [
            {"micro_genre": name, "tracks": tracks}
            for name, tracks in (
                ("comedy", 311),
                ("a cappella", 207),
                ("drama", 88),
                (AWKWARD, 61),
                ("reading", 44),
            )
        ],
        "top_micro_genres": [
            {"micro_genre": name, "tracks": tracks, "bin": genre} for name, (genre, tracks) in micro.items()
        ],
    }
