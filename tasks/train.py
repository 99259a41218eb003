"""Train the models of a task, log each to MLflow as it is done, and let the best challenge the champion.

Conventions: a training may run in a worker, beside another one. Everything that asks Prefect or tells people is done
by the process of the run; the worker reads the lake, and writes to MLflow alone.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import State, task
from prefect.cache_policies import NO_CACHE

from genrelab.errors import GenrelabError
from genrelab.lake import Lake
from genrelab.settings import Settings
from genrelab.workers import Workers
from tasks.artifacts import publish_rows
from tasks.drift_status import open_drifts
from tasks.step import Outcome, empty_tables, nothing_to_do, run_step, version_ids
from tasks.tracking_place import is_there, tracking_identity

if TYPE_CHECKING:
    from genrelab.models.task import Task
    from genrelab.table_version import TableVersion

READS = {
    "spotify-bins-classic": ("spotify_binned",),
    "spotify-bins-reviewed": ("spotify_binned",),
    "fma-top-genre": ("fma_tracks", "fma_echonest"),
    "fma-small-genres": ("fma_tracks", "fma_features"),
    "fma-three-genres": ("fma_tracks", "fma_features"),
    "fma-top-ten-genres": ("fma_tracks", "fma_echonest"),
    "fma-top-ten-genres-artists": ("fma_tracks", "fma_echonest"),
    "spotify-bins-classic-twelve": ("spotify_binned",),
    "spotify-bins-classic-popularity": ("spotify_binned",),
    "spotify-bins-classic-titles": ("spotify_binned",),
}
"""Tables that each training task reads, as its declaration says: told here so that a skipped one imports no model.
In the order of training; when time is short, the last ones are left out first."""

NO_CHALLENGE = {"reason": "a variant, to compare: no champion"}

VARIANTS = "variants"
"""Where the facts of a step hold the trainings for further sets of features."""

KEY_METRICS = ("accuracy", "macro_f1", "log_loss")

SIDE_BY_SIDE = 2
"""Trainings at once, where there are as many cores. One core each does more than both for one after the other, since
much of a training uses a single one; more at once would mostly take more memory: up to 5 GB each."""

_opening = threading.Lock()  # MLflow's database and experiments are made by one training at a time


@dataclass(frozen=True)
class Terms:
    """What a training works with.

    Args:
        seed: Seed of everything random.
        cores: Processor cores it may use.
        budget: How much work it may do.
    """

    seed: int
    cores: int
    budget: str


@dataclass(frozen=True)
class TimeBudget:
    """The time that all trainings of a run share.

    Args:
        seconds: How much; 0 for no limit.
        started: Moment of `time.monotonic` at which the run began.
    """

    seconds: float
    started: float

    @property
    def deadline(self) -> float | None:
        """Moment after which no further fit is begun; None without a limit."""
        return self.started + self.seconds if self.seconds else None


def time_budget(settings: Settings) -> TimeBudget:
    """The time that trainings begun now may take, from `training.seconds`."""
    return TimeBudget(settings.training_seconds, time.monotonic())


def lanes(settings: Settings) -> int:
    """How many trainings run side by side."""
    return min(SIDE_BY_SIDE, settings.cores)


def step_of(name: str) -> str:
    """Name of the step that trains a task, and of its record."""
    return f"train_{name.replace('-', '_')}"


@task(task_run_name="train {name}", cache_policy=NO_CACHE)
def train_genres(
    name: str, settings: Settings, budget: TimeBudget | None = None, workers: Workers | None = None
) -> State[Any]:
    """Train the models of one task and let the best challenge the champion.

    Args:
        name: Name of the task, one of `READS`.
        settings: What the run works with.
        budget: Time shared with the other tasks of the run; None takes all that the settings allow.
        workers: Who trains, `lanes` of them; None for this process.
    """
    tables, step = READS[name], step_of(name)
    empty = empty_tables(settings.home, *tables)
    if empty:
        return nothing_to_do(step, f"{', '.join(empty)} has no rows")
    inputs = {
        **version_ids(settings.home, *tables),
        "budget": settings.budget,
        "seconds": settings.training_seconds,
        "seed": settings.seed,
        "tracking": tracking_identity(settings.home),
        "drift": open_drifts(settings.home, tables),  # accepting one gives the challenger another try
    }
    return run_step(
        step,
        settings.home,
        inputs,
        lambda: _work(name, settings, (budget or time_budget(settings)).deadline, workers),
        is_there=lambda: is_there(settings.home),
    )


def _work(name: str, settings: Settings, deadline: float | None, workers: Workers | None) -> Outcome:
    from genrelab.models.tasks import TASKS  # noqa: PLC0415 - a skipped step needs no models
    from tasks.champion import announce  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415

    with _opening:
        connect(settings.home).experiment(TASKS[name].experiment)
    if workers is None:
        outcome = train_and_judge(name, settings, settings.cores, deadline)
    else:
        outcome = workers.run(train_and_judge, name, settings, settings.cores // lanes(settings), deadline)
    for facts in trainings_of(outcome.facts):
        announce(facts["task"], facts["champion"], is_sample=facts["sample"])
        _publish_scores(facts["task"], facts)
    return outcome


def trainings_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The facts of a step, one for each set of features that it trained for; none where it was left out."""
    first = {name: value for name, value in facts.items() if name != VARIANTS}
    return [first, *facts.get(VARIANTS, ())] if first else []


def train_and_judge(name: str, settings: Settings, cores: int, deadline: float | None) -> Outcome:
    """Train the models of one task for each set of features, log them to MLflow and judge the best of each.

    May run in any process.

    Args:
        name: Name of the task.
        settings: What the run works with.
        cores: Processor cores to train on.
        deadline: Moment of `time.monotonic`, which is the same for all processes, after which no fit is begun.

    Raises:
        GenrelabError: Nothing could be trained.
    """
    from genrelab.models.data import UnfitError  # noqa: PLC0415 - a skipped step needs none of them
    from genrelab.models.feature_sets import tasks_for  # noqa: PLC0415
    from genrelab.models.tasks import TASKS  # noqa: PLC0415

    chosen = TASKS[name]
    lake = Lake(settings.home)
    versions = {table: lake.current(table) for table in chosen.columns}
    version = versions[chosen.table]
    terms = Terms(settings.seed, cores, settings.budget or ("quick" if version.is_sample else "nightly"))
    tables = {table: lake.read(table, chosen.columns[table], one.version) for table, one in versions.items()}
    done: list[Outcome] = []
    failures: list[GenrelabError] = []
    for one in tasks_for(chosen, tables):
        try:
            done.append(_train_one(one, tables, version, settings, terms, deadline))
        except GenrelabError as error:
            failures.append(error)
    if not done:
        if not (chosen.is_optional and isinstance(failures[0], UnfitError)):
            raise failures[0]
        return Outcome(f"{chosen.name}: left out: {failures[0].what}; found: {failures[0].found}")
    first, *others = (outcome.facts for outcome in done)
    told = [*(outcome.message.rstrip(".") for outcome in done[:-1]), done[-1].message, *map(str, failures)]
    return Outcome("; ".join(told), {**first, **({VARIANTS: others} if others else {})})


def _train_one(
    chosen: "Task",
    tables: Mapping[str, Any],
    version: "TableVersion",
    settings: Settings,
    terms: Terms,
    deadline: float | None,
) -> Outcome:
    """Train the models of a task for one set of features."""
    from genrelab.models.data import prepare  # noqa: PLC0415 - a skipped step needs none of them
    from genrelab.models.summary import training_summary  # noqa: PLC0415
    from genrelab.models.training import train_task  # noqa: PLC0415
    from genrelab.models.zoo import models_for  # noqa: PLC0415
    from tasks.champion import challenge  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415
    from tasks.training_log import TrainingLog  # noqa: PLC0415

    data = prepare(chosen, tables)
    with TrainingLog(connect(settings.home), chosen, data, version, terms) as log:
        models = models_for(chosen.family, terms.budget)
        trained = train_task(data, chosen, models, terms, log.add, deadline=deadline)
        log.complete(trained)
        verdict = challenge(log, trained) if chosen.has_champion else NO_CHALLENGE
    facts: Any = training_summary([trained])["tasks"][0]
    for run in facts["runs"]:
        run["run_id"] = log.run_ids[run["model"], run["duplicates"]]
    return Outcome(
        f"{chosen.name}: {len(trained.results)} runs on {version.table} version {version.version}, {data.note()}; "
        f"{verdict['reason']}",
        {
            **facts,
            "table": version.table,
            "table_version": version.version,
            "rule_set": chosen.rule_set,
            "sample": version.is_sample,
            "champion": verdict if chosen.has_champion else {},
        },
    )


def _publish_scores(name: str, facts: Any) -> None:
    rows = [
        {
            "model": run["label"],
            "duplicates": run["duplicates"],
            **{
                key: f"{score['value']:.3f} ({score['low']:.3f} to {score['high']:.3f})"
                for key, score in run["scores"].items()
                if key.split("/")[1] in KEY_METRICS
            },
        }
        for run in facts["runs"]
    ]
    publish_rows(f"scores-{name}", rows, "Scores with 95 % bootstrap intervals, by split.")
