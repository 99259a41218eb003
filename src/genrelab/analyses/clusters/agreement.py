"""How well clusters and genres agree, and what chance would give.

Conventions
    - A table counts rows by cluster and genre, shape (clusters, genres); every score is a function of it.
    - Chance is the distribution of a score over tables with the same margins: what shuffled genres give. It keeps
      the sizes of clusters and genres.
    - Shares by cluster say what a cluster is made of, shares by genre where a genre went.
    - A clustering of one cluster agrees by 0, as with any other constant guess.

Sources: adjusted Rand index, Hubert and Arabie 1985; adjusted mutual information, Vinh, Epps and Bailey 2010;
homogeneity, completeness and V-measure, Rosenberg and Hirschberg 2007; best matching, Kuhn 1955; random tables,
Patefield 1981.

How clusters are made does not belong here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.special import xlogy
from scipy.stats import random_table
from sklearn.metrics.cluster import expected_mutual_information

from genrelab.analyses.clusters.result import LabelAgreement, Leader, MatchedGenre

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SHUFFLES = 200


def contingency(clusters: IntArray, genres: IntArray, k: int, kinds: int) -> IntArray:
    """Rows by cluster and genre, shape (k, kinds)."""
    return np.bincount(clusters * kinds + genres, minlength=k * kinds).reshape(k, kinds).astype(np.int64)


def adjusted_rand(table: IntArray) -> float:
    """Pairs of rows on which both agree, corrected for chance; 0 is chance, 1 is perfect."""
    pairs = _pairs(table).sum()
    of_clusters, of_genres = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = of_clusters * of_genres / max(_pairs(table.sum()), 1.0)
    most = (of_clusters + of_genres) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 0.0


def adjusted_mutual_information(table: IntArray) -> float:
    """Mutual information corrected for chance, over the mean of both entropies; 0 is chance, 1 is perfect."""
    return _adjusted(table, _expected_information(table))


def homogeneity(table: IntArray) -> float:
    """How far a cluster holds one genre only."""
    entropy = _entropy(table.sum(axis=0))
    return _information(table) / entropy if entropy else 0.0


def completeness(table: IntArray) -> float:
    """How far a genre lies in one cluster only."""
    return homogeneity(table.T)


def v_measure(table: IntArray) -> float:
    """Harmonic mean of homogeneity and completeness."""
    one, other = homogeneity(table), completeness(table)
    return 2 * one * other / (one + other) if one + other > 0 else 0.0


def matched(table: IntArray) -> float:
    """Share of rows that the best one-to-one matching of clusters and genres puts right."""
    clusters, genres = linear_sum_assignment(table, maximize=True)
    return float(table[clusters, genres].sum() / table.sum())


AGREEMENT: dict[str, Callable[[IntArray], float]] = {
    "ari": adjusted_rand,
    "ami": adjusted_mutual_information,
    "v_measure": v_measure,
    "homogeneity": homogeneity,
    "completeness": completeness,
    "matched": matched,
}
"""Scores of a table, by their names in MLflow."""


@dataclass(frozen=True)
class Agreement:
    """Clusters beside genres.

    Args:
        genres: The genres, sorted.
        counts: Rows by cluster and genre, shape (k, genres).
        leaders: One for each cluster, in order.
        matching: Cluster and genre of each pair of the best one-to-one matching.
        scores: Score by name.
        chance: Its mean over shuffled genres by name, and the 95th percentile as `<name>_p95`.
        shuffles: How many.
    """

    genres: tuple[str, ...]
    counts: IntArray
    leaders: tuple[Leader, ...]
    matching: tuple[tuple[int, str], ...]
    scores: dict[str, float]
    chance: dict[str, float]
    shuffles: int

    def result(self, labels: str) -> LabelAgreement:
        """The same as plain values; both kinds of shares follow from the counts."""
        return LabelAgreement(
            labels=labels,
            genres=self.genres,
            counts=tuple(tuple(row) for row in self.counts.tolist()),
            rows=int(self.counts.sum()),
            leaders=self.leaders,
            matching=tuple(MatchedGenre(cluster, genre) for cluster, genre in self.matching),
            scores=dict(self.scores),
            chance=dict(self.chance),
            shuffles=self.shuffles,
        )


def agree(
    clusters: IntArray, genres: Sequence[str | None], k: int, *, seed: int, shuffles: int = SHUFFLES
) -> Agreement:
    """Compare clusters with genres.

    Args:
        clusters: Cluster of each row, 0 to k - 1.
        genres: Genre of each row; rows with None take no part.
        k: Number of clusters.
        seed: Seed of the shuffles.
        shuffles: How many shuffled tables stand for chance.

    Raises:
        ValueError: No row has a genre.
    """
    of_row = np.array(list(genres), dtype=object)
    known = np.array([genre is not None for genre in of_row], dtype=bool)
    if not known.any():
        raise ValueError("no row has a genre")
    labels, codes = np.unique(of_row[known].astype(str), return_inverse=True)
    table = contingency(clusters[known], codes.astype(np.int64), k, len(labels))
    names = labels.tolist()
    pairs = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return Agreement(
        genres=tuple(names),
        counts=table,
        leaders=find_leaders(table, names),
        matching=tuple((int(cluster), names[genre]) for cluster, genre in pairs),
        scores={name: score(table) for name, score in AGREEMENT.items()},
        chance=chance_agreement(table, seed=seed, shuffles=shuffles),
        shuffles=shuffles,
    )


def find_leaders(table: IntArray, genres: Sequence[str]) -> tuple[Leader, ...]:
    """The leading genre of each cluster and by how much it leads.

    Args:
        table: Rows by cluster and genre.
        genres: Names of the columns; of two equally frequent genres the first leads.
    """
    found = []
    for number, row in enumerate(table):
        order = np.argsort(-row, kind="stable")
        shares = row[order] / max(row.sum(), 1)
        has_next = len(order) > 1 and row[order[1]] > 0
        found.append(
            Leader(
                cluster=number,
                size=int(row.sum()),
                leader=genres[order[0]] if row.sum() else "",
                leader_share=float(shares[0]),
                runner_up=genres[order[1]] if has_next else "",
                lead=float(shares[0] - shares[1]) if has_next else float(shares[0]),
            )
        )
    return tuple(found)


def chance_agreement(table: IntArray, *, seed: int, shuffles: int = SHUFFLES) -> dict[str, float]:
    """Scores of tables with the same margins: mean and 95th percentile of each, over `shuffles` of them."""
    kept = table[table.sum(axis=1) > 0]
    generator = np.random.default_rng(seed)
    margins = kept.sum(axis=1), kept.sum(axis=0)
    drawn = random_table(*margins, seed=generator).rvs(shuffles).astype(np.int64)
    expected = _expected_information(kept)  # the margins decide it: the same for all
    chance = {}
    for name, score in AGREEMENT.items():
        values = [_adjusted(one, expected) if name == "ami" else score(one) for one in drawn]
        chance[name] = float(np.mean(values))
        chance[f"{name}_p95"] = float(np.percentile(values, 95))
    return chance


def _pairs(counts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How many pairs can be drawn from each count."""
    drawn: npt.NDArray[np.float64] = np.asarray(counts, dtype=np.float64)
    return np.asarray(drawn * (drawn - 1) / 2)


def _entropy(counts: IntArray) -> float:
    shares = counts / counts.sum()
    return float(-xlogy(shares, shares).sum())


def _information(table: IntArray) -> float:
    """Mutual information in nats."""
    return _entropy(table.sum(axis=0)) + _entropy(table.sum(axis=1)) - _entropy(table.ravel())


def _expected_information(table: IntArray) -> float:
    """Mean mutual information over tables with these margins."""
    filled = table[table.sum(axis=1) > 0]
    return float(expected_mutual_information(csr_matrix(filled), int(table.sum())))


def _adjusted(table: IntArray, expected: float) -> float:
    mean = (_entropy(table.sum(axis=0)) + _entropy(table.sum(axis=1))) / 2
    return (
        (_information(table) - expected) / (mean - expected)
        if abs(mean - expected) > np.finfo(float).eps
        else 0.0
    )
