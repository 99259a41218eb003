"""Flow `report`: the report site."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.report import write_report


@flow
def report() -> list[State]:
    """Write the report site from what every step last found."""
    return [write_report(load_settings())]
