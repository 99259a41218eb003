"""The task that runs any analysis: skipped if its inputs have not changed, otherwise computed, logged and recorded.

The declaration of an analysis (`genrelab.analyses`) says what it reads, computes and logs; this module is generic.
"""

import time
from collections.abc import Mapping
from typing import Any

from prefect import State, task

from genrelab.analyses.analysis import Analysis, Summary, cannot_run
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.registry import BY_NAME, run_by
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.rules import rule_digests
from genrelab.runtime import engine
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from genrelab.tables import TABLES
from tasks.publishing.audit import PublishContext
from tasks.run.artifacts import publish_rows, publish_table_summary, publish_text
from tasks.run.step import Outcome, empty_tables, facts_of, nothing_to_do, refusal, run_step, version_ids
from tasks.tracking.place import is_there, tracking_identity

CONTENT = {"rules": rule_digests}
"""For settings that may name a file: functions that return its content, so that renaming it changes nothing."""


def run_analyses(flow: str, settings: Settings) -> list[State]:
    """Run the analyses of a flow one after the other; a failed one does not stop the others.

    Args:
        flow: Name of the flow.
        settings: Settings of the run.
    """
    states: list[State] = []
    for analysis in run_by(flow):
        state = run_analysis(analysis.name, settings, return_state=True)
        if state.name == "TimedOut":  # the time limit of the whole flow: do not start the others
            state.result()
        states.append(state)
    return states


@task(task_run_name="{name}")
def run_analysis(name: str, settings: Settings) -> State[None]:
    """Compute an analysis, log its runs to MLflow and keep its result for the report.

    Args:
        name: Name of its step, one of `genrelab.analyses.registry.BY_NAME`.
        settings: Settings of the run.
    """
    analysis, home = BY_NAME[name], settings.home
    if analysis.fault:
        return run_step(name, home, {}, refusal(cannot_run(name, analysis.fault)), always=True)
    empty = empty_tables(home, *analysis.reads)
    if empty:
        return nothing_to_do(home, name, f"{', '.join(empty)} has no rows")
    versions = version_ids(home, *analysis.tables)
    missing = [table for table in analysis.reads if not versions[table]]
    if analysis.is_optional and missing:
        return nothing_to_do(home, name, f"{', '.join(missing)} does not exist yet")
    if not (analysis.reads or any(versions.values())):
        return nothing_to_do(
            home, name, f"none of the tables {', '.join(analysis.tables)} has been published"
        )
    facts = {fact: _fact(home, fact) for fact in analysis.facts}
    inputs: dict[str, object] = {
        **versions,
        **facts,
        **{setting: _value(settings, setting) for setting in analysis.settings},
    }
    if analysis.experiment:
        inputs["tracking"] = tracking_identity(home)
    return run_step(
        name,
        home,
        inputs,
        lambda: _work(analysis, settings, facts),
        is_there=lambda: not analysis.experiment or is_there(home),
        holds=analysis.fits,
        code=(analysis.folder,),
    )


def _work(analysis: Analysis[Any], settings: Settings, facts: Mapping[str, object]) -> Outcome:
    started, inputs = time.monotonic(), Inputs(analysis, settings, facts)
    with engine.use(settings):
        result = analysis.load(analysis.compute)(inputs)
    published = _publish(inputs)
    run_ids: dict[str, str] = {}
    if analysis.experiment:
        # Log only after everything is computed, so that a refused table leaves no run.
        from tasks.tracking.run_tree import log_runs  # noqa: PLC0415 - imports MLflow, which a skipped step does without

        tree, seconds = analysis.load(analysis.runs)(result), time.monotonic() - started
        run_ids = log_runs(settings.home, analysis.experiment, tree, inputs, seconds)
    summary: Summary = analysis.load(analysis.summary)(result)
    publish_rows(analysis.artifact, summary.rows, summary.about)
    for key, text in summary.texts.items():
        publish_text(key, text)
    return Outcome(summary.message, encode(result), published, run_ids=run_ids)


def _publish(inputs: Inputs) -> tuple[TableVersion, ...]:
    """Publish the tables that the analysis computed."""
    if not inputs.tables:
        return ()
    from tasks.publishing import publish  # noqa: PLC0415 - imports Great Expectations

    lake, made_from = Lake(inputs.home), inputs.versions
    published = tuple(
        publish.publish_derived(lake, TABLES[name], rows, made_from)
        if len(rows)
        else publish.publish_empty(
            lake,
            TABLES[name],
            PublishContext.of_derived(lake.home, made_from, None),
            f"{inputs.analysis.name} has no rows",
        )
        for name, rows in inputs.tables.items()
    )
    publish_table_summary(published)
    return published


def _value(settings: Settings, name: str) -> object:
    value = getattr(settings, name)
    return CONTENT[name](value) if name in CONTENT else value


def _fact(home: Home, name: str) -> object:
    step, _, key = name.partition(".")
    return facts_of(home, step).get(key)
