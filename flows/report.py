"""Flow `report`: write the report site."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.report import write_report
from tasks.run.one_run import FAILURE_HOOKS


@flow(name="report", **FAILURE_HOOKS)
def report() -> list[State]:
    """Summarise the features by genre, then write the report site from the last results of every step."""
    settings = load_settings()
    # If the analyses fail, the report is still written, without their pages.
    return [*run_analyses("report", settings), write_report(settings)]
