"""Made-up facts for the report's tests: real-looking numbers and awkward strings."""

import copy
import math
import random
from typing import Any

from cluster_facts import made_cluster_facts
from drift_facts import drift_facts
from explore_facts import made_explore_facts
from origin_page_facts import origin_page_facts
from prediction_facts import made_prediction_facts
from rule_facts import rule_facts
from validation_facts import validation_facts

from genrelab.tables.spotify import BINS, MODEL_FEATURES

AWKWARD = '</script><script>alert("x")</script> & <b>bold</b>'
NON_LATIN = "เพลงลูกทุ่ง"
BIN_TRACKS = dict(
    zip(
        BINS,
        (12197, 4309, 2593, 1500, 3696, 1536, 2729, 2665, 922, 1435, 545, 922),
        strict=True,
    )
)
FMA_GENRES = {
    "Rock": 14182,
    "Experimental": 10608,
    "Electronic": 9372,
    "Hip-Hop": 3552,
    "Folk": 2803,
    "Instrumental": 2079,
    "Pop": 2332,
    "International": 1389,
    "Classical": 1230,
    "Old-Time / Historic": 868,
    "Jazz": 571,
    "Country": 194,
    "Soul-RnB": 175,
    "Spoken": 423,
    "Blues": 110,
    "Easy Listening": 24,
}
MODELS = {
    "majority": ("Majority", "What answering the commonest genre reaches.", 0.0, 0.1),
    "logistic_regression": (
        "Logistic regression",
        "Straight boundaries; its coefficients can be read.",
        0.42,
        3.4,
    ),
    "xgboost": ("XGBoost", "Boosted trees, each mending the last one's mistakes.", 0.467, 41.0),
    "random_forest": ("Random forest", "Many trees that disagree; the documents' best.", 0.492, 18.6),
}


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
            "explore": made_explore_facts(),
            "rules": rule_facts(),
            "fma": {
                "tracks": 106574,
                "with_top_genre": 49598,
                "splits": {"training": 84353, "validation": 10958, "test": 11263},
                "subsets": {"small": 8000, "medium": 17000, "large": 81574},
                "top_genres": [{"genre": genre, "tracks": tracks} for genre, tracks in FMA_GENRES.items()],
            },
            "origin": {"tracks": 1059, "places": 33, "features": 68},
            "training": {"tasks": [spotify_task(), fma_task()]},
            "validation": validation_facts(),
            "drift": drift_facts(),
            "predictions": made_prediction_facts(),
            "clusters": made_cluster_facts(),
            "origin_study": origin_page_facts(),
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


def _score(value: float, spread: float) -> dict[str, float]:
    return {"value": round(value, 4), "low": round(value - spread, 4), "high": round(value + spread, 4)}


def matrix(labels: list[str], sizes: list[int], skill: float, seed: int) -> list[list[int]]:
    """A confusion matrix of a model that answers the first genre when it does not know."""
    chance = random.Random(seed)  # noqa: S311 - made-up numbers
    rows = []
    for place, size in enumerate(sizes):
        row = [0] * len(labels)
        for _ in range(size):
            if chance.random() < skill * (0.3 if place else 1.4):
                row[place] += 1
            else:
                row[0 if chance.random() < 0.55 else chance.randrange(len(labels))] += 1
        rows.append(row)
    return rows


def _per_class(labels: list[str], counts: list[list[int]]) -> list[dict[str, Any]]:
    total = sum(map(sum, counts))
    rows = []
    for place, genre in enumerate(labels):
        support, answered = sum(counts[place]), sum(row[place] for row in counts)
        precision = counts[place][place] / answered if answered else 0.0
        recall = counts[place][place] / support if support else 0.0
        rows.append(
            {
                "genre": genre,
                "precision": precision,
                "recall": recall,
                "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
                "support": support,
                "true_share": support / total,
                "predicted_share": answered / total,
            }
        )
    return rows


def _run(
    model: str, labels: list[str], sizes: list[int], splits: dict[str, float], **more: Any
) -> dict[str, Any]:
    label, why, base, spent = MODELS[model]
    scores: dict[str, Any] = {}
    confusion, per_class, calibration, baseline = {}, {}, {}, {}
    for place, (split, shift) in enumerate(splits.items()):
        value = base + shift if base else 0.348 - 0.004 * place
        scores |= {
            f"{split}/accuracy": _score(value, 0.0107),
            f"{split}/macro_f1": _score(value * 0.66 if base else 0.0432, 0.012),
            f"{split}/balanced_accuracy": _score(value * 0.63 if base else 0.0833, 0.011),
            f"{split}/top2_accuracy": _score(value + 0.18, 0.0101),
            f"{split}/log_loss": _score(1.62 - shift + (0 if base else 0.5), 0.021),
            f"{split}/ece": _score(0.021, 0.006),
        }
        baseline[split] = 0.348 - 0.004 * place
        if split != "random":
            confusion[split] = matrix(labels, [size // 4 for size in sizes], (base or 0.0) + shift, place)
            per_class[split] = _per_class(labels, confusion[split])
            calibration[split] = [
                {
                    "confidence": step / 15 + 0.03,
                    "accuracy": min(1.0, step / 15 + 0.01 * (step % 4)),
                    "count": 40 * (15 - step),
                }
                for step in range(1, 15)
            ]
    features = [*MODEL_FEATURES]
    weights = [math.exp(-place / 4) for place in range(len(features))]
    return {
        "model": model,
        "label": label,
        "why": why,
        "duplicates": "removed",
        "fitted_on": "the train part",
        "rows": 21834,
        "run_id": f"{abs(hash((model, tuple(splits)))):032x}"[:32],
        "scores": scores,
        "baseline": baseline,
        "confusion": confusion,
        "per_class": per_class,
        "calibration": calibration,
        "importances": [
            {"feature": feature, "value": weight / sum(weights)}
            for feature, weight in zip(features, weights, strict=True)
        ],
        "fit_seconds": spent,
        "predict_ms_per_1000": spent * 1.7,
    } | more


def spotify_task() -> dict[str, Any]:
    """The twelve bins: every model with duplicates kept and removed."""
    labels, sizes = list(BINS), list(BIN_TRACKS.values())
    runs = []
    for model in MODELS:
        runs.append(
            _run(
                model,
                labels,
                sizes,
                {"author": 0.002, "random": -0.004, "gate": -0.028, "grouped": -0.033},
                duplicates="kept",
                rows=19714,
                fitted_on="the training part of the published split",
            )
        )
        runs.append(_run(model, labels, sizes, {"random": -0.013, "gate": -0.031, "grouped": -0.036}))
    return {
        "task": "bins",
        "title": "Spotify, twelve bins",
        "table": "spotify_binned",
        "table_version": 2,
        "rule_set": "classic",
        "labels": labels,
        "runs": runs,
        "references": [
            {
                "model": "random_forest",
                "metric": "accuracy",
                "split": "author",
                "value": 0.4948,
                "source": "seed document, 5,000 trees",
            },
            {
                "model": "logistic_regression",
                "metric": "accuracy",
                "split": "author",
                "value": 0.4316,
                "source": "seed document, grid search",
            },
            {
                "model": "xgboost",
                "metric": "accuracy",
                "split": "author",
                "value": 0.4743,
                "source": "seed document, 1,000 trees",
            },
            {
                "model": "neural network",
                "metric": "accuracy",
                "split": "author",
                "value": 0.4339,
                "source": AWKWARD,
            },
        ],
        "champion": {
            "model": "random_forest",
            "version": 4,
            "since": "2026-03-09T03:21:00+00:00",
            "promoted": False,
            "reason": "XGBoost is better on gate/macro_f1 by 0.004, within noise (-0.003 to 0.011).",
            "numbers": {
                "champion": {"gate/macro_f1": 0.3043, "gate/log_loss": 1.641},
                "challenger": {"gate/macro_f1": 0.3083},
                "bootstraps": 1000,
            },
        },
    }


def fma_task() -> dict[str, Any]:
    """Echo Nest features against the FMA's top genres."""
    labels = list(FMA_GENRES)[:12]
    sizes = [FMA_GENRES[genre] // 4 for genre in labels]
    run = _run(
        "random_forest", labels, sizes, {"validation": 0.09, "official": 0.112}, duplicates="kept", rows=7600
    )
    run["scores"]["official/accuracy"] = _score(0.604, 0.033)
    run["baseline"] = {"validation": 0.391, "official": 0.402}
    run["importances"] = []
    return {
        "task": "top-genre",
        "title": "FMA, Echo Nest features",
        "table": "fma_echonest",
        "table_version": 0,
        "rule_set": "",
        "labels": labels,
        "runs": [run],
        "references": [],
        "champion": {
            "model": "random_forest",
            "version": 1,
            "since": "2026-03-12T03:10:00+00:00",
            "promoted": True,
            "reason": "There was no champion.",
            "numbers": {"validation/macro_f1": 0.295},
        },
    }
