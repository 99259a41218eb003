"""How many clusters: every k of a range by seven measures, and the k that each would choose.

Conventions
    - Inertia, Calinski-Harabasz, Davies-Bouldin and agreement are those of all rows; silhouette and gap
      statistic those of one fixed sample, the same for every k and every feature set.
    - The reference of the gap statistic is uniform in a box along the principal components of the sample
      (variant b of its source); a k is chosen where its gap is not smaller than the next one less its standard
      error.
    - The elbow of the inertia is the point furthest below the line from its first to its last value.

Sources: elbow, Satopää et al. 2011; silhouette, Rousseeuw 1987; Calinski and Harabasz 1974; Davies and Bouldin
1979; gap statistic, Tibshirani, Walther and Hastie 2001.

What the clusters of one k sound like does not belong here.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from genrelab.analyses.clusters.agreement import adjusted_mutual_information, adjusted_rand, contingency
from genrelab.analyses.clusters.kmeans import (
    SAMPLE,
    FloatArray,
    IntArray,
    distances,
    one_thread,
    silhouettes,
)
from genrelab.analyses.clusters.result import KStudy
from genrelab.evaluation.samples import sample_rows

STARTS = 3
REFERENCES = 10

PARTS = 6
"""Jobs among which the ks are dealt out; each computes the distances of the sample anew."""

Codes = tuple[IntArray, IntArray, int]
"""Rows that have a genre, the number of the genre of each, and how many genres there are."""
Judged = tuple[int, dict[str, float], dict[str, dict[str, float]]]
"""A k, its measures, and its scores of agreement by labelling."""

MEASURES = ("inertia", "silhouette", "calinski_harabasz", "davies_bouldin", "gap")


def study_k(
    points: FloatArray,
    labels: Mapping[str, Sequence[str | None]],
    ks: Sequence[int],
    *,
    seed: int,
    references: int = REFERENCES,
) -> KStudy:
    """Judge every k.

    Args:
        points: What is clustered, shape (n, features).
        labels: Genre of each row by labelling.
        ks: The numbers of clusters, rising; those not below the number of different rows in the sample are left out.
        seed: Seed of starts, sample and references.
        references: Reference sets of the gap statistic.
    """
    parts = study_parts(points, labels, ks, seed=seed, references=references)
    return put_together(points, [work(*given) for work, *given in parts], references=references)


def study_parts(
    points: FloatArray,
    labels: Mapping[str, Sequence[str | None]],
    ks: Sequence[int],
    *,
    seed: int,
    references: int,
) -> list[tuple[Any, ...]]:
    """Return what `study_k` does as independent jobs, a function with its arguments each, for `put_together`."""
    sample = points[sample_rows(len(points), seed, SAMPLE)]
    usable = tuple(k for k in ks if k < len(np.unique(sample, axis=0)))
    codes = {name: _codes(genres) for name, genres in labels.items()}
    judged = [(_judge, points, codes, usable[part::PARTS], seed) for part in range(PARTS)]
    return [
        *judged,
        *((_dispersions, one, usable, seed) for one in _with_references(sample, references, seed)),
    ]


def put_together(points: FloatArray, found: Sequence[Any], *, references: int) -> KStudy:
    """Return the study from the results of the jobs of `study_parts`, in their order."""
    judged = sorted(each for part, _ in found[:PARTS] for each in part)
    ks = [k for k, _, _ in judged]
    measures = {name: [values[name] for _, values, _ in judged] for name in MEASURES[:-1]}
    measures["gap"], errors = _gaps([values for values, _ in found[PARTS:]])
    agreement: dict[str, dict[str, list[float]]] = {}
    for _, _, agreed in judged:
        for name, scores in agreed.items():
            for score, value in scores.items():
                agreement.setdefault(name, {}).setdefault(score, []).append(value)
    return KStudy(
        k=tuple(ks),
        measures={name: tuple(values) for name, values in measures.items()},
        gap_error=tuple(errors),
        agreement={
            name: {score: tuple(values) for score, values in scores.items()}
            for name, scores in agreement.items()
        },
        chosen=choose(ks, measures, errors, agreement),
        rows=len(points),
        sampled=min(len(points), SAMPLE),
        starts=STARTS,
        references=references,
        seconds=sum(seconds for _, seconds in found),
    )


def _judge(
    points: FloatArray, codes: Mapping[str, Codes], ks: Sequence[int], seed: int
) -> tuple[list[Judged], float]:
    """Return the measures of some ks but the gap statistic, and the seconds that it took."""
    started, found = time.perf_counter(), []
    sampled = sample_rows(len(points), seed, SAMPLE)
    with one_thread():
        apart = distances(points[sampled])
        for k in ks:
            means = KMeans(k, n_init=STARTS, random_state=seed).fit(points)
            tables = {
                name: contingency(means.labels_[known].astype(np.int64), of_known, k, kinds)
                for name, (known, of_known, kinds) in codes.items()
            }
            measures = {
                "inertia": float(means.inertia_),
                "silhouette": float(silhouettes(apart, means.labels_[sampled]).mean()),
                "calinski_harabasz": float(calinski_harabasz_score(points, means.labels_)),
                "davies_bouldin": float(davies_bouldin_score(points, means.labels_)),
            }
            agreed = {
                name: {"ari": adjusted_rand(table), "ami": adjusted_mutual_information(table)}
                for name, table in tables.items()
            }
            found.append((k, measures, agreed))
    return found, time.perf_counter() - started


def gap_statistic(
    sample: FloatArray, ks: Sequence[int], *, references: int = REFERENCES, seed: int
) -> tuple[list[float], list[float]]:
    """How much tighter k clusters are than k clusters of rows without any.

    Args:
        sample: The rows, shape (n, features).
        ks: Numbers of clusters.
        references: Reference sets.
        seed: Seed of starts and references.

    Returns:
        Gap of each k, and its standard error (that of the mean over the references, inflated as in the source).
    """
    return _gaps([_dispersions(one, ks, seed)[0] for one in _with_references(sample, references, seed)])


def _with_references(sample: FloatArray, references: int, seed: int) -> list[FloatArray]:
    """Return the sample along its principal components, and the reference sets."""
    generator = np.random.default_rng(seed)
    centred = sample - sample.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    low, high = along.min(axis=0), along.max(axis=0)
    return [along, *(generator.uniform(low, high, along.shape) for _ in range(references))]


def _gaps(dispersions: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """Return gaps and their errors from the log dispersion by k of the sample and of each reference set."""
    own, *references = (np.array(one) for one in dispersions)
    flat = np.array(references).reshape(len(references), len(own))
    errors = flat.std(axis=0) * np.sqrt(1 + 1 / len(references))
    return (flat.mean(axis=0) - own).tolist(), errors.tolist()


def _dispersions(points: FloatArray, ks: Sequence[int], seed: int) -> tuple[list[float], float]:
    """Return the log dispersion by k, and the seconds that it took."""
    started = time.perf_counter()
    with one_thread():
        inertias = [KMeans(k, n_init=1, random_state=seed).fit(points).inertia_ for k in ks]
    smallest = np.finfo(float).tiny
    return [float(np.log(max(one, smallest))) for one in inertias], time.perf_counter() - started


def choose(
    ks: Sequence[int],
    measures: Mapping[str, Sequence[float]],
    gap_errors: Sequence[float],
    agreement: Mapping[str, Mapping[str, Sequence[float]]],
) -> dict[str, int | None]:
    """The k that each measure would choose; agreement as `<labelling>/<score>`."""
    if not ks:
        return dict.fromkeys(
            (*MEASURES, *(f"{name}/{score}" for name in agreement for score in ("ari", "ami")))
        )
    chosen: dict[str, int | None] = {
        "inertia": elbow(ks, measures["inertia"]),
        "silhouette": ks[int(np.argmax(measures["silhouette"]))],
        "calinski_harabasz": ks[int(np.argmax(measures["calinski_harabasz"]))],
        "davies_bouldin": ks[int(np.argmin(measures["davies_bouldin"]))],
        "gap": smallest_gap(ks, measures["gap"], gap_errors),
    }
    for name, scores in agreement.items():
        chosen |= {f"{name}/{score}": ks[int(np.argmax(values))] for score, values in scores.items()}
    return chosen


def elbow(ks: Sequence[int], inertia: Sequence[float]) -> int | None:
    """The k whose inertia lies furthest below the line from the first to the last; None for fewer than three.

    >>> elbow([1, 2, 3, 4, 5], [100.0, 50.0, 10.0, 8.0, 6.0])
    3
    """
    if len(ks) < 3 or inertia[0] == inertia[-1]:  # noqa: PLR2004 - a line has two ends
        return None
    across = (np.array(ks) - ks[0]) / (ks[-1] - ks[0])
    up = (np.array(inertia) - inertia[-1]) / (inertia[0] - inertia[-1])
    return ks[int(np.argmax(1 - across - up))]


def smallest_gap(ks: Sequence[int], gap: Sequence[float], errors: Sequence[float]) -> int | None:
    """The first k whose gap is at least the next one less its error; None when the gap rises throughout.

    >>> smallest_gap([2, 3, 4], [0.1, 0.5, 0.51], [0.02, 0.02, 0.02])
    3
    """
    for place in range(len(ks) - 1):
        if gap[place] >= gap[place + 1] - errors[place + 1]:
            return ks[place]
    return None


def _codes(genres: Sequence[str | None]) -> Codes:
    """Rows that have a genre, the number of the genre of each, and how many genres there are."""
    of_row = np.array(list(genres), dtype=object)
    known = np.flatnonzero(np.array([genre is not None for genre in of_row], dtype=bool))
    names, codes = np.unique(of_row[known].astype(str), return_inverse=True)
    return known, codes.astype(np.int64), len(names)
