"""Flow `train`: the models, logged to MLflow, challenger against champion."""

from prefect import State, flow

from genrelab.settings import Budget, load_settings
from tasks.drift import measure_drift
from tasks.one_run import TOLD, one_at_a_time
from tasks.train import READS, time_budget, train_genres


@flow(name="train", **TOLD)
@one_at_a_time
def train(budget: Budget = "configured") -> list[State]:
    """Measure the drift of the tables, train the models of every task and let the best challenge the champion.

    Args:
        budget: How much work training may do; `configured` takes the one of genrelab.toml, and without one quick
            on sample data, nightly on real data.
    """
    settings = load_settings(budget=budget)
    time = time_budget(settings)
    # Training goes on whatever becomes of the drift: a drift, known or unknown, is in the way of a champion only.
    drift = measure_drift(settings, return_state=True)
    return [drift, *(train_genres(name, settings, time) for name in READS)]
