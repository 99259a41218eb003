"""Clusters in MLflow: one parent run for a collection, below it one run per feature set and labelling.

Metrics carry the names of the agreement scores (`ari`, `ami`, `v_measure`, `homogeneity`, `completeness`, `matched`,
`silhouette`), chance as `<score>_by_chance` and `<score>_by_chance_p95`; what was measured for every k carries k as its
step (`k/inertia`, `k/gap`, ...), so that MLflow draws it as a curve.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from mlflow.entities import Metric

from genrelab.analyses.clusters import Studied
from genrelab.analyses.clusters.study import MEASURES
from genrelab.table_version import TableVersion
from tasks.cluster_figures import (
    contingency_figure,
    drawn_sets,
    history_figure,
    importance_map_figure,
    map_figure,
    study_figure,
)
from tasks.tracking import Door, version_tags

EXPERIMENT = "clusters"
LARGEST_BATCH = 1_000
"""Metrics that MLflow takes at once."""


def log_collection(
    door: Door, found: Sequence[Studied], facts: Mapping[str, Any], frame: Any, version: TableVersion
) -> dict[str, dict[str, str]]:
    """Log one collection.

    Args:
        door: MLflow.
        found: What was found of each feature set.
        facts: The facts of the collection.
        frame: The features of its tracks.
        version: The table version they come from.

    Returns:
        Run id by feature set and labelling.
    """
    title = f"clusters · {version.table} version {version.version}"
    parent = door.start(EXPERIMENT, title, _tags(version, facts, rule_set="all", feature_set="all"))
    ids: dict[str, dict[str, str]] = {}
    try:
        door.log(
            parent,
            params={"budget": facts["budget"], "seed": facts["seed"], "rows": facts["rows"], "k": facts["k"]},
        )
        door.log_dataset(parent, door.dataset(frame.astype("float64"), version, None))
        for studied, one in zip(found, facts["clusterings"], strict=True):
            ids[one["feature_set"]] = {
                agreement["labels"]: _log_one(door, parent, studied, one, agreement, facts, version)
                for agreement in one["agreements"]
            }
        client = door.client
        client.log_figure(parent, importance_map_figure(facts), "importances.png")
        client.log_figure(parent, study_figure(facts), "number_of_clusters.png")
        client.log_figure(parent, history_figure(facts), "cost_histories.png")
        client.log_figure(parent, map_figure(facts), "map.png")
        client.log_dict(parent, dict(facts), "clusters.json")
    except BaseException:
        door.end(parent, "FAILED")
        raise
    door.end(parent)
    return ids


def _log_one(
    door: Door,
    parent: str,
    studied: Studied,
    one: Mapping[str, Any],
    agreement: Mapping[str, Any],
    facts: Mapping[str, Any],
    version: TableVersion,
) -> str:
    """One feature set against one labelling."""
    labels = agreement["labels"]
    tags = _tags(version, facts, rule_set=labels, feature_set=one["feature_set"])
    run = door.start(EXPERIMENT, f"{one['method']} · {one['title']} · {labels}", tags, parent=parent)
    door.log(
        run,
        params={
            "k": facts["k"],
            "seed": facts["seed"],
            "starts": facts["starts"],
            "scaled": one["scaled"],
            "features": ", ".join(one["features"]),
            "budget": facts["budget"],
        },
        metrics=metrics_of(one, agreement),
    )
    now = int(time.time() * 1000)
    curves = [
        Metric(f"k/{name}", float(value), now, k)
        for name, values in curves_of(one["study"], labels).items()
        for k, value in zip(one["study"]["k"], values, strict=True)
    ]
    for start in range(0, len(curves), LARGEST_BATCH):
        door.client.log_batch(run, metrics=curves[start : start + LARGEST_BATCH])
    if one in drawn_sets(facts):
        shares = studied.agreements[labels].shares_by_cluster
        score = f"adjusted Rand {agreement['scores']['ari']:.3f}, chance {agreement['chance']['ari']:.3f}"
        figure = contingency_figure(
            shares.tolist(), agreement["genres"], f"{one['title']}, {labels}: {score}"
        )
        door.client.log_figure(run, figure, "contingency.png")
    door.client.log_dict(run, {**one, "agreements": [dict(agreement)]}, "comparison.json")
    door.end(run)
    return run


def metrics_of(one: Mapping[str, Any], agreement: Mapping[str, Any]) -> dict[str, float]:
    """The metrics of one feature set against one labelling."""
    chance = agreement["chance"]
    by_chance = {
        f"{name}_by_chance{ending}": chance[f"{name}{ending}"]
        for name in agreement["scores"]
        for ending in ("", "_p95")
    }
    by_cluster = {
        f"silhouette_cluster_{cluster['cluster']}": cluster["silhouette"]
        for cluster in one["clusters"]
        if cluster["silhouette"] is not None
    }
    return {
        **agreement["scores"],
        **by_chance,
        "silhouette": one["silhouette"],
        **by_cluster,
        "inertia": one["inertia"],
        "forest_accuracy": one["deciding"]["accuracy"],
        "stability_seeds": one["stability"]["seeds"]["mean"],
        "stability_bootstrap": one["stability"]["bootstrap"]["mean"],
        "fit_seconds": one["fit_seconds"],
        "study_seconds": one["study"]["seconds"],
    }


def curves_of(study: Mapping[str, Any], labels: str) -> dict[str, list[float]]:
    """What was measured for every k, by name."""
    return {name: study[name] for name in MEASURES} | dict(study["agreement"][labels])


def _tags(
    version: TableVersion, facts: Mapping[str, Any], *, rule_set: str, feature_set: str
) -> dict[str, str]:
    is_bins = version.table == "spotify_binned"
    return version_tags(version) | {
        "model": "kmeans",
        "task": "bins" if is_bins else "top-genre",
        "rule_set": rule_set if is_bins else "",
        "duplicates": "kept",
        "fitted_on": f"{facts['rows']:,} rows",
        "feature_set": feature_set,
    }
