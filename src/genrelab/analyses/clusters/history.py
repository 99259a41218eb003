"""Cost per iteration: how k-means gets from its start to its end, for several k and several starts.

Conventions: cost is the mean squared distance of a row to its centre; the first value is that of the start.
Scikit-learn keeps no history, so it is asked for one iteration at a time.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.metrics import pairwise_distances_argmin_min

from genrelab.analyses.clusters.kmeans import FloatArray, one_thread
from genrelab.analyses.clusters.result import CostHistory

ITERATIONS = 40
SETTLED = 1e-4
"""A start has settled when an iteration lowers its cost by a smaller share."""


def cost_histories(
    points: FloatArray, ks: Sequence[int], *, starts: int, seed: int
) -> tuple[CostHistory, ...]:
    """The histories of several k.

    Args:
        points: What is clustered, shape (n, features).
        ks: Numbers of clusters.
        starts: How many starts of each.
        seed: Seed of the starts.
    """
    return tuple(
        CostHistory(k, tuple(tuple(cost_history(points, k, seed=seed + start)) for start in range(starts)))
        for k in ks
    )


def cost_history(points: FloatArray, k: int, *, seed: int) -> list[float]:
    """Cost at the start and after each iteration, until it has settled."""
    with one_thread():
        centres, _ = kmeans_plusplus(points, k, random_state=seed)
        return costs_from(points, centres, iterations=ITERATIONS, settled=SETTLED)


def costs_from(
    points: FloatArray, centres: FloatArray, *, iterations: int, settled: float | None = None
) -> list[float]:
    """Cost at the given centres and after each iteration.

    Args:
        points: What is clustered, shape (n, features).
        centres: The start, shape (k, features).
        iterations: How many at most.
        settled: Ends with the iteration that lowers the cost by no larger share; None for never.
    """
    _, apart = pairwise_distances_argmin_min(points, centres)
    costs = [float(np.mean(apart**2))]
    for _ in range(iterations):
        means = KMeans(len(centres), init=centres, n_init=1, max_iter=1).fit(points)
        centres = means.cluster_centers_
        costs.append(float(means.inertia_) / len(points))
        if settled is not None and costs[-2] - costs[-1] <= settled * costs[-2]:
            break
    return costs
