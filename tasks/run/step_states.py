"""The state of every step after a run: done, unchanged, left out, or failed with what depends on it."""

import re
from collections.abc import Mapping

from genrelab.analyses.registry import ANALYSES, BY_NAME, flow_of
from genrelab.analyses.run_history.result import DONE, FAILED, LEFT_OUT, UNCHANGED, RunStep
from genrelab.analyses.run_history.status import at
from genrelab.lake.version import TableVersion
from genrelab.runtime.home import Home
from tasks.run.step import Failure, StepRecord, failures, left_out, step_records

FETCHED_BY = {"scrape": "publish_scraped"}
"""Steps whose data another step publishes."""
NOTHING_TRAINED: dict[str, object] = {"tasks": []}
"""Facts of a training whose task needs what its source lacks."""
SHOW_ALL_TABLES = ("tables", "validation")


def flow_of_step(step: str) -> str:
    """Return the flow that runs a step."""
    if step.startswith("train_"):
        return "train"
    if step in BY_NAME:
        return flow_of(step)
    return {"publish_scraped": "scrape"}.get(step, step)


def steps_of(home: Home, newest: Mapping[str, TableVersion | None], began: str) -> tuple[RunStep, ...]:
    """Return every step as a run left it: those with a result in the order in which they were done, then the others.

    Args:
        home: The home.
        newest: The newest version of each table.
        began: When the run began.
    """
    records = step_records(home)
    failed, skipped = failures(home), left_out(home)
    ordered = sorted(records.values(), key=lambda record: (record.order, record.finished_at))
    names = dict.fromkeys([*(record.step for record in ordered), *skipped, *failed])
    return tuple(
        _step(name, records, failed.get(name), skipped[name].reason if name in skipped else "", newest, began)
        for name in names
    )


def _step(
    name: str,
    records: Mapping[str, StepRecord],
    failure: Failure | None,
    reason: str,
    newest: Mapping[str, TableVersion | None],
    began: str,
) -> RunStep:
    record = records.get(name)
    done = record.finished_at if record else ""
    seconds = record.seconds if record else 0.0
    flow = flow_of_step(name)
    if failure:
        good = records.get(FETCHED_BY.get(name, name))
        return RunStep(
            name,
            flow,
            FAILED,
            failure.message,
            seconds,
            done,
            since=failure.began,
            in_use=_in_words(good) if good else "",
            affects=_affected(name, good, newest),
        )
    if reason or (record and record.facts == NOTHING_TRAINED):
        return RunStep(name, flow, LEFT_OUT, reason or (record.message if record else ""), 0.0, done)
    state = DONE if done >= began else UNCHANGED
    return RunStep(name, flow, state, record.message if record else "", seconds, done)


def _in_words(record: StepRecord) -> str:
    """The last good result of a step: its tables with version and time, or the time alone."""
    tables = [
        f"{table} version {identity.partition('@')[0]} of {at(identity.partition('@')[2])}"
        for table, identity in record.published.items()
    ]
    return ", ".join(tables) or f"its result of {at(record.finished_at)}"


def _affected(
    step: str, good: StepRecord | None, newest: Mapping[str, TableVersion | None]
) -> tuple[str, ...]:
    """Steps and tables that depend on a step: its tables, those computed from them, and analyses that read any."""
    if step.startswith("train_"):
        return (step, "training", "predict", "predictions")
    tables = set(good.published if good else ()) | (
        {"spotify_tracks"} if flow_of_step(step) == "scrape" else set()
    )
    waiting = list(tables)
    while waiting:
        table = waiting.pop()
        derived = {
            name
            for name, version in newest.items()
            if version and re.search(rf"\b{re.escape(table)} version ", version.source)
        }
        waiting += sorted(derived - tables)
        tables |= derived
    reads = [analysis.name for analysis in ANALYSES if tables & set(analysis.tables)]
    bins = ["bin_genres", "training", "predict"] if "spotify_binned" in tables else []
    shown = SHOW_ALL_TABLES if tables else ()
    return tuple(dict.fromkeys([step, *sorted(tables), *bins, *reads, *shown]))
