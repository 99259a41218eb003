"""Train the models of a task, log each to MLflow as it is done, and let the best challenge the champion."""

from dataclasses import dataclass
from typing import Any

from prefect import State, task

from genrelab.lake import Lake
from genrelab.settings import Settings
from tasks.artifacts import publish_rows
from tasks.drift_standing import open_drifts
from tasks.step import Outcome, empty_tables, nothing_to_do, run_step, version_ids
from tasks.tracking_place import is_there, tracking_uri

READS = {
    "spotify-bins-classic": ("spotify_binned",),
    "spotify-bins-reviewed": ("spotify_binned",),
    "fma-top-genre": ("fma_tracks", "fma_echonest"),
}
"""Tables that each training task reads, as its declaration says: told here so that a skipped one imports no model."""

KEY_METRICS = ("accuracy", "macro_f1", "log_loss")


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


def step_of(name: str) -> str:
    """Name of the step that trains a task, and of its record."""
    return f"train_{name.replace('-', '_')}"


@task(task_run_name="train {name}")
def train_genres(name: str, settings: Settings) -> State[Any]:
    """Train the models of one task and let the best challenge the champion.

    Args:
        name: Name of the task, one of `READS`.
        settings: What the run works with.
    """
    tables, step = READS[name], step_of(name)
    empty = empty_tables(settings.home, *tables)
    if empty:
        return nothing_to_do(step, f"{', '.join(empty)} has no rows")
    inputs = {
        **version_ids(settings.home, *tables),
        "budget": settings.budget,
        "seed": settings.seed,
        "tracking": tracking_uri(settings.home),
        "drift": open_drifts(settings.home, tables),  # accepting one gives the challenger another try
    }
    return run_step(
        step,
        settings.home,
        inputs,
        lambda: _work(name, settings),
        is_there=lambda: is_there(settings.home),
    )


def _work(name: str, settings: Settings) -> Outcome:
    from genrelab.models.tasks import TASKS, prepare  # noqa: PLC0415 - a skipped step needs none of them
    from genrelab.models.training import train_task, training_summary  # noqa: PLC0415
    from genrelab.models.zoo import models_for  # noqa: PLC0415
    from tasks.champion import challenge  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415
    from tasks.training_log import TrainingLog  # noqa: PLC0415

    chosen = TASKS[name]
    lake = Lake(settings.home)
    versions = {table: lake.current(table) for table in chosen.columns}
    is_sample = versions[chosen.table].is_sample
    terms = Terms(settings.seed, settings.cores, settings.budget or ("quick" if is_sample else "nightly"))
    tables = {
        table: lake.read(table, chosen.columns[table], version.version) for table, version in versions.items()
    }
    data = prepare(chosen, tables)
    with TrainingLog(connect(settings.home), chosen, data, versions[chosen.table], terms) as log:
        trained = train_task(data, chosen, models_for(chosen.family), terms, log.add)
        verdict = challenge(log, trained)
    facts: Any = training_summary([trained])["tasks"][0]
    for run in facts["runs"]:
        run["run_id"] = log.run_ids[run["model"], run["duplicates"]]
    version = versions[chosen.table]
    _publish_scores(chosen.name, facts)
    return Outcome(
        f"{chosen.name}: {len(trained.results)} runs on {version.table} version {version.version}, {data.note()}; "
        f"{verdict['reason']}",
        {
            **facts,
            "table": version.table,
            "table_version": version.version,
            "rule_set": chosen.rule_set,
            "sample": version.is_sample,
            "champion": verdict,
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
