"""Flow `report`: the report site."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.report import write_report
from tasks.run.one_run import FAILURE_HOOKS


@flow(name="report", **FAILURE_HOOKS)
def report() -> list[State]:
    """Summarise the features by genre, then write the report site from what every step last found."""
    settings = load_settings()
    # A report without these pages is better than none: its own state stays what it is.
    return [*run_analyses("report", settings), write_report(settings)]
