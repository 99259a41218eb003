"""The status of the newest run in words: when it ran, what failed, what is sample data, and what changed.

Conventions: the band on top of the report's pages, the artifact in Prefect and the message to the webhook show the same
texts. Times are in UTC, to the minute.
"""

from dataclasses import dataclass
from datetime import datetime

from genrelab.analyses.run_history.changes import in_a_sentence
from genrelab.analyses.run_history.result import (
    CANCELLED,
    COMPLETED,
    DONE,
    ENDED_FAILED,
    KILLED,
    LEFT_OUT,
    RUNNING,
    UNCHANGED,
    RunHistory,
    RunRecord,
    RunStep,
)

WHOLE_SECONDS, MINUTE, HOUR = 10, 60, 3600


@dataclass(frozen=True)
class RunStatus:
    """The status of the newest run.

    Args:
        headline: The run, when it began and ended, and how.
        is_bad: Whether something failed.
        failed: The failed steps.
        left_out: Steps that were left out, in a sentence; empty without one.
        sample: What is sample data, in a sentence; empty without any.
        changed: What changed since the run before, in a sentence.
    """

    headline: str
    is_bad: bool
    failed: tuple[RunStep, ...]
    left_out: str
    sample: str
    changed: str


def status_of(history: RunHistory) -> RunStatus | None:
    """Return the status of the newest run; None before the first."""
    if not history.runs:
        return None
    run, before = history.runs[-1], history.runs[-2] if len(history.runs) > 1 else None
    return RunStatus(
        headline=_headline(run),
        is_bad=bool(run.failed) or run.state in {ENDED_FAILED, KILLED},
        failed=run.failed,
        left_out=_left_out(run),
        sample=_sample(run),
        changed=in_a_sentence(before, run),
    )


def as_text(status: RunStatus) -> str:
    """Return a status as Markdown: the headline, then a line for each failure and each remark."""
    failed = [f"- **{step.step}** {failure_in_words(step)}" for step in status.failed]
    remarks = [f"- {text}" for text in (status.left_out, status.sample, status.changed) if text]
    return "\n".join([status.headline, "", *failed, *remarks])


def failure_in_words(step: RunStep) -> str:
    """Say why a step failed, since when, and what is still in use."""
    flow = f" (flow {step.flow})" if step.flow != step.step else ""
    return f"failed{flow}: {step.message.rstrip('.')}. {since_and_in_use(step)}"


def since_and_in_use(step: RunStep) -> str:
    """Say since when a step has failed, and what is still in use."""
    in_use = f"Still in use: {step.in_use}." if step.in_use else "There is no earlier result to use."
    return f"It has failed since {at(step.since)}. {in_use}"


def at(stamp: str) -> str:
    """Return a time to the minute; a time that is not known is `an unknown time`.

    >>> at("2026-03-12T02:30:11+00:00")
    '2026-03-12 02:30 UTC'
    """
    return f"{stamp[:16].replace('T', ' ')} UTC" if stamp else "an unknown time"


def how_long(seconds: float) -> str:
    """Return a duration in plain units.

    >>> how_long(0.44), how_long(125), how_long(3840)
    ('0.4 s', '2 min 5 s', '1 h 4 min')
    """
    if seconds < WHOLE_SECONDS:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s".removesuffix(" 0 s")
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def run_seconds(run: RunRecord) -> float | None:
    """Return how long a run took; None while it runs, and where its times are not known."""
    try:
        took = datetime.fromisoformat(run.ended) - datetime.fromisoformat(run.began)
    except ValueError:
        return None
    return max(took.total_seconds(), 0.0)


def _headline(run: RunRecord) -> str:
    name = f"Run {run.flow}"
    if run.state == RUNNING:
        return f"{name} began {at(run.began)} and was still running when this was written{_failing(run)}."
    if run.state == KILLED:
        return f"{name}, begun {at(run.began)}, was killed; its finished steps are kept{_failing(run)}."
    took = run_seconds(run)
    ended = (
        f" to {run.ended[11:16] if run.began[:10] == run.ended[:10] else run.ended[:16].replace('T', ' ')}"
    )
    lasted = f" ({how_long(took)})" if took is not None else ""
    if run.state == CANCELLED:
        how = f"cancelled; its finished steps are kept{_failing(run)}"
    elif run.failed:
        how = f"{len(run.failed)} of {len(run.steps)} steps failed"
    elif run.state == COMPLETED:
        how = ", ".join(
            f"{number} {'step ' if number == 1 and state == DONE else 'steps ' if state == DONE else ''}{state}"
            for state in (DONE, UNCHANGED, LEFT_OUT)
            if (number := len(run.in_state(state))) or state == DONE
        )
    else:
        how = f"it failed: {run.message}"
    return f"{name}, {run.began[:16].replace('T', ' ')}{ended} UTC{lasted}: {how.rstrip('.')}."


def _failing(run: RunRecord) -> str:
    return f"; {len(run.failed)} of {len(run.steps)} steps failed" if run.failed else ""


def _left_out(run: RunRecord) -> str:
    found = run.in_state(LEFT_OUT)
    return (
        f"Left out, because their input is missing: {', '.join(step.step for step in found)}."
        if found
        else ""
    )


def _sample(run: RunRecord) -> str:
    made_up = [name for name, table in run.tables.items() if table.sample]
    models = [task for task, champion in run.champions.items() if champion.sample]
    if made_up and len(made_up) == len(run.tables):
        return "All tables are sample data."
    parts = [*made_up, *(f"the champion of {task}" for task in models)]
    return f"Sample data: {', '.join(parts)}." if parts else ""
