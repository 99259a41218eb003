"""Flow `report`: the report site."""

from prefect import flow
from prefect.states import State

from genrelab.settings import load_settings
from tasks.report import write_report


@flow
def report() -> list[State]:
    """Write the report site from what every step last found."""
    return [write_report(load_settings())]
