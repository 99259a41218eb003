"""Flow `train`: train the models, log them to MLflow, and compare the best with the champion."""

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
    """Measure the drift of the tables, train the models of every task and compare the best with the champion.

    Args:
        budget: How many models and searches training may run; `configured` uses that of genrelab.toml, or by default
            quick on sample data and nightly on real data.
    """
    settings = load_settings(budget=budget)
    time = time_budget(settings)
    # Training continues even if drift is found or cannot be measured; that only blocks a new champion.
    drift = measure_drift(settings, return_state=True)
    with Workers(max_parallel(settings)) as workers:
        trainings = [train_genres.submit(name, settings, time, workers) for name in TASKS]
        wait(trainings)
    return [drift, *(training.state for training in trainings)]
