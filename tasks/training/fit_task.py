"""Train the models of a task, log each to MLflow, and compare the best one with the champion.

Conventions: the fits of a training run in worker processes, which several trainings share; so does the comparison with
the champion, since the model that is stored is as large as a forest. Only the process of the run uses Prefect, logs
runs and sends notifications.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from genrelab.analyses.analysis import budget_of
from genrelab.analyses.training.collection import training_of
from genrelab.analyses.training.result import Training, Trainings, Verdict
from genrelab.analyses.training.summary import score_rows
from genrelab.evaluation.samples import read_sample
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.models import zoo
from genrelab.models.data import UnfitError, prepare
from genrelab.models.feature_sets import tasks_for
from genrelab.models.jobs import Runner
from genrelab.models.suspect_labels import judge_suspects
from genrelab.models.task import Task
from genrelab.models.tasks import TASKS
from genrelab.models.training import Trained, best_candidate, train_task, with_estimator
from genrelab.runtime.dask_workers import DaskWorkers
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from genrelab.runtime.workers import Workers
from tasks.run.artifacts import publish_rows
from tasks.run.step import Outcome
from tasks.tracking.client import connect
from tasks.tracking.descriptions import describe
from tasks.training.champion import announce, challenge
from tasks.training.training_log import LoggedTraining, TrainingLog

TREE_COLUMNS = ("genre_id", "parent_id", "title")
"""Columns of the table of a tree (`genrelab.models.task.Task.tree`)."""

NO_CHALLENGE = "a variant for comparison only, without a champion"

_opening = threading.Lock()
"""Only one training at a time creates MLflow's database and experiments, or describes them."""


@dataclass(frozen=True)
class TrainingParams:
    """The parameters of a training.

    Args:
        seed: Seed of everything random.
        cores: Processor cores it may use.
        budget: How much work it may do.
    """

    seed: int
    cores: int
    budget: str


def run_training(
    name: str, settings: Settings, deadline: float | None, workers: Workers | DaskWorkers | None, cores: int
) -> Outcome:
    """Train the models of one task, report the results and return the outcome.

    Args:
        name: Name of the task.
        settings: Settings of the run.
        deadline: Moment of `time.monotonic` after which no fit is started.
        workers: The worker processes; None trains in this process.
        cores: Processor cores of one fit.

    Raises:
        GenrelabError: Nothing could be trained.
    """
    with _opening:
        connect(settings.home).experiment(TASKS[name].experiment)
    message, found = train_and_judge(name, settings, cores, deadline, workers.run if workers else None)
    for training in found.tasks:
        if training.champion:
            announce(training.task, training.champion, is_sample=training.sample)
        publish_rows(
            f"scores-{training.task}",
            score_rows(training),
            "Scores with 95 % bootstrap intervals, by split.",
        )
    with _opening:
        describe(connect(settings.home))
    return Outcome(message, encode(found))


def train_and_judge(
    name: str, settings: Settings, cores: int, deadline: float | None, runner: Runner | None = None
) -> tuple[str, Trainings]:
    """Train the models of one task for each set of features, log them, and compare the best with the champions.

    Args:
        name: Name of the task.
        settings: Settings of the run.
        cores: Processor cores of one fit.
        deadline: Moment of `time.monotonic`, which is the same for all processes, after which no fit is started.
        runner: Runs a fit in a worker process; None fits in this one.

    Returns:
        One line for the user, and the results; no results if the source lacks what an optional task needs.

    Raises:
        GenrelabError: Nothing could be trained.
    """
    chosen = TASKS[name]
    lake = Lake(settings.home)
    versions = {table: lake.current(table) for table in chosen.columns}
    tree = lake.find(chosen.tree) if chosen.tree else None
    context = TrainingParams(
        settings.seed, cores, budget_of(settings.budget, is_sample=versions[chosen.table].is_sample)
    )
    tables = {
        table: lake.read(table, chosen.columns_in(table, lake.columns(table, one.version)), one.version)
        for table, one in versions.items()
        if table != chosen.table
    }
    rows = lake.stored(chosen.table, versions[chosen.table].version)
    columns = chosen.columns_in(chosen.table, rows.column_names)
    tables[chosen.table], drawn = read_sample(
        rows, columns, chosen.group, settings.training_rows, settings.seed
    )
    if tree:
        tables[chosen.tree] = lake.read(chosen.tree, TREE_COLUMNS, tree.version)
        versions[chosen.tree] = tree
    done: list[tuple[str, Training]] = []
    failures: list[GenrelabError] = []
    for one in tasks_for(chosen, tables):
        try:
            done.append(
                _train_one(one, tables, drawn, tuple(versions.values()), settings, context, deadline, runner)
            )
        except GenrelabError as error:
            failures.append(error)
    if not done:
        if not (chosen.is_optional and isinstance(failures[0], UnfitError)):
            raise failures[0]
        return f"{chosen.name} skipped: {failures[0].what}; found: {failures[0].found}", Trainings(())
    messages, found = zip(*done, strict=True)
    sentences = [*(message.rstrip(".") for message in messages[:-1]), messages[-1], *map(str, failures)]
    return "; ".join(sentences), Trainings(found)


def _train_one(
    chosen: Task,
    tables: Mapping[str, pa.Table],
    drawn: str,
    versions: tuple[TableVersion, ...],
    settings: Settings,
    context: TrainingParams,
    deadline: float | None,
    runner: Runner | None,
) -> tuple[str, Training]:
    """Train the models of a task for one set of features."""
    prepared, verdict, version = prepare(chosen, tables, drawn), None, versions[0]
    asked = chosen, prepared, context
    data = runner(judge_suspects, *asked) if runner else judge_suspects(*asked)
    with _opening:
        tracking = connect(settings.home)
    with TrainingLog(tracking, chosen, data, versions, context) as log:
        models = zoo.models_for(chosen.family, context.budget)
        trained = train_task(data, chosen, models, context, log.add, deadline=deadline, runner=runner)
        log.wait()
        if chosen.has_champion:
            best = best_candidate(trained)
            alone = replace(trained, results=(best,) if best else ())
            given = settings.home, alone, versions, context, log.run_ids
            alone, verdict = runner(judge_elsewhere, *given) if runner else judge(*given)
            results = (alone.results[0] if each is best else each for each in trained.results)
            trained = replace(trained, results=tuple(results))
        log.complete(trained)
    message = f"{chosen.name}: {len(trained.results)} runs on {version.table} version {version.version}, {data.note()}"
    return (
        f"{message}; {verdict.reason if verdict else NO_CHALLENGE}",
        training_of(trained, version, log.run_ids, verdict),
    )


def judge(
    home: Home,
    trained: Trained,
    versions: tuple[TableVersion, ...],
    context: TrainingParams,
    run_ids: Mapping[tuple[str, str], str],
) -> tuple[Trained, Verdict]:
    """Fit the best candidate again if it has no estimator, and compare it with the champion; may run in any process.

    Args:
        home: The home to use.
        trained: The training, with the result of the best candidate alone.
        versions: The versions of its tables, the main one first.
        context: The parameters of the training.
        run_ids: Id of the run of each model and variant.

    Returns:
        The same with the candidate complete, and the decision.

    Raises:
        GenrelabError: The candidate cannot be fitted again.
    """
    complete = with_estimator(trained, context)
    log = LoggedTraining(connect(home), trained.data, versions, context, run_ids)
    return complete, challenge(log, complete)


def judge_elsewhere(home: Home, trained: Trained, *given: Any) -> tuple[Trained, Verdict]:
    """As `judge`, in a worker process: the estimator stays there."""
    complete, verdict = judge(home, trained, *given)
    return replace(
        complete, results=tuple(replace(each, estimator=None) for each in complete.results)
    ), verdict
