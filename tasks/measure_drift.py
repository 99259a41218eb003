"""The step that measures drift: it fails under its own name where the code of drift cannot be loaded.

How drift is measured does not belong here but in `tasks.drift`, which is imported when the step runs.
"""

from importlib import import_module

from prefect import State, task

from genrelab.analyses.analysis import cannot_run
from genrelab.analyses.broken import fault_of
from genrelab.runtime.settings import Settings
from tasks.run.step import refusal, run_step

STEP = "measure_drift"


@task(task_run_name=STEP)
def measure_drift(settings: Settings) -> State[None]:
    """Compare the newest version of every table that models read with the one before it and those behind champions."""
    try:
        measure_tables = import_module("tasks.drift").measure_tables
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        work = refusal(cannot_run(STEP, fault_of(error)))
        return run_step(STEP, settings.home, {}, work, always=True)
    state: State[None] = measure_tables(settings)
    return state
