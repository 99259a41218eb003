"""The feature sets of a collection, each clustered and compared with the genres, by independent jobs.

Conventions: a set is one job for its clusters, and several for its numbers of clusters (`clusters.study`); a job uses
one thread. Which rows take part does not belong here but in `genrelab.analyses.clusters.tracks`.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any

import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from genrelab.analyses.clusters.agreement import agree
from genrelab.analyses.clusters.alternatives import alternatives
from genrelab.analyses.clusters.budgets import Budget
from genrelab.analyses.clusters.feature_sets import FeatureSet
from genrelab.analyses.clusters.history import cost_histories
from genrelab.analyses.clusters.kmeans import (
    SAMPLE,
    IntArray,
    cluster,
    distances,
    one_thread,
    points_of,
    silhouettes,
    values_of,
)
from genrelab.analyses.clusters.portraits import Histogram, cluster_profiles
from genrelab.analyses.clusters.result import ClusteringResult
from genrelab.analyses.clusters.stability import stability
from genrelab.analyses.clusters.study import put_together, study_parts
from genrelab.analyses.clusters.surrogate_forest import fit_surrogate_forest
from genrelab.evaluation.samples import sample_rows
from genrelab.evaluation.splits import Split
from genrelab.runtime.engine import call, run_all


@dataclass(frozen=True)
class SharedRows:
    """What all feature sets are studied with.

    Args:
        frame: The features of the rows.
        labels: Genre of each row by labelling.
        names: What to call each row.
        split: Training and test rows of the surrogate forest.
        histograms: Bars of each feature.
        seed: Seed of everything random.
        budget: How much work it may be.
    """

    frame: pd.DataFrame
    labels: Mapping[str, Sequence[str | None]]
    names: Sequence[str]
    split: Split
    histograms: Sequence[Histogram]
    seed: int
    budget: Budget


def study_sets(
    given: SharedRows,
    sets: Sequence[FeatureSet],
    cores: int,
    advance: Callable[[float, str], None],
) -> list[tuple[ClusteringResult, IntArray]]:
    """Study each feature set by several jobs, as many at once as there are cores.

    Args:
        given: The rows, and what else all sets share.
        sets: The feature sets.
        cores: Jobs at once.
        advance: Called with the count of finished feature sets and the title of the last.

    Returns:
        The result of each set, and the cluster of each row.
    """
    jobs: list[list[tuple[Any, ...]]] = []
    points = [points_of(values_of(given.frame, one), one) for one in sets]
    for feature_set, of_set in zip(sets, points, strict=True):
        parts = study_parts(
            of_set, given.labels, given.budget.ks, seed=given.seed, references=given.budget.references
        )
        jobs.append([(_study, feature_set, given), *parts])
    found = []
    # Number of threads and filters of warnings are everybody's: set here, not by each.
    with one_thread(), warnings.catch_warnings():
        # a draw may hold fewer different rows than clusters
        warnings.simplefilter("ignore", ConvergenceWarning)
        results = run_all(call, list(chain(*jobs)), cores, in_threads=True)
        for feature_set, of_set, own in zip(sets, points, jobs, strict=True):
            (result, assigned), *parts = islice(results, len(own))
            study = put_together(of_set, parts, references=given.budget.references)
            found.append((result(study=study), assigned))
            advance(len(found), feature_set.title)
    return found


@one_thread()  # a limit of OpenMP holds for the thread that sets it
def _study(feature_set: FeatureSet, given: SharedRows) -> tuple[partial[ClusteringResult], IntArray]:
    """One feature set, which lacks its study of k, and the cluster of each row."""
    frame, labels, names, seed, budget = given.frame, given.labels, given.names, given.seed, given.budget
    clustering = cluster(frame, feature_set, seed=seed)
    deciding = fit_surrogate_forest(clustering, given.split, seed=seed)
    agreements = {
        name: agree(clustering.assigned, genres, clustering.k, seed=seed, shuffles=budget.shuffles)
        for name, genres in labels.items()
    }
    sampled = sample_rows(len(clustering.points), seed, SAMPLE)
    values = silhouettes(distances(clustering.points[sampled]), clustering.assigned[sampled])
    own = clustering.assigned[sampled]
    by_cluster = [
        float(values[own == number].mean()) if (own == number).any() else None
        for number in range(clustering.k)
    ]
    drawn = cluster_profiles(
        clustering,
        frame,
        names,
        deciding.importances,
        {name: (agreement, labels[name]) for name, agreement in agreements.items()},
        given.histograms,
    )
    result = partial(
        ClusteringResult,
        feature_set=feature_set.name,
        title=feature_set.title,
        why=feature_set.why,
        features=feature_set.features,
        scaled=feature_set.is_scaled,
        method="k-means",
        document_accuracy=feature_set.document_accuracy,
        deciding=deciding,
        silhouette=float(values.mean()),
        sampled=len(sampled),
        inertia=clustering.inertia,
        fit_seconds=clustering.fit_seconds,
        agreements=tuple(one.result(name) for name, one in agreements.items()),
        clusters=tuple(replace(one, silhouette=by_cluster[one.cluster]) for one in drawn),
        stability=stability(clustering, runs=budget.runs, seed=seed),
        alternatives=alternatives(clustering, labels, seed=seed),
        histories=cost_histories(
            clustering.points[sampled], budget.history_ks, starts=budget.history_starts, seed=seed
        ),
    )
    return result, clustering.assigned
