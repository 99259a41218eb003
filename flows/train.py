"""Flow `train`: train the models, log them to MLflow, and compare the best with the champion."""

from typing import Any

from prefect import State, flow, get_run_logger
from prefect.futures import PrefectFuture, wait
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from genrelab.models.tasks import chosen_tasks
from genrelab.runtime.choices import Budget
from genrelab.runtime.settings import load_settings
from tasks.measure_drift import measure_drift
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time
from tasks.training.train import (
    LOG_EVERY_SECONDS,
    SIDE_BY_SIDE,
    progress_line,
    time_budget,
    train_genres,
    workers_for,
)

_THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(SIDE_BY_SIDE)  # each waits for a worker


@flow(name="train", task_runner=_THREADS, **RUN_OPTIONS)
@one_at_a_time
def train(budget: Budget = "configured", tasks: list[str] = []) -> list[State]:  # noqa: B006 - the default of a form
    """Measure the drift of the tables, train the models of every task and compare the best with the champion.

    Args:
        budget: How many models and searches training may run; `configured` uses that of genrelab.toml, or by default
            quick on sample data and nightly on real data.
        tasks: Names of the tasks to train; none for all.
    """
    names = chosen_tasks(tasks)
    settings = load_settings(budget=budget)
    time = time_budget(settings)
    # Training continues even if drift is found or cannot be measured; that only blocks a new champion.
    drift = measure_drift(settings, return_state=True)
    with workers_for(settings) as workers:
        trainings = {name: train_genres.submit(name, settings, time, workers) for name in names}
        _wait(trainings)
    return [drift, *(training.state for training in trainings.values())]


def _wait(trainings: dict[str, PrefectFuture[Any]]) -> None:
    """Wait for all trainings, and log what is still running."""
    while wait(list(trainings.values()), timeout=LOG_EVERY_SECONDS).not_done:
        get_run_logger().info(progress_line({name: one.state for name, one in trainings.items()}))
    for training in trainings.values():
        training.wait()  # gives it its final state; else Prefect asks the server, which may not know it yet
