"""Clusters against genres: k-means on audio features as a second opinion on what people call genres.

`study_collection` clusters one collection by each of its feature sets and compares the clusters with its genres;
`cluster` and `agree` are its two steps, `study_k` judges every number of clusters, `cost_history` follows one start.

Drawing and logging do not belong here.
"""

from genrelab.analyses.clusters.agreement import AGREEMENT, Agreement, agree
from genrelab.analyses.clusters.collection import (
    BUDGETS,
    FMA,
    SPOTIFY,
    Budget,
    Collection,
    study_collection,
)
from genrelab.analyses.clusters.feature_sets import FEATURE_SETS, FeatureSet, feature_sets
from genrelab.analyses.clusters.history import cost_histories, cost_history
from genrelab.analyses.clusters.kmeans import CLUSTERS, Clustering, cluster, one_thread, usable_rows
from genrelab.analyses.clusters.study import study_k
from genrelab.analyses.clusters.track_map import check_umap, track_map

__all__ = [
    "AGREEMENT",
    "BUDGETS",
    "CLUSTERS",
    "FEATURE_SETS",
    "FMA",
    "SPOTIFY",
    "Agreement",
    "Budget",
    "Clustering",
    "Collection",
    "FeatureSet",
    "agree",
    "check_umap",
    "cluster",
    "cost_histories",
    "cost_history",
    "feature_sets",
    "one_thread",
    "study_collection",
    "study_k",
    "track_map",
    "usable_rows",
]
