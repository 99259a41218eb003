"""The page What failed: every failure with its full reason, and when each step was last done."""

from collections.abc import Sequence

from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.result import DONE, FAILED, LEFT_OUT, UNCHANGED, RunHistory, RunStep
from genrelab.analyses.run_history.status import status_of
from genrelab.report.figure import Cell, Grid, table_of, text_column
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import DASH, listing, plural, seconds, when

STATES = {
    FAILED: ("failed", "bad"),
    LEFT_OUT: ("left out", "warn"),
    DONE: ("done in this run", "good"),
    UNCHANGED: ("unchanged", ""),
}
"""Text and mark of each state of a step, in the order of the table."""


def fill(history: RunHistory) -> Summary:
    """Return the values of the page."""
    run = history.runs[-1]
    status = status_of(history)
    order = list(STATES)
    return {
        "finding": _finding(run.failed, len(run.steps)),
        "headline": status.headline if status else "",
        "failures": [_failure(step) for step in run.failed],
        "left_out": [{"step": step.step, "reason": step.message} for step in run.in_state(LEFT_OUT)],
        "steps": _grid(sorted(run.steps, key=lambda step: order.index(step.state))),
    }


def _finding(failed: Sequence[RunStep], steps: int) -> str:
    if not failed:
        return f"Nothing failed: every one of {plural(steps, 'step')} has a result, or no input."
    names = listing([step.step for step in failed])
    kept = sum(bool(step.in_use) for step in failed)
    good = "its last good result stays" if kept == 1 else f"the last good results of {kept} stay"
    return f"{names} failed" + (f"; {good} in use." if kept else "; there is no earlier result to use.")


def _failure(step: RunStep) -> Summary:
    reason, _, todo = step.message.partition("; to do: ")
    return {
        "step": step.step,
        "flow": step.flow,
        "reason": reason,
        "todo": todo,
        "command": f"genrelab {step.flow.replace('_', '-')}",
        "since": when(step.since),
        "in_use": step.in_use or "nothing: it has no earlier result",
        "pages": _pages(step.affects),
    }


def _pages(affects: Sequence[str]) -> list[Summary]:
    """The pages that show a result which depends on a failed step."""
    from genrelab.report.pages import PAGES  # noqa: PLC0415 - it imports this module, and seconds of others

    return [{"file": page.file, "label": page.label} for page in PAGES if set(page.needs) & set(affects)]


def _grid(steps: Sequence[RunStep]) -> Grid:
    return table_of(
        steps,
        ("Step", lambda step: step.step),
        (text_column("State"), lambda step: Cell(STATES[step.state][0], mark=STATES[step.state][1])),
        ("Last done (UTC)", lambda step: step.last_done[:16].replace("T", " ") or DASH),
        (
            "It took",
            lambda step: seconds(step.seconds) if step.last_done and step.state != LEFT_OUT else DASH,
        ),
        (text_column("What it said"), lambda step: step.message),
        caption="State after the newest run, failed steps first; a step is unchanged if nothing that it reads has "
        "changed since it was last done.",
    )


PAGE = Page(
    name="failed",
    label="What failed",
    title="What failed, and since when?",
    question="A failed step stops only itself: the last good version of its tables stays in use, and the pages that "
    "show them say so.",
    needs=(RUN_HISTORY.name,),
    command="genrelab nightly",
    fill=of_result(RUN_HISTORY, fill),
    has_charts=False,
)
