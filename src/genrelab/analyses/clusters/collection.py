"""Everything about the clusters of one collection: each feature set against each labelling, portraits, k, map.

Conventions: all feature sets cluster the same rows, those that have every feature and a genre by the labelling named
`rows_by` (for Spotify `classic`: the capstone project's rows); of more than `MOST_ROWS`
(`genrelab.evaluation.samples`) a sample. A feature that so many of them lack that fewer values
would be left is left out, and named (`genrelab.sources.present`). Another labelling is compared on
the rows that it names.

MLflow and drawing do not belong here.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from genrelab.analyses.clusters.agreement import agree
from genrelab.analyses.clusters.alternatives import alternatives
from genrelab.analyses.clusters.feature_sets import ECHONEST_SETS, SPOTIFY_SETS, FeatureSet, feature_sets
from genrelab.analyses.clusters.history import cost_histories
from genrelab.analyses.clusters.kmeans import (
    CLUSTERS,
    SAMPLE,
    STARTS,
    IntArray,
    cluster,
    distances,
    one_thread,
    points_of,
    silhouettes,
    usable_rows,
)
from genrelab.analyses.clusters.portraits import Histogram, cluster_profiles, make_histograms
from genrelab.analyses.clusters.result import ClusteringResult, CollectionClusters, FeatureBars, LabelCount
from genrelab.analyses.clusters.stability import stability
from genrelab.analyses.clusters.study import put_together, study_parts
from genrelab.analyses.clusters.surrogate_forest import fit_surrogate_forest
from genrelab.analyses.clusters.track_map import track_map
from genrelab.evaluation import splits
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.version import TableVersion
from genrelab.runtime.engine import call, run_all
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.present import fullest


@dataclass(frozen=True)
class Collection:
    """What is clustered.

    Args:
        name: Short name, part of addresses.
        title: Its name in the report.
        table: The table that carries the features.
        sets: The feature sets; the first has all features.
        rows_by: The labelling whose rows take part.
    """

    name: str
    title: str
    table: str
    sets: tuple[FeatureSet, ...]
    rows_by: str


SPOTIFY = Collection("spotify", "Spotify tracks", "spotify_binned", SPOTIFY_SETS, "classic")
FMA = Collection("fma", "Free Music Archive, Echo Nest features", "fma_echonest", ECHONEST_SETS, "top genre")


@dataclass(frozen=True)
class Budget:
    """How much work a comparison may be.

    Args:
        ks: Numbers of clusters to judge.
        references: Reference sets of the gap statistic.
        shuffles: Shuffled tables that stand for chance.
        runs: How often each clustering is made again.
        history_ks: Numbers of clusters whose cost is followed.
        history_starts: Starts of each.
        points: Tracks on the map.
    """

    ks: tuple[int, ...] = tuple(range(2, 31))
    references: int = 10
    shuffles: int = 200
    runs: int = 8
    history_ks: tuple[int, ...] = (3, 6, 12, 24)
    history_starts: int = 5
    points: int = 1_200


BUDGETS = {
    "quick": Budget(tuple(range(2, 13)), 3, 50, 3, (3, 6, 12), 3, 800),
    "nightly": Budget(),
    "thorough": Budget(references=20, shuffles=1_000, runs=20, history_starts=10),
}


Given = tuple[
    pd.DataFrame,
    Mapping[str, Sequence[str | None]],
    Sequence[str],
    splits.Split,
    Sequence[Histogram],
    int,
    Budget,
]
"""What all feature sets are studied with: features, labels and names of the rows, split, histograms, seed, budget."""


def study_collection(
    frame: pd.DataFrame,
    labels: Mapping[str, Sequence[str | None]],
    names: Sequence[str],
    collection: Collection,
    *,
    seed: int,
    budget: Budget = BUDGETS["nightly"],
    budget_name: str = "nightly",
    version: TableVersion | None = None,
    cores: int = 1,
    with_umap: bool = False,
    advance: Callable[[float, str], None] = lambda _done, _note: None,
) -> CollectionClusters:
    """Cluster a collection by each of its feature sets and compare the clusters with its genres.

    Args:
        frame: Its features, one row per track in source order.
        labels: Genre of each row by labelling; one of them is `collection.rows_by`.
        names: What to call each row.
        collection: What it is.
        seed: Seed of everything random.
        budget: How much work it may be.
        budget_name: Its name.
        version: The version of the table that the tracks come from.
        cores: Processor cores; each works on a feature set of its own.
        with_umap: Whether the map is drawn by UMAP too.
        advance: Called with the count of finished feature sets and the title of the last.

    Raises:
        GenrelabError: See `usable_rows`; or no row has a genre, or too few for the split.
    """
    collection, absent = with_present_features(frame, labels, collection)
    usable, rows = _rows(frame, labels, collection)
    drawn = sample_rows(len(rows), seed)
    kept, rows = usable.iloc[drawn].reset_index(drop=True), [rows[place] for place in drawn]
    of_row = {name: [given[row] for row in rows] for name, given in labels.items()}
    of_row = {name: given for name, given in of_row.items() if any(genre is not None for genre in given)}
    called = [names[row] for row in rows]
    split = splits.author([str(genre) for genre in of_row[collection.rows_by]])
    features = collection.sets[0].features
    histograms = make_histograms(kept, features)

    given = kept, of_row, called, split, histograms, seed, budget
    found = _side_by_side(given, collection.sets, cores, advance)
    groups: dict[str, Sequence[Any]] = {f"genre:{name}": given for name, given in of_row.items()}
    groups |= {f"cluster:{one.feature_set}": assigned.tolist() for one, assigned in found}
    with_genre = sum(genre is not None for genre in labels[collection.rows_by])
    return CollectionClusters(
        name=collection.name,
        title=collection.title,
        table=collection.table,
        table_version=version.version if version else 0,
        sample=version.is_sample if version else False,
        budget=budget_name,
        read=len(frame),
        rows=len(rows),
        of=len(usable),
        without_genre=len(frame) - with_genre,
        without_features=with_genre - len(usable),
        rows_by=collection.rows_by,
        labels=tuple(
            LabelCount(name, sum(genre is not None for genre in given)) for name, given in of_row.items()
        ),
        features=tuple(features),
        absent=absent,
        histograms=tuple(
            FeatureBars(
                histogram.feature,
                histogram.edges,
                histogram.values,
                histogram.count(kept[histogram.feature].to_numpy(dtype=np.float64)),
            )
            for histogram in histograms
        ),
        k=CLUSTERS,
        starts=STARTS,
        seed=seed,
        ks=(budget.ks[0], budget.ks[-1]),
        shuffles=budget.shuffles,
        clusterings=tuple(one for one, _ in found),
        map=track_map(
            kept[list(features)].to_numpy(dtype=np.float64),
            features,
            called,
            groups,
            seed=seed,
            points=budget.points,
            with_umap=with_umap,
        ),
    )


def with_present_features(
    frame: pd.DataFrame, labels: Mapping[str, Sequence[str | None]], collection: Collection
) -> tuple[Collection, tuple[str, ...]]:
    """The collection with feature sets of what its labelled rows have, and the features that are left out for it.

    The document's numbers are about all of its features and do not stand beside fewer.
    """
    features = collection.sets[0].features
    labelled = frame[[genre is not None for genre in labels[collection.rows_by]]]
    known = labelled.reindex(columns=list(features))
    present = fullest(known, features)
    absent = tuple(name for name in features if name not in present)
    if not (present and absent):
        return collection, ()
    return replace(collection, sets=feature_sets(present)), absent


def _side_by_side(
    given: Given,
    sets: Sequence[FeatureSet],
    cores: int,
    advance: Callable[[float, str], None],
) -> list[tuple[ClusteringResult, IntArray]]:
    """Study each feature set by several jobs, as many at once as there are cores."""
    frame, labels, *_, seed, budget = given
    jobs: list[list[tuple[Any, ...]]] = []
    points = [points_of(frame, one) for one in sets]
    for feature_set, of_set in zip(sets, points, strict=True):
        parts = study_parts(of_set, labels, budget.ks, seed=seed, references=budget.references)
        jobs.append([(_study_alone, feature_set, *given), *parts])
    found = []
    # Number of threads and filters of warnings are everybody's: set here, not by each.
    with one_thread(), warnings.catch_warnings():
        # a draw may hold fewer different rows than clusters
        warnings.simplefilter("ignore", ConvergenceWarning)
        results = run_all(call, list(chain(*jobs)), cores, in_threads=True)
        for feature_set, of_set, own in zip(sets, points, jobs, strict=True):
            (result, assigned), *parts = islice(results, len(own))
            study = put_together(of_set, parts, references=budget.references)
            found.append((result(study=study), assigned))
            advance(len(found), feature_set.title)
    return found


def _rows(
    frame: pd.DataFrame, labels: Mapping[str, Sequence[str | None]], collection: Collection
) -> tuple[pd.DataFrame, list[int]]:
    """The rows that have a genre and all features, and their positions."""
    named = [row for row, genre in enumerate(labels[collection.rows_by]) if genre is not None]
    if not named:
        raise GenrelabError(
            f"no track of {collection.table} has a genre by {collection.rows_by}",
            found=f"{len(frame):,} tracks without a genre",
            do="run `genrelab bin-genres`, or import a source with genres",
        )
    labelled = frame.iloc[named].reset_index(drop=True)
    usable = usable_rows(labelled, collection.sets[0].features)
    kept = labelled.iloc[usable].reset_index(drop=True)
    return kept, [named[row] for row in usable]


def _study_alone(*given: Any) -> tuple[partial[ClusteringResult], IntArray]:
    with one_thread():  # a limit of OpenMP holds for the thread that sets it
        return _study(*given)


def _study(
    feature_set: FeatureSet,
    frame: pd.DataFrame,
    labels: Mapping[str, Sequence[str | None]],
    names: Sequence[str],
    split: splits.Split,
    histograms: Sequence[Histogram],
    seed: int,
    budget: Budget,
) -> tuple[partial[ClusteringResult], IntArray]:
    """One feature set, which lacks its study of k, and the cluster of each row."""
    clustering = cluster(frame, feature_set, seed=seed)
    deciding = fit_surrogate_forest(clustering, split, seed=seed)
    agreements = {
        name: agree(clustering.assigned, genres, clustering.k, seed=seed, shuffles=budget.shuffles)
        for name, genres in labels.items()
    }
    sampled = sample_rows(len(clustering.points), seed, SAMPLE)
    with one_thread():
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
        histograms,
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
