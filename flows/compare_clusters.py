"""Flow `compare_clusters`: k-means against human genres."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.clusters import cluster_spotify_tracks
from tasks.one_run import TOLD, one_at_a_time


@flow(name="compare_clusters", **TOLD)
@one_at_a_time
def compare_clusters() -> list[State]:
    """Cluster the tracks by their audio features and compare the clusters with the genres."""
    return [cluster_spotify_tracks(load_settings())]
