"""Flow `compare_clusters`: k-means against human genres."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.clusters import cluster_spotify_tracks


@flow(name="compare_clusters")
def compare_clusters() -> list[State]:
    """Cluster the tracks by their audio features and compare the clusters with the genres."""
    return [cluster_spotify_tracks(load_settings())]
