"""Flow `report`: the report site."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.analysis import run_analyses
from tasks.one_run import TOLD
from tasks.report import write_report


@flow(name="report", **TOLD)
def report() -> list[State]:
    """Summarise the features by genre, then write the report site from what every step last found."""
    settings = load_settings()
    # A report without these pages is better than none: its own state stays what it is.
    return [*run_analyses("report", settings), write_report(settings)]
