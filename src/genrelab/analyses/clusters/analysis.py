"""Do clusters by sound match the genres that people name?"""

from dataclasses import replace

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.clusters.result import CollectionClusters

SPOTIFY_CLUSTERS = Analysis(
    name="compare_clusters_spotify",
    folder="clusters",
    result=CollectionClusters,
    reads=("spotify_binned",),
    settings=("seed", "budget", "track_map", "rules"),
    facts=("bin_genres.rule_set",),
    compute="rows:compute_spotify",
    summary="summary:summarise",
    artifact="clusters-spotify",
    experiment="clusters",
    runs="runs:runs_of",
    pages=("clusters", "portraits", "cluster_study", "track_map"),
    sample_label="the clusters of",
    description="Cluster the tracks by k-means and compare the clusters with the genres.",
)
FMA_CLUSTERS = replace(
    SPOTIFY_CLUSTERS,
    name="compare_clusters_fma",
    reads=("fma_echonest", "fma_tracks"),
    settings=("seed", "budget", "track_map"),
    facts=(),
    compute="rows:compute_fma",
    artifact="clusters-fma",
)
CLUSTERS = (SPOTIFY_CLUSTERS, FMA_CLUSTERS)
NAMES = tuple(analysis.name for analysis in CLUSTERS)
