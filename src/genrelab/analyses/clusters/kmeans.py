"""k-means by scikit-learn: whether rows can be clustered, the clusters, and how well apart they lie.

Conventions
    - Clusters are numbered by size, the largest is 0; centres are in the units of the features.
    - Every row has all features; a feature that is the same in all rows is refused.
    - Small fits of which there are many run on one thread (`one_thread`): beside other work the threads wait for
      one another at every step, and 29 fits that take 1.5 s on one thread took 60 s on two.

Sources: k-means, Lloyd 1982; starts, Arthur and Vassilvitskii 2007; silhouette, Rousseeuw 1987.

Which k is right, and what clusters have to do with genres, does not belong here.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from genrelab.analyses.clusters.feature_sets import FeatureSet
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLUSTERS = 12
"""As many as the capstone project has genres."""

STARTS = 10
SMALL = 20_000
"""Below this many rows a second thread gains nothing."""

SAMPLE = 5_000
"""Rows on which distances between all pairs are computed."""


@dataclass(frozen=True)
class Clustering:
    """The clusters of one feature set.

    Args:
        feature_set: What was clustered on.
        k: Number of clusters.
        values: The features of the rows in their units, shape (n, features).
        points: The same as they were clustered: scaled, or as they are; shape (n, features).
        assigned: Cluster of each row, shape (n,).
        centres: Centre of each cluster in the units of the features, shape (k, features).
        inertia: Sum of squared distances to the centres, in the units of `points`.
        fit_seconds: Time of k-means alone.
    """

    feature_set: FeatureSet
    k: int
    values: FloatArray
    points: FloatArray
    assigned: IntArray
    centres: FloatArray
    inertia: float
    fit_seconds: float

    @property
    def sizes(self) -> IntArray:
        """Rows of each cluster, shape (k,)."""
        return np.bincount(self.assigned, minlength=self.k)

    @property
    def scaled_centres(self) -> FloatArray:
        """Centre of each cluster in the units of `points`, shape (k, features)."""
        return np.array([self.points[self.assigned == number].mean(axis=0) for number in range(self.k)])


@contextmanager
def one_thread() -> Iterator[None]:
    """Numerical libraries use one thread inside."""
    with threadpool_limits(1):
        yield


def check_rows(values: FloatArray, features: Sequence[str], k: int = CLUSTERS, *, left_out: int = 0) -> None:
    """Check that rows can be clustered.

    Args:
        values: The features of the rows, shape (rows, features).
        features: Their names.
        k: Number of clusters to be made of them.
        left_out: Rows that lack a feature.

    Raises:
        GenrelabError: There are fewer different rows than clusters, or a feature is the same in all rows.
    """
    distinct = int((~pd.DataFrame(values).duplicated()).sum())
    if distinct < k:
        raise GenrelabError(
            f"{k} clusters need at least {k} different tracks",
            found=f"{distinct} different tracks in {len(values)} rows, {left_out} left out",
            do="use more rows or fewer clusters",
        )
    constant = [name for name, spread in zip(features, np.ptp(values, axis=0), strict=True) if not spread]
    if constant:
        raise GenrelabError(
            "the tracks cannot be clustered",
            found=f"{', '.join(constant)}: the same value in all {len(values):,} rows",
            allowed="features that differ between tracks",
            do="check the source: a feature that never changes was not measured",
        )


def cluster(
    frame: pd.DataFrame, feature_set: FeatureSet, *, k: int = CLUSTERS, seed: int, starts: int = STARTS
) -> Clustering:
    """Cluster rows that have all features (see `check_rows`).

    Args:
        frame: The features, one row per track.
        feature_set: What to cluster on.
        k: Number of clusters.
        seed: Seed of the starts.
        starts: How often k-means starts anew; the tightest result is kept.
    """
    values = values_of(frame, feature_set)
    points = points_of(values, feature_set)
    estimator = KMeans(n_clusters=k, n_init=starts, random_state=seed)
    started = time.perf_counter()
    with one_thread() if len(points) < SMALL else nullcontext():
        estimator.fit(points)
    seconds = time.perf_counter() - started
    assigned = by_size(estimator.labels_, k)
    sums = np.stack([np.bincount(assigned, column, minlength=k) for column in values.T], axis=1)
    return Clustering(
        feature_set=feature_set,
        k=k,
        values=values,
        points=points,
        assigned=assigned,
        centres=sums / np.maximum(np.bincount(assigned, minlength=k), 1)[:, None],
        inertia=float(estimator.inertia_),
        fit_seconds=seconds,
    )


def points_of(values: FloatArray, feature_set: FeatureSet) -> FloatArray:
    """The rows as a feature set clusters them: scaled, or as they are; shape (rows, features)."""
    return scale(values) if feature_set.is_scaled else values


def values_of(frame: pd.DataFrame, feature_set: FeatureSet) -> FloatArray:
    """The features of a set as numbers, shape (rows, features)."""
    return np.asarray(frame[list(feature_set.features)].to_numpy(dtype=np.float64))


def scale(values: FloatArray) -> FloatArray:
    """Every feature brought to mean 0 and variance 1."""
    return np.asarray(StandardScaler().fit_transform(values))


def by_size(labels: npt.NDArray[np.integer], k: int) -> IntArray:
    """The same clusters, numbered by size, the largest first."""
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    return np.asarray(np.argsort(order)[labels], dtype=np.int64)


def distances(points: FloatArray) -> npt.NDArray[np.float32]:
    """Distances between all pairs of rows, in single precision: 100 MB for 5,000 rows."""
    found = pairwise_distances(points.astype(np.float32))
    np.fill_diagonal(found, 0)
    return np.asarray(found)


def silhouettes(apart: npt.NDArray[np.float32], assigned: IntArray) -> FloatArray:
    """Silhouette of each row, from the distances between all pairs; zeros where there is one cluster only.

    That of scikit-learn within the rounding of single precision, and faster: the sums of distances to all clusters are
    one product of matrices.

    Args:
        apart: Distances, rows by rows.
        assigned: Cluster of each row.
    """
    kinds, numbered, sizes = np.unique(assigned, return_inverse=True, return_counts=True)
    if not 1 < len(kinds) < len(assigned):
        return np.zeros(len(assigned))
    rows = np.arange(len(assigned))
    is_member = np.zeros((len(assigned), len(kinds)), apart.dtype)
    is_member[rows, numbered] = 1
    sums = (apart @ is_member).astype(np.float64)
    inside = sums[rows, numbered] / np.maximum(sizes[numbered] - 1, 1)
    means = sums / sizes
    means[rows, numbered] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(inside, nearest)
    is_measured = (sizes[numbered] > 1) & (larger > 0)  # a row alone and equal rows have 0
    found: FloatArray = np.divide(nearest - inside, larger, out=np.zeros(len(assigned)), where=is_measured)
    return found
