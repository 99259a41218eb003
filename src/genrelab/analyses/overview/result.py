"""The run that a report describes, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepReport:
    """The last execution of a step.

    Args:
        step: Its name.
        state: One of the states in `genrelab.analyses.run_history.result`.
        message: One line.
        seconds: How long its last result took; 0 without one.
        finished_at: When it was last done, ISO 8601; empty if it never was.
    """

    step: str
    state: str
    message: str
    seconds: float
    finished_at: str


@dataclass(frozen=True)
class ReportedRun:
    """The run that wrote the report, and the last execution of every step.

    Args:
        generated_at: When the report was written, ISO 8601.
        name: Name of the flow.
        flow_run_id: Id of its run; empty outside of a flow.
        git_commit: The code.
        genrelab_version: Its version.
        steps: Every step, failed ones first, then in the order in which they were done.
    """

    generated_at: str
    name: str
    flow_run_id: str
    git_commit: str
    genrelab_version: str
    steps: tuple[StepReport, ...]
