"""Other ways to cluster the same rows: k-means on mini-batches, a Gaussian mixture, and HDBSCAN.

Conventions: all run on one thread and are judged on one fixed sample; what HDBSCAN calls noise counts as one
more cluster in scores and is reported in `noise`. HDBSCAN is not given how many clusters to find.

Sources: mini-batches, Sculley 2010; HDBSCAN, Campello, Moulavi and Sander 2013.
"""

import time
import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from genrelab.analyses.clusters.agreement import adjusted_mutual_information, adjusted_rand, contingency
from genrelab.analyses.clusters.kmeans import (
    SAMPLE,
    STARTS,
    Clustering,
    IntArray,
    distances,
    one_thread,
    silhouettes,
)
from genrelab.analyses.clusters.result import Alternative
from genrelab.evaluation.samples import sample_rows

SMALLEST_SHARE = 0.005
"""Share of the sample that HDBSCAN calls a cluster at least."""


def alternatives(
    clustering: Clustering, labels: Mapping[str, Sequence[str | None]], *, seed: int
) -> tuple[Alternative, ...]:
    """Cluster the rows in other ways and compare.

    Args:
        clustering: The k-means clusters, for comparison.
        labels: Genre of each row by labelling.
        seed: Seed of everything random.

    Returns:
        One for each method, k-means first.
    """
    points, k = clustering.points, clustering.k
    sampled = sample_rows(len(points), seed, SAMPLE)
    sample = points[sampled]
    smallest = max(5, round(SMALLEST_SHARE * len(sample)))
    methods: tuple[tuple[str, int, Callable[[], IntArray]], ...] = (
        (
            "k-means",
            len(points),
            lambda: KMeans(k, n_init=STARTS, random_state=seed).fit(points).labels_[sampled],
        ),
        (
            "Mini-batch k-means",
            len(points),
            lambda: MiniBatchKMeans(k, n_init=STARTS, random_state=seed).fit(points).labels_[sampled],
        ),
        (
            "Gaussian mixture",
            len(sample),
            lambda: GaussianMixture(k, random_state=seed, reg_covar=1e-4).fit_predict(sample),
        ),
        ("HDBSCAN", len(sample), lambda: HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(sample)),
    )
    own = clustering.assigned[sampled]
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        apart = distances(sample)

        def judge(method: str, found: IntArray, fitted_on: int, seconds: float) -> Alternative:
            kinds, numbered = np.unique(found, return_inverse=True)
            clusters = int((kinds >= 0).sum())
            real = found[found >= 0]
            largest = float(np.unique(real, return_counts=True)[1].max() / len(found)) if len(real) else 0.0
            return Alternative(
                method=method,
                clusters=clusters,
                noise=float(np.mean(found < 0)),
                largest=largest,
                silhouette=float(silhouettes(apart, numbered).mean()),
                with_kmeans=float(adjusted_rand_score(own, numbered)),
                agreement=_agreement(numbered, len(kinds), labels, sampled),
                fitted_on=fitted_on,
                seconds=seconds,
            )

        judged = []
        for method, fitted_on, fit in methods:
            started = time.perf_counter()
            found = np.asarray(fit())
            judged.append(judge(method, found, fitted_on, time.perf_counter() - started))
    return tuple(judged)


def _agreement(
    numbered: IntArray, kinds: int, labels: Mapping[str, Sequence[str | None]], sampled: IntArray
) -> dict[str, dict[str, float]]:
    scores = {}
    for name, genres in labels.items():
        of_row = np.array(list(genres), dtype=object)[sampled]
        known = np.array([genre is not None for genre in of_row], dtype=bool)
        if not known.any():
            continue
        names, codes = np.unique(of_row[known].astype(str), return_inverse=True)
        table = contingency(numbered[known], codes, kinds, len(names))
        scores[name] = {"ari": adjusted_rand(table), "ami": adjusted_mutual_information(table)}
    return scores
