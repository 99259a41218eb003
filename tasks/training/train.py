"""The step that trains the models of a task, skipped if its inputs have not changed.

The training itself belongs in `tasks.training.fit_task`, which imports all models and MLflow; a skipped step does not
need them.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prefect import State, task
from prefect.cache_policies import NO_CACHE

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import Trainings
from genrelab.models.tasks import TASKS
from genrelab.runtime import engine
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.runtime.settings import Settings
from genrelab.runtime.workers import Workers
from tasks.run.step import Outcome, empty_tables, nothing_to_do, read_record, run_step, version_ids
from tasks.tracking.champion_versions import task_of
from tasks.tracking.place import is_there, tracking_identity
from tasks.training.table_drift import open_drifts

SIDE_BY_SIDE = 2
"""Maximum number of worker processes, and of trainings that share them. Fits of one core each, side by side, are faster
than one after the other on all cores, because much of a fit uses a single core; more in parallel would mainly need more
memory, up to 5 GB each."""


LOG_EVERY_SECONDS = 25.0
"""How often the log of a training says what is running."""


@dataclass(frozen=True)
class TimeBudget:
    """The time that all trainings of a run share.

    Args:
        seconds: The time in seconds; 0 for no limit.
        started: Moment of `time.monotonic` at which the run began.
    """

    seconds: float
    started: float

    @property
    def deadline(self) -> float | None:
        """Moment after which no further fit is started; None without a limit."""
        return self.started + self.seconds if self.seconds else None


def time_budget(settings: Settings) -> TimeBudget:
    """Return the time budget of trainings that start now, from `training.seconds`."""
    return TimeBudget(settings.training_seconds, time.monotonic())


def max_parallel(settings: Settings) -> int:
    """Return how many fits run in parallel."""
    return min(SIDE_BY_SIDE, settings.cores)


def workers_for(settings: Settings) -> Workers | DaskWorkers:
    """Return the workers of `training.engine`, to be entered."""
    return engine.workers_of(settings, max_parallel(settings))


def progress_line(states: Mapping[str, State[Any]]) -> str:
    """Return a line for the log of a training: how many tasks are done, and which are being trained since when.

    Args:
        states: State of each task by its name.
    """
    now = datetime.now(UTC)
    running = [
        f"{name} (for {(now - state.timestamp).total_seconds():,.0f} s)"
        for name, state in states.items()
        if state.is_running()
    ]
    done = sum(state.is_final() for state in states.values())
    return f"{done} of {len(states)} tasks done; training {', '.join(running) or 'nothing'}"


def step_of(name: str) -> str:
    """Return the name of the step that trains a task, and of its record."""
    return f"train_{name.replace('-', '_')}"


def all_trainings(home: Home) -> Trainings | None:
    """Return the last results of the trainings of all tasks; None if none has run."""
    records = (read_record(home.state / f"{step_of(name)}.json") for name in TASKS)
    found = [one for record in records if record and (one := decode(Trainings, record.facts))]
    tasks = tuple(task for one in found for task in one.tasks)
    return Trainings(tasks) if tasks else None


@task(task_run_name="train {name}", cache_policy=NO_CACHE)
def train_genres(
    name: str,
    settings: Settings,
    budget: TimeBudget | None = None,
    workers: Workers | DaskWorkers | None = None,
) -> State[None]:
    """Train the models of one task and compare the best one with the champion.

    Args:
        name: Name of the task, one of `TASKS`.
        settings: Settings of the run.
        budget: Time shared with the other tasks of the run; None uses all that the settings allow.
        workers: `max_parallel` worker processes, shared with other trainings; None trains in this process.
    """
    tables, step = tuple(TASKS[name].columns), step_of(name)
    empty = empty_tables(settings.home, *tables)
    if empty:
        return nothing_to_do(settings.home, step, f"{', '.join(empty)} has no rows")
    tree = [TASKS[name].tree] if TASKS[name].tree else []
    inputs = {
        **version_ids(settings.home, *tables, *tree),
        "budget": settings.budget,
        "seconds": settings.training_seconds,
        "rows": settings.training_rows,
        "seed": settings.seed,
        "tracking": tracking_identity(settings.home),
        # accepting a drift lets the training run again
        "drift": open_drifts(settings.home, tables, lambda model: task_of(model) == name),
    }

    def work() -> Outcome:
        from tasks.training.fit_task import run_training  # noqa: PLC0415 - a skipped step needs no models

        deadline = (budget or time_budget(settings)).deadline
        cores = settings.cores // max_parallel(settings) if workers else settings.cores
        return run_training(name, settings, deadline, workers, cores)

    return run_step(
        step,
        settings.home,
        inputs,
        work,
        is_there=lambda: is_there(settings.home),
        holds=TRAINING.fits,
        code=(TRAINING.folder,),
    )
