"""Flow `compare_clusters`: k-means against human genres."""

from prefect import State, flow

from genrelab.analyses.clusters.analysis import NAMES
from genrelab.choices import Budget
from genrelab.settings import load_settings
from tasks.analysis import run_analysis
from tasks.one_run import TOLD, one_at_a_time


@flow(name="compare_clusters", **TOLD)
@one_at_a_time
def compare_clusters(budget: Budget = "configured") -> list[State]:
    """Cluster the tracks of every collection by their audio features and compare the clusters with the genres.

    Args:
        budget: How much work it may be; `configured` takes the one of genrelab.toml, and without one quick on
            sample data, nightly on real data.
    """
    settings = load_settings(budget=budget)
    return [run_analysis(name, settings) for name in NAMES]
