"""Flow `train`: the models, logged to MLflow, challenger against champion."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.train import READS, train_genres


@flow(name="train")
def train(budget: str | None = None) -> list[State]:
    """Train the models of every task and let the best challenge the champion.

    Args:
        budget: How much work training may do: quick, nightly or thorough; empty takes the configured one.
    """
    settings = load_settings(budget=budget)
    return [train_genres(name, settings) for name in READS]
