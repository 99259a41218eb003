"""Clusters in MLflow: one parent run for a collection, below it one run per feature set and labelling.

Metrics carry the names of the agreement scores (`ari`, `ami`, `v_measure`, `homogeneity`, `completeness`, `matched`,
`silhouette`), chance as `<score>_by_chance` and `<score>_by_chance_p95`; what was measured for every k carries k as its
step (`k/inertia`, `k/gap`, ...), so that MLflow draws it as a curve.
"""

from dataclasses import replace

from genrelab.analyses.clusters.pages.charts import OF_CLUSTER, deciding_chart, matrix_chart
from genrelab.analyses.clusters.pages.map_charts import map_chart
from genrelab.analyses.clusters.pages.study_charts import MEASURES, history_chart, measures_chart
from genrelab.analyses.clusters.result import HEADLINE, ClusteringResult, CollectionClusters, LabelAgreement
from genrelab.analyses.runs import Curve, Run
from genrelab.evaluation.samples import in_words
from genrelab.report.figure import Chart, View
from genrelab.runtime.records import encode


def runs_of(found: CollectionClusters) -> Run:
    """The tree of runs of a collection."""
    drawn = [one.feature_set for one in drawn_sets(found)]
    names = [name for name, _, _ in MEASURES]
    measures, histories, on_map = measures_chart(found), history_chart(found), map_chart(found)
    matrices = matrix_chart(found)
    return Run(
        found.name,
        f"clusters · {found.table} version {found.table_version}",
        tags=_tags(found, rule_set="all", feature_set="all"),
        params={
            "budget": found.budget,
            "seed": found.seed,
            "rows": found.rows,
            "of_rows": found.of,
            "k": found.k,
        },
        views={
            "importances.png": [[deciding_chart(found).first]],
            "number_of_clusters.png": [
                _views(measures, [f"{name}|{one}" for name in names]) for one in drawn
            ],
            "cost_histories.png": [
                _views(histories, [f"{one}|{history.k}" for history in found.headline.histories])
                for one in drawn
            ],
            "map.png": [[on_map.first]],
        },
        files={"clusters.json": encode(found)},
        runs=[
            _run(found, one, agreement, matrices if one.feature_set in drawn else None)
            for one in found.clusterings
            for agreement in one.agreements
        ],
    )


def _views(chart: Chart, keys: list[str]) -> list[View]:
    return [chart.views[key] for key in keys if key in chart.views]


def drawn_sets(found: CollectionClusters) -> list[ClusteringResult]:
    """The feature sets that get pictures of their own: all of them, within the budget quick the headline alone."""
    if found.budget != "quick":
        return list(found.clusterings)
    return [one for one in found.clusterings if one.feature_set == HEADLINE] or list(found.clusterings[:1])


def _run(
    found: CollectionClusters, one: ClusteringResult, agreement: LabelAgreement, matrices: Chart | None
) -> Run:
    """One feature set against one labelling."""
    labels = agreement.labels
    views = {}
    if matrices:
        views["contingency.png"] = [[matrices.views[f"{one.feature_set}|{labels}|{OF_CLUSTER}"]]]
    return Run(
        f"{one.feature_set}/{labels}",
        f"{one.method} · {one.title} · {labels}",
        tags=_tags(found, rule_set=labels, feature_set=one.feature_set),
        params={
            "k": found.k,
            "seed": found.seed,
            "starts": found.starts,
            "scaled": one.scaled,
            "features": ", ".join(one.features),
            "budget": found.budget,
        },
        metrics=metrics_of(one, agreement),
        curves=curves_of(one, labels),
        views=views,
        files={"comparison.json": encode(replace(one, agreements=(agreement,)))},
    )


def metrics_of(one: ClusteringResult, agreement: LabelAgreement) -> dict[str, float]:
    """The metrics of one feature set against one labelling."""
    by_chance = {
        f"{name}_by_chance{ending}": agreement.chance[f"{name}{ending}"]
        for name in agreement.scores
        for ending in ("", "_p95")
    }
    by_cluster = {
        f"silhouette_cluster_{cluster.cluster}": cluster.silhouette
        for cluster in one.clusters
        if cluster.silhouette is not None
    }
    return {
        **agreement.scores,
        **by_chance,
        "silhouette": one.silhouette,
        **by_cluster,
        "inertia": one.inertia,
        "forest_accuracy": one.deciding.accuracy,
        "stability_seeds": one.stability.seeds.mean,
        "stability_bootstrap": one.stability.bootstrap.mean,
        "fit_seconds": one.fit_seconds,
        "study_seconds": one.study.seconds,
    }


def curves_of(one: ClusteringResult, labels: str) -> dict[str, Curve]:
    """What was measured for every k, by name."""
    measured = one.study.measures | one.study.agreement[labels]
    return {f"k/{name}": list(zip(one.study.k, values, strict=True)) for name, values in measured.items()}


def _tags(found: CollectionClusters, *, rule_set: str, feature_set: str) -> dict[str, str]:
    is_bins = found.table == "spotify_binned"
    return {
        "model": "kmeans",
        "task": "bins" if is_bins else "top-genre",
        "rule_set": rule_set if is_bins else "",
        "duplicates": "kept",
        "fitted_on": in_words(found.rows, found.of, "rows"),
        "feature_set": feature_set,
    }
