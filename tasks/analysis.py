"""The task that runs any analysis: skipped when nothing that it reads has changed, else computed, logged and recorded.

What an analysis reads, computes and logs is its declaration (`genrelab.analyses`); nothing here knows what it is about.
"""

from collections.abc import Mapping
from typing import Any

from prefect import State, task

from genrelab.analyses.analysis import Analysis, Summary
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.records import encode
from genrelab.analyses.registry import BY_NAME
from genrelab.home import Home
from genrelab.settings import Settings
from tasks.artifacts import publish_rows
from tasks.step import Outcome, empty_tables, facts_of, nothing_to_do, run_step, version_ids
from tasks.tracking_place import is_there, tracking_identity


@task(task_run_name="{name}")
def run_analysis(name: str, settings: Settings) -> State[Any]:
    """Compute an analysis, log its runs to MLflow and keep its result for the report.

    Args:
        name: Name of its step, one of `genrelab.analyses.registry.BY_NAME`.
        settings: What the run works with.
    """
    analysis, home = BY_NAME[name], settings.home
    empty = empty_tables(home, *analysis.reads)
    if empty:
        return nothing_to_do(name, f"{', '.join(empty)} has no rows")
    versions = version_ids(home, *analysis.tables)
    if not (analysis.reads or any(versions.values())):
        return nothing_to_do(name, f"none of the tables {', '.join(analysis.tables)} has been published")
    facts = {fact: _fact(home, fact) for fact in analysis.facts}
    inputs: dict[str, object] = {
        **versions,
        **facts,
        **{setting: getattr(settings, setting) for setting in analysis.settings},
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
    inputs = Inputs(analysis, settings, facts)
    result = analysis.load(analysis.compute)(inputs)
    run_ids: dict[str, str] = {}
    if analysis.experiment:
        # Nothing is logged before everything is computed: a refused table leaves no run.
        from tasks.run_tree import log_runs  # noqa: PLC0415 - imports MLflow, which a skipped step does without

        run_ids = log_runs(settings.home, analysis.experiment, analysis.load(analysis.runs)(result), inputs)
    told: Summary = analysis.load(analysis.summary)(result)
    publish_rows(analysis.artifact, told.rows, told.about)
    return Outcome(told.message, encode(result), run_ids=run_ids)


def _fact(home: Home, name: str) -> object:
    step, _, key = name.partition(".")
    return facts_of(home, step).get(key)
