"""Everything about the clusters of one collection: each feature set against each labelling, portraits, k, map.

Conventions: all feature sets cluster the same rows, those that have every feature and a genre by the labelling named
`rows_by` (for Spotify `classic`: the capstone project's rows); of more than `MOST_ROWS`
(`genrelab.evaluation.samples`) a sample. A feature that so many of them lack that fewer values
would be left is left out, and named (`genrelab.sources.present`). Another labelling is compared on
the rows that it names.

MLflow and drawing do not belong here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from genrelab.analyses.clusters.budgets import BUDGETS, Budget
from genrelab.analyses.clusters.feature_sets import ECHONEST_SETS, SPOTIFY_SETS, FeatureSet, feature_sets
from genrelab.analyses.clusters.kmeans import CLUSTERS, STARTS, usable_rows
from genrelab.analyses.clusters.portraits import make_histograms
from genrelab.analyses.clusters.result import CollectionClusters, FeatureBars, LabelCount
from genrelab.analyses.clusters.set_study import SharedRows, study_sets
from genrelab.analyses.clusters.track_map import track_map
from genrelab.evaluation import splits
from genrelab.evaluation.samples import sample_rows
from genrelab.lake.version import TableVersion
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

    given = SharedRows(kept, of_row, called, split, histograms, seed, budget)
    found = study_sets(given, collection.sets, cores, advance)
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
