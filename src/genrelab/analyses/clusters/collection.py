"""Everything about the clusters of one collection: each feature set against each labelling, portraits, k, map.

Conventions: all feature sets cluster the same rows (`genrelab.analyses.clusters.tracks`). Another labelling is compared
on the rows that it names.

MLflow and drawing do not belong here.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from genrelab.analyses.clusters.budgets import BUDGETS, Budget
from genrelab.analyses.clusters.kmeans import CLUSTERS, STARTS, check_rows
from genrelab.analyses.clusters.portraits import make_histograms
from genrelab.analyses.clusters.result import CollectionClusters, FeatureBars, LabelCount
from genrelab.analyses.clusters.set_study import SharedRows, study_sets
from genrelab.analyses.clusters.track_map import track_map
from genrelab.analyses.clusters.tracks import DrawnTracks
from genrelab.evaluation import splits
from genrelab.lake.version import TableVersion


def study_collection(
    drawn: DrawnTracks,
    names: Sequence[str],
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
        drawn: Its tracks.
        names: What to call each track.
        seed: Seed of everything random.
        budget: How much work it may be.
        budget_name: Its name.
        version: The version of the table that the tracks come from.
        cores: Processor cores; each works on a feature set of its own.
        with_umap: Whether the map is drawn by UMAP too.
        advance: Called with the count of finished feature sets and the title of the last.

    Raises:
        GenrelabError: See `check_rows`; or too few tracks for the split.
    """
    collection = drawn.collection
    features = collection.sets[0].features
    kept = drawn.rows.select(list(features)).to_pandas()
    values = kept.to_numpy(dtype=np.float64)
    check_rows(values, features, left_out=drawn.with_genre - drawn.usable)
    of_row = {name: drawn.rows[column].to_pylist() for name, column in drawn.labels.items()}
    of_row = {name: given for name, given in of_row.items() if any(genre is not None for genre in given)}
    split = splits.author([str(genre) for genre in of_row[collection.rows_by]])
    histograms = make_histograms(kept, features)

    given = SharedRows(kept, of_row, names, split, histograms, seed, budget)
    found = study_sets(given, collection.sets, cores, advance)
    groups: dict[str, Sequence[Any]] = {f"genre:{name}": given for name, given in of_row.items()}
    groups |= {f"cluster:{one.feature_set}": assigned.tolist() for one, assigned in found}
    return CollectionClusters(
        name=collection.name,
        title=collection.title,
        table=collection.table,
        table_version=version.version if version else 0,
        sample=version.is_sample if version else False,
        budget=budget_name,
        read=drawn.read,
        rows=len(kept),
        of=drawn.usable,
        without_genre=drawn.read - drawn.with_genre,
        without_features=drawn.with_genre - drawn.usable,
        rows_by=collection.rows_by,
        labels=tuple(
            LabelCount(name, sum(genre is not None for genre in given)) for name, given in of_row.items()
        ),
        features=tuple(features),
        absent=drawn.absent,
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
            values,
            features,
            names,
            groups,
            seed=seed,
            points=budget.points,
            with_umap=with_umap,
        ),
    )
