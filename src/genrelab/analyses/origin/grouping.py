"""k-means on musical features, and where on the map its clusters live.

Conventions
    - The cost is the student project's: the mean squared distance of a track to the centre of its cluster.
    - Clusters are numbered by size, the largest is 0.
    - The purity of an origin is the share of its tracks in its leading cluster. A small origin is purer by
      accident, so each stands beside what shuffling the clusters among the tracks gives it.

Source of the procedure: `seeds/004`, plots 1 to 3. k-means itself is scikit-learn's; drawing does not belong here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from genrelab.analyses.clusters.history import costs_from
from genrelab.analyses.clusters.kmeans import by_size
from genrelab.analyses.origin.result import (
    Cluster,
    Clusters,
    CostHistory,
    LeadingCountry,
    OriginPurity,
    Scree,
)
from genrelab.analyses.origin.tracks import OriginTracks

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

HISTORY_K = (3, 5, 10, 20)
ITERATIONS = 10
SCREE_K = tuple(range(1, 21))
CLUSTERS = 10
"""The student project's choice."""
LARGEST_K = max(*HISTORY_K, *SCREE_K)
LEADING = 3
"""Countries named for each cluster."""
MANY_STARTS = 10


@dataclass(frozen=True)
class Grouping:
    """The clusters and where they live.

    Args:
        assigned: Cluster of each track, shape (tracks,).
        counts: Tracks by cluster and place, shape (k, places).
        purity: Of each place, shape (places,).
        chance: Mean purity of each place over shuffles, shape (places,).
        chance_p95: 95th percentile of the same, shape (places,).
        p_value: Share of shuffles at least as pure, shape (places,).
        mean_purity: Over all tracks: the share in the leading cluster of their place.
        mean_purity_chance: The same over shuffles: mean and 95th percentile.
        scores: `ari` and `ami` with the places, `inertia`.
        chance_scores: Mean of `ari` and `ami` over shuffles.
    """

    assigned: IntArray
    counts: IntArray
    purity: FloatArray
    chance: FloatArray
    chance_p95: FloatArray
    p_value: FloatArray
    mean_purity: float
    mean_purity_chance: tuple[float, float]
    scores: dict[str, float]
    chance_scores: dict[str, float]

    def result(self, tracks: OriginTracks) -> Clusters:
        """The same as plain values, with the leading countries of each cluster."""
        return Clusters(
            k=len(self.counts),
            counts=tuple(tuple(row) for row in self.counts.tolist()),
            clusters=tuple(
                Cluster(
                    number,
                    int(row.sum()),
                    tuple(
                        LeadingCountry(
                            country=tracks.countries[at],
                            tracks=int(row[at]),
                            share_of_cluster=float(row[at] / row.sum()),
                            share_of_country=float(row[at] / tracks.sizes[at]),
                        )
                        for at in np.argsort(-row, kind="stable")[:LEADING]
                        if row[at]
                    ),
                )
                for number, row in enumerate(self.counts)
            ),
            origins=tuple(
                OriginPurity(
                    country=country,
                    tracks=int(tracks.sizes[at]),
                    leading_cluster=int(self.counts[:, at].argmax()),
                    clusters=int((self.counts[:, at] > 0).sum()),
                    purity=float(self.purity[at]),
                    chance=float(self.chance[at]),
                    chance_p95=float(self.chance_p95[at]),
                    p_value=float(self.p_value[at]),
                )
                for at, country in enumerate(tracks.countries)
            ),
            mean_purity=self.mean_purity,
            mean_purity_chance=self.mean_purity_chance[0],
            mean_purity_chance_p95=self.mean_purity_chance[1],
            scores=dict(self.scores),
            chance=dict(self.chance_scores),
            assigned=tuple(self.assigned.tolist()),
        )


def cost_histories(features: FloatArray, *, seed: int, starts: int) -> tuple[CostHistory, ...]:
    """Cost by iteration for several k, from several random starts.

    Args:
        features: Shape (tracks, features).
        seed: Seed of the starts.
        starts: How many for each k.

    Returns:
        For each k, `costs` of shape (starts, 1 + `ITERATIONS`): before the first iteration, then after each.
    """
    rng = np.random.default_rng(seed)
    return tuple(
        CostHistory(k, tuple(_cost_history(features, k, rng) for _ in range(starts)))
        for k in HISTORY_K
        if k <= len(features)
    )


def _cost_history(features: FloatArray, k: int, rng: np.random.Generator) -> tuple[float, ...]:
    start = features[rng.choice(len(features), k, replace=False)]
    return tuple(costs_from(features, start, iterations=ITERATIONS))


def scree(features: FloatArray, *, seed: int, starts: int) -> Scree:
    """Cost for every k from 1 to 20, from several starts, each until it no longer changes."""
    costs = tuple(
        tuple(
            float(
                KMeans(n_clusters=k, init="random", n_init=1, random_state=seed + start)
                .fit(features)
                .inertia_
            )
            / len(features)
            for k in SCREE_K
        )
        for start in range(starts)
    )
    return Scree(SCREE_K, costs)


def group(tracks: OriginTracks, *, seed: int, shuffles: int, k: int = CLUSTERS) -> Grouping:
    """Group the tracks by k-means and look where the clusters live.

    Args:
        tracks: The tracks.
        seed: Seed of starts and shuffles.
        shuffles: How often the clusters are shuffled among the tracks for chance.
        k: Number of clusters.
    """
    means = KMeans(n_clusters=k, n_init=MANY_STARTS, random_state=seed).fit(tracks.features)
    assigned = by_size(means.labels_, k)
    places = len(tracks.places)
    counts = _counts(assigned, tracks.place, k, places)
    leading = counts.max(axis=0)
    rng = np.random.default_rng(seed)
    shuffled = [rng.permutation(assigned) for _ in range(shuffles)]
    chance = np.array([_counts(one, tracks.place, k, places).max(axis=0) for one in shuffled])
    overall = chance.sum(axis=1) / len(tracks)
    return Grouping(
        assigned=assigned,
        counts=counts,
        purity=leading / tracks.sizes,
        chance=chance.mean(axis=0) / tracks.sizes,
        chance_p95=np.percentile(chance, 95, axis=0) / tracks.sizes,
        p_value=(1 + (chance >= leading).sum(axis=0)) / (1 + shuffles),
        mean_purity=float(leading.sum() / len(tracks)),
        mean_purity_chance=(float(overall.mean()), float(np.percentile(overall, 95))),
        scores={
            "ari": float(adjusted_rand_score(tracks.place, assigned)),
            "ami": float(adjusted_mutual_info_score(tracks.place, assigned)),
            "inertia": float(means.inertia_),
        },
        chance_scores={
            "ari": float(np.mean([adjusted_rand_score(tracks.place, one) for one in shuffled[:MANY_STARTS]])),
            "ami": float(
                np.mean([adjusted_mutual_info_score(tracks.place, one) for one in shuffled[:MANY_STARTS]])
            ),
        },
    )


def _counts(assigned: IntArray, place: IntArray, k: int, places: int) -> IntArray:
    return np.bincount(assigned * places + place, minlength=k * places).reshape(k, places)
