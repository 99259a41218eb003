"""Made-up facts of the page on origins: real-looking numbers and awkward names, nothing computed."""

from typing import Any

from genrelab.analyses.origin.result import OriginStudy
from genrelab.evaluation.geography import PLACES
from genrelab.runtime.records import decode

AWKWARD = '<b>Mali</b> & "Co"'
COUNTRIES = ("Brazil", "Kenya", "Mali", "India", "Greece", "Lithuania")
COUNTS = [[9, 2, 30, 1, 4, 0], [5, 20, 6, 12, 3, 2], [6, 3, 4, 22, 19, 10]]
SHARES = [step / 10 for step in range(11)]


def origin_page_study(**changes: Any) -> OriginStudy:
    """The study of six countries in three clusters, with some parts changed."""
    found = decode(OriginStudy, origin_page_facts() | changes)
    assert found is not None
    return found


def origin_page_facts() -> dict[str, Any]:
    """The same as JSON values."""
    sizes = [sum(column) for column in zip(*COUNTS, strict=True)]
    names = [AWKWARD if name == "Mali" else name for name in COUNTRIES]
    known = {place.country: place for place in PLACES}
    tracks = sum(sizes)
    return {
        "budget": "nightly",
        "seed": 24,
        "repeats": 3,
        "trees": 500,
        "epochs": 100,
        "starts": 2,
        "shuffles": 1000,
        "splits": 2,
        "folds": 10,
        "country_folds": 5,
        "why_not_left_out": "",
        "tracks": tracks,
        "features": 68,
        "north": sum(sizes[3:]),
        "north_of": 20.0,
        "places": [
            {
                "country": name,
                "latitude": known[real].latitude,
                "longitude": known[real].longitude,
                "tracks": size,
            }
            for name, real, size in zip(names, COUNTRIES, sizes, strict=True)
        ],
        "costs": [
            {
                "k": k,
                "costs": [[90.0 - k, 60.0 - k, 57.5 - k, 57.0 - k], [88.0 - k, 61.0 - k, 59.0 - k, 57.2 - k]],
            }
            for k in (3, 5, 10, 20)
        ],
        "scree": {
            "k": list(range(1, 21)),
            "costs": [[70 * 0.97**k + start for k in range(20)] for start in (0, 0.4)],
        },
        "grouping": _grouping(names, sizes),
        "networks": [
            _network("network_single", "Network, single layer"),
            _network("network_hidden", AWKWARD),
        ],
        "tasks": [
            _task("latitude", "accuracy", 0.64, {"blend": 0.817, "rbf_svm": 0.79, "network_hidden": 0.76})
            | {"left_out": left_out("majority", 0.641, 0.034, (-0.06, 0.11))},
            _task("country", "accuracy", 0.065, {"blend": 0.516, "extra_trees": 0.509}) | {"left_out": None},
            _task("coordinates", "great_circle_km", 4315.0, {"blend": 2522.0, "forest_regression": 3437.0})
            | {"left_out": left_out("central_place", 4400.0, 330.0, (120.0, 590.0))},
        ],
        "countries": [
            {
                "country": name,
                "tracks": size,
                "right": 0.9 - place * 0.15,
                "taken_for": [{"country": names[place - 1], "share": 0.05 + place * 0.04}],
                "mean_km": 400.0 + 700 * place,
                "median_km": 90.0 * place,
            }
            for place, (name, size) in enumerate(zip(names, sizes, strict=True))
        ],
        "table": "origin_tracks",
        "table_version": 0,
        "sample": False,
    }


def left_out(answer: str, baseline: float, lead: float, interval: tuple[float, float]) -> dict[str, Any]:
    """What needs no music for new countries, and the blend's lead over it."""
    low, high = interval
    return {
        "baseline": baseline,
        "baseline_answer": answer,
        "lead": {"value": lead, "low": low, "high": high},
    }


def _grouping(names: list[str], sizes: list[int]) -> dict[str, Any]:
    return {
        "k": len(COUNTS),
        "counts": [list(row) for row in COUNTS],
        "clusters": [
            {
                "cluster": number,
                "size": sum(row),
                "leading": [
                    {
                        "country": names[at],
                        "tracks": row[at],
                        "share_of_cluster": row[at] / sum(row),
                        "share_of_country": row[at] / sizes[at],
                    }
                    for at in sorted(range(len(row)), key=lambda at: -row[at])[:3]
                ],
            }
            for number, row in enumerate(COUNTS)
        ],
        "origins": [
            {
                "country": name,
                "tracks": size,
                "leading_cluster": max(range(3), key=lambda cluster: COUNTS[cluster][at]),
                "clusters": sum(row[at] > 0 for row in COUNTS),
                "purity": max(row[at] for row in COUNTS) / size,
                "chance": 0.45,
                "chance_p95": 0.6,
                "p_value": 0.01 * at,
            }
            for at, (name, size) in enumerate(zip(names, sizes, strict=True))
        ],
        "mean_purity": 0.62,
        "mean_purity_chance": 0.45,
        "mean_purity_chance_p95": 0.48,
        "scores": {"ari": 0.2, "ami": 0.25, "inertia": 9000.0},
        "chance": {"ari": 0.0, "ami": 0.001},
        "assigned": [cluster for cluster, row in enumerate(COUNTS) for _ in range(sum(row))],
    }


NEW = {
    ("latitude", "blend"): 0.675,
    ("latitude", "rbf_svm"): 0.66,
    ("coordinates", "blend"): 4730.0,
}
"""Scores of the models that were asked about new countries."""


def _new_scores(metric: str, value: float) -> dict[str, float]:
    split = "countries_left_out"
    return {
        f"{split}/{metric}": value,
        f"{split}/{metric}_low": value * 0.85,
        f"{split}/{metric}_high": value * 1.15,
        f"{split}/countries": 6.0,
        f"{split}/tracks": 158.0,
    }


def _reference(model: str, label: str, value: float, source: str) -> dict[str, Any]:
    rest = dict.fromkeys(("task", "split", "metric", "rows", "features", "target", "note"), "")
    return rest | {"model": model, "label": label, "value": value, "source": source}


def _network(name: str, label: str) -> dict[str, Any]:
    epochs = range(12)
    return {
        "network": name,
        "label": label,
        "splits": 2,
        "train": [0.5 + 0.035 * epoch for epoch in epochs],
        "stopping": [0.5 + 0.02 * epoch for epoch in epochs],
        "test": [0.5 + 0.022 * epoch for epoch in epochs],
        "test_low": [0.48 + 0.022 * epoch for epoch in epochs],
        "test_high": [0.52 + 0.022 * epoch for epoch in epochs],
        "stopped_at": [7, 9],
        "stopped_accuracy": [0.74, 0.72],
        "best_epoch": [10, 11],
        "best_accuracy": [0.78, 0.76],
        "rows": {"train": 680, "stopping": 120, "test": 259},
    }


def _task(task: str, metric: str, baseline: float, values: dict[str, float]) -> dict[str, Any]:
    is_distance = metric == "great_circle_km"
    other = "great_circle_km_median" if is_distance else "balanced_accuracy"
    return {
        "task": task,
        "title": task.title(),
        "shares": SHARES if is_distance else [],
        "metric": metric,
        "baseline": baseline,
        "runs": [
            {
                "model": model,
                "label": "Blend of country models" if model == "blend" else model.replace("_", " "),
                "params": {},
                "scores": {
                    f"cv/{metric}": value,
                    f"cv/{metric}_low": value * 0.97,
                    f"cv/{metric}_high": value * 1.03,
                    f"cv/{metric}_sd": value * 0.004,
                    f"cv/baseline_{metric}": baseline,
                    f"cv/{other}": value * 0.9,
                    "cv/countries": 6.0,
                    "cv/tracks": 158.0,
                    **(_new_scores(metric, NEW[task, model]) if (task, model) in NEW else {}),
                },
                "quantiles": [value * 2 * share for share in SHARES] if is_distance else [],
                "fit_seconds": 12.5,
            }
            for model, value in values.items()
        ],
        "rival": {
            "model": list(values)[1],
            "label": list(values)[1].replace("_", " "),
            "value": next(iter(values.values())) - list(values.values())[1],
            "low": -1100.0 if is_distance else 0.008 if task == "latitude" else -0.002,
            "high": -800.0 if is_distance else 0.045,
        },
        "choice": {
            "candidates": ["3 extra_trees + 1 svm_country", "2 extra_trees + 1 svm_country"],
            "on_choice": [0.52 if not is_distance else 2500.0, 0.51 if not is_distance else 2540.0],
            "first_half": 70,
        },
        "references": [
            _reference("mlp", AWKWARD, 0.7954, "a document"),
            _reference("random_forest", "random forest regression", 3113.0, "Zhou"),
        ],
    }
