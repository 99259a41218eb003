"""Whether k-means finds the same clusters again: from other starts, and on other draws of the tracks.

Conventions: agreement of two clusterings is their adjusted Rand index; 1 is the same clusters, 0 is chance. A
bootstrap draws as many rows with replacement, clusters them and assigns all rows to the nearest of its centres
(Hennig 2007).
"""

import warnings
from itertools import combinations

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from genrelab.analyses.clusters.kmeans import Clustering, one_thread
from genrelab.analyses.clusters.result import Spread, Stability

STARTS = 3


def stability(clustering: Clustering, *, runs: int, seed: int) -> Stability:
    """Agreement of the clustering with itself, made again.

    Args:
        clustering: The clusters.
        runs: How often it is made again in either way.
        seed: Seed of starts and draws.

    Returns:
        Between every two runs with other starts, and of each bootstrap with the clustering.
    """
    generator = np.random.default_rng(seed)
    points = clustering.points
    again = []
    drawn = []
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # a draw may hold fewer different rows than clusters
        for run in range(runs):
            means = KMeans(clustering.k, n_init=STARTS, random_state=seed + 1 + run)
            again.append(means.fit_predict(points))
            rows = generator.integers(len(points), size=len(points))
            drawn.append(adjusted_rand_score(clustering.assigned, means.fit(points[rows]).predict(points)))
    pairs = [adjusted_rand_score(one, other) for one, other in combinations(again, 2)]
    return Stability(_spread(pairs), _spread(drawn), runs, STARTS)


def _spread(values: list[float]) -> Spread:
    return Spread(
        mean=float(np.mean(values)),
        low=float(min(values)),
        high=float(max(values)),
        values=tuple(round(float(value), 4) for value in values),
    )
