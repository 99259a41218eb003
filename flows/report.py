"""Flow `report`: write the report site."""

from prefect import flow

from genrelab.lake.shared_records import refresh_records
from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.report import write_report
from tasks.run.one_run import RUN_OPTIONS, with_reasons
from tasks.run.release import require_same_release


@flow(name="report", **RUN_OPTIONS)
def report() -> object:
    """Summarise the features by genre, then write the report site from the last results of every step."""
    require_same_release()
    settings = load_settings()
    refresh_records(settings.home)
    # If the analyses fail, the report is still written, without their pages.
    return with_reasons([*run_analyses("report", settings), write_report(settings)])
