"""Clusters against genres: k-means on audio features as a second opinion on what people call genres.

Conventions
    - Clusters are numbered by size, the largest is 0; centres are in the units of the features.
    - A row without a feature or without a genre takes no part and is counted.
    - Shares by cluster say what a cluster is made of, shares by genre where a genre went.
    - Chance is the mean of a score over shuffled genres: it keeps the sizes of clusters and genres.

Sources: adjusted Rand index, Hubert and Arabie 1985; adjusted mutual information, Vinh, Epps and Bailey 2010;
homogeneity, completeness and V-measure, Rosenberg and Hirschberg 2007; silhouette, Rousseeuw 1987.

Drawing does not belong here, and neither does choosing the number of clusters.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from genrelab.errors import GenrelabError
from genrelab.tables.spotify import MODEL_FEATURES

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLUSTERS = 12
"""As many as the document has genres."""

STARTS = 10
SILHOUETTE_SAMPLE = 5_000
SHUFFLES = 20

NOT_ZERO_TO_ONE = ("tempo", "loudness", "mode", "time_signature")
"""What the document leaves out to keep the features that run from 0 to 1; mode, 0 or 1, is out as well."""


@dataclass(frozen=True)
class FeatureSet:
    """Features to cluster on.

    Args:
        name: Name in runs.
        title: Name that people read.
        features: Columns.
        is_scaled: Whether each is brought to mean 0 and variance 1 first.
        why: Why it is here.
    """

    name: str
    title: str
    features: tuple[str, ...]
    is_scaled: bool
    why: str


def _without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in MODEL_FEATURES if name not in names)


FEATURE_SETS: dict[str, FeatureSet] = {
    one.name: one
    for one in (
        FeatureSet(
            "all-scaled",
            "All features, scaled",
            MODEL_FEATURES,
            is_scaled=True,
            why="Every feature counts alike.",
        ),
        FeatureSet(
            "all",
            "All features as they are",
            MODEL_FEATURES,
            is_scaled=False,
            why="The document's first: tempo has the widest numbers, so tempo decides.",
        ),
        FeatureSet(
            "no-tempo",
            "Without tempo, as they are",
            _without("tempo"),
            is_scaled=False,
            why="The document's second: now loudness has the widest numbers and decides.",
        ),
        FeatureSet(
            "zero-to-one",
            "Only features from 0 to 1",
            _without(*NOT_ZERO_TO_ONE),
            is_scaled=False,
            why="The document's third: all on one scale, none decides alone.",
        ),
    )
}
"""Feature sets by name; the first is the default."""


@dataclass(frozen=True)
class Leader:
    """What a cluster is mostly made of.

    Args:
        cluster: Number of the cluster.
        size: Its rows.
        leader: The genre with most of them.
        leader_share: Share of that genre.
        runner_up: The next genre; empty when there is none.
        lead: By how much the leader's share is larger.
    """

    cluster: int
    size: int
    leader: str
    leader_share: float
    runner_up: str
    lead: float


@dataclass(frozen=True)
class Comparison:
    """Clusters beside genres.

    Args:
        feature_set: What was clustered on.
        k: Number of clusters.
        seed: Seed of starts, sample and shuffles.
        rows: Positions of the rows that took part, shape (n,).
        assigned: Cluster of each of these rows, shape (n,).
        centres: Centre of each cluster in the units of the features, shape (k, features).
        genres: The genres, sorted.
        counts: Rows by cluster and genre, shape (k, genres).
        leaders: One for each cluster, in order.
        scores: Agreement, silhouette and inertia by name.
        chance: Mean agreement with shuffled genres by name, and its 95th percentile as `<name>_p95`.
        left_out: Rows without a feature or a genre.
        notes: What a person should know.
        fit_seconds: Time of k-means alone.
    """

    feature_set: FeatureSet
    k: int
    seed: int
    rows: IntArray
    assigned: IntArray
    centres: FloatArray
    genres: tuple[str, ...]
    counts: IntArray
    leaders: tuple[Leader, ...]
    scores: dict[str, float]
    chance: dict[str, float]
    left_out: int
    notes: tuple[str, ...]
    fit_seconds: float

    @property
    def shares_by_cluster(self) -> FloatArray:
        """What each cluster is made of: rows sum to 1, shape (k, genres)."""
        return np.asarray(self.counts / self.counts.sum(axis=1, keepdims=True))

    @property
    def shares_by_genre(self) -> FloatArray:
        """Where each genre went: columns sum to 1, shape (k, genres)."""
        return np.asarray(self.counts / self.counts.sum(axis=0, keepdims=True))

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON values, without the rows."""
        return {
            "feature_set": self.feature_set.name,
            "title": self.feature_set.title,
            "why": self.feature_set.why,
            "features": list(self.feature_set.features),
            "scaled": self.feature_set.is_scaled,
            "k": self.k,
            "seed": self.seed,
            "rows": len(self.rows),
            "left_out": self.left_out,
            "notes": list(self.notes),
            "genres": list(self.genres),
            "counts": self.counts.tolist(),
            "shares_by_cluster": self.shares_by_cluster.tolist(),
            "shares_by_genre": self.shares_by_genre.tolist(),
            "clusters": [
                {**vars(leader), "centre": dict(zip(self.feature_set.features, centre, strict=True))}
                for leader, centre in zip(self.leaders, self.centres.tolist(), strict=True)
            ],
            "scores": dict(self.scores),
            "chance": dict(self.chance),
            "fit_seconds": self.fit_seconds,
        }


AGREEMENT: dict[str, Callable[[Any, Any], float]] = {
    "ari": metrics.adjusted_rand_score,
    "ami": metrics.adjusted_mutual_info_score,
    "v_measure": metrics.v_measure_score,
    "homogeneity": metrics.homogeneity_score,
    "completeness": metrics.completeness_score,
}
"""Scores of a clustering against genres, called with (genres, clusters)."""


def compare_clusters(
    frame: pd.DataFrame,
    genres: Sequence[str | None],
    feature_set: FeatureSet = FEATURE_SETS["all-scaled"],
    *,
    k: int = CLUSTERS,
    seed: int,
    starts: int = STARTS,
) -> Comparison:
    """Cluster the rows by k-means and compare the clusters with their genres.

    Args:
        frame: The features of `feature_set`, one row per track.
        genres: Genre of each row, None where it has none.
        feature_set: What to cluster on.
        k: Number of clusters.
        seed: Seed of everything random.
        starts: How often k-means starts anew; the tightest result is kept.

    Raises:
        GenrelabError: A feature is no column, or there are fewer different rows than clusters.
    """
    values, of_row, rows = _usable(frame, genres, feature_set)
    notes = _check(values, feature_set, k, left_out=len(frame) - len(rows))
    scaler = StandardScaler(with_mean=feature_set.is_scaled, with_std=feature_set.is_scaled).fit(values)
    points = scaler.transform(values)
    started = time.perf_counter()
    means = KMeans(n_clusters=k, n_init=starts, random_state=seed).fit(points)
    seconds = time.perf_counter() - started
    order = np.argsort(-np.bincount(means.labels_, minlength=k), kind="stable")
    assigned = np.argsort(order)[means.labels_].astype(np.int64)
    labels, codes = np.unique(of_row, return_inverse=True)
    counts = np.bincount(assigned * len(labels) + codes, minlength=k * len(labels)).reshape(k, -1)
    scores = {name: float(score(codes, assigned)) for name, score in AGREEMENT.items()}
    scores["silhouette"] = _silhouette(points, assigned, seed)
    scores["inertia"] = float(means.inertia_)
    return Comparison(
        feature_set=feature_set,
        k=k,
        seed=seed,
        rows=rows,
        assigned=assigned,
        centres=scaler.inverse_transform(means.cluster_centers_[order]),
        genres=tuple(labels.tolist()),
        counts=counts,
        leaders=leaders(counts, labels.tolist()),
        scores=scores,
        chance=chance_agreement(codes, assigned, seed),
        left_out=len(frame) - len(rows),
        notes=notes,
        fit_seconds=seconds,
    )


def leaders(counts: IntArray, genres: Sequence[str]) -> tuple[Leader, ...]:
    """The leading genre of each cluster and by how much it leads.

    Args:
        counts: Rows by cluster and genre, shape (k, genres).
        genres: Names of the columns; of two equally frequent genres the first leads.
    """
    found = []
    for number, row in enumerate(counts):
        order = np.argsort(-row, kind="stable")
        shares = row[order] / row.sum()
        has_next = len(order) > 1 and row[order[1]] > 0
        found.append(
            Leader(
                cluster=number,
                size=int(row.sum()),
                leader=genres[order[0]],
                leader_share=float(shares[0]),
                runner_up=genres[order[1]] if has_next else "",
                lead=float(shares[0] - shares[1]) if has_next else float(shares[0]),
            )
        )
    return tuple(found)


def chance_agreement(genres: IntArray, clusters: IntArray, seed: int) -> dict[str, float]:
    """Agreement of the clusters with shuffled genres: mean and 95th percentile over `SHUFFLES`."""
    generator = np.random.default_rng(seed)
    shuffled = [generator.permutation(genres) for _ in range(SHUFFLES)]
    chance = {}
    for name, score in AGREEMENT.items():
        values = [score(one, clusters) for one in shuffled]
        chance[name] = float(np.mean(values))
        chance[f"{name}_p95"] = float(np.percentile(values, 95))
    return chance


def _usable(
    frame: pd.DataFrame, genres: Sequence[str | None], feature_set: FeatureSet
) -> tuple[FloatArray, npt.NDArray[np.str_], IntArray]:
    """Features and genres of the rows that have all of them, and which rows these are."""
    missing = [name for name in feature_set.features if name not in frame.columns]
    if missing:
        raise GenrelabError(
            f"the features {feature_set.title!r} cannot be clustered",
            found=f"no column {', '.join(missing)}",
            allowed=", ".join(feature_set.features),
            do="choose another feature set, or make the table again",
        )
    values = frame[list(feature_set.features)].to_numpy(dtype=np.float64, na_value=np.nan)
    of_row = pd.Series(list(genres), dtype=object)
    rows = np.flatnonzero(np.isfinite(values).all(axis=1) & of_row.notna().to_numpy())
    return values[rows], of_row.iloc[rows].to_numpy(dtype=str), rows


def _check(values: FloatArray, feature_set: FeatureSet, k: int, *, left_out: int) -> tuple[str, ...]:
    """What to note of the rows.

    Raises:
        GenrelabError: Fewer different rows than clusters.
    """
    distinct = len(np.unique(values, axis=0)) if len(values) else 0
    if distinct < k:
        raise GenrelabError(
            f"{k} clusters need at least {k} different tracks",
            found=f"{distinct} different tracks in {len(values)} rows, {left_out} left out",
            do="use more rows or fewer clusters",
        )
    notes = [f"{left_out:,} rows left out: no genre, or a feature is missing"] if left_out else []
    constant = [
        name for name, spread in zip(feature_set.features, np.ptp(values, axis=0), strict=True) if not spread
    ]
    return (*notes, *(f"{name} is the same in all rows and decides nothing" for name in constant))


def _silhouette(points: FloatArray, assigned: IntArray, seed: int) -> float:
    """Mean silhouette over a fixed sample of at most `SILHOUETTE_SAMPLE` rows; 0 where it is not defined."""
    chosen = np.arange(len(points))
    if len(points) > SILHOUETTE_SAMPLE:
        chosen = np.random.default_rng(seed).choice(len(points), SILHOUETTE_SAMPLE, replace=False)
    clusters = len(np.unique(assigned[chosen]))
    if not 1 < clusters < len(chosen):
        return 0.0
    return float(metrics.silhouette_score(points[chosen], assigned[chosen]))
