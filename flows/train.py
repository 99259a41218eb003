"""Flow `train`: the models, logged to MLflow, challenger against champion."""

from typing import Any

from prefect import State, flow
from prefect.futures import wait
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from genrelab.models.tasks import TASKS
from genrelab.runtime.choices import Budget
from genrelab.runtime.settings import load_settings
from genrelab.runtime.workers import Workers
from tasks.measure_drift import measure_drift
from tasks.run.one_run import FAILURE_HOOKS, one_at_a_time
from tasks.training.train import SIDE_BY_SIDE, max_parallel, time_budget, train_genres

_THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(SIDE_BY_SIDE)  # each waits for a worker


@flow(name="train", task_runner=_THREADS, **FAILURE_HOOKS)
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
    with Workers(max_parallel(settings)) as workers:
        trainings = [train_genres.submit(name, settings, time, workers) for name in TASKS]
        wait(trainings)
    return [drift, *(training.state for training in trainings)]
