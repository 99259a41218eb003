"""The page What changed: tables, rules, champions, scores, failures and predictions, between any two runs kept."""

from collections.abc import Sequence

from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.changes import (
    MOST_NAMED,
    differences,
    facts_of_run,
    flips_over,
    in_a_sentence,
)
from genrelab.analyses.run_history.result import RUNNING, Flip, RunHistory, RunRecord
from genrelab.analyses.run_history.status import at
from genrelab.report.figure import Grid, pack, table_of, text_column
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, plural

SHOWN = 200
"""Flipped predictions in the table; the others are counted."""


def fill(history: RunHistory) -> Summary:
    """Return the values of the page."""
    runs, flips = history.runs, history.flips
    after, before = runs[-1], runs[-2] if len(runs) > 1 else None
    found = differences(facts_of_run(before), facts_of_run(after)) if before else {}
    flipped = flips_over(runs, flips, before.key, after.key) if before else []
    return {
        "finding": in_a_sentence(before, after),
        "runs": [{"key": run.key, "label": run_label(run)} for run in reversed(runs)],
        "before": before.key if before else "",
        "after": after.key,
        "sections": [{"name": name, "grid": _grid(rows)} for name, rows in found.items()],
        "flips": _flips(flipped),
        "flips_note": flips_note(flipped, sum(after.flips.values())),
        "data": pack(
            {
                "shown": SHOWN,
                "runs": [
                    {
                        "key": run.key,
                        "facts": facts_of_run(run),
                        "flipped": sum(run.flips.values()),
                        "flips": [list(vars(flip).values()) for flip in flips.get(run.key, ())],
                    }
                    for run in runs
                ],
            }
        ),
    }


def run_label(run: RunRecord) -> str:
    """Return a run as the picker shows it."""
    return f"{at(run.began)} {run.flow}{' (this run)' if run.state == RUNNING else ''}"


def flips_note(flipped: Sequence[Flip], counted: int) -> str:
    """Say how many predictions changed, and how many of them are named.

    Args:
        flipped: Those that are named.
        counted: All of them.
    """
    if not flipped:
        return "No prediction changed."
    text = f"The predicted genre changed for {plural(max(counted, len(flipped)), 'prediction')}"
    shown = min(len(flipped), SHOWN)
    return f"{text}." if shown == counted else f"{text}; here are {count(shown)}, the surest first."


def _grid(rows: Sequence[tuple[str, str, str]]) -> Grid:
    return table_of(
        rows,
        ("What", lambda row: row[0]),
        (text_column("Earlier run"), lambda row: row[1] or "not there"),
        (text_column("Later run"), lambda row: row[2] or "not there"),
    )


def _flips(flipped: Sequence[Flip]) -> Grid:
    return table_of(
        flipped[:SHOWN],
        ("Track", lambda flip: flip.track),
        (text_column("Artist"), lambda flip: flip.artist),
        (text_column("Earlier run"), lambda flip: flip.before),
        (text_column("Later run"), lambda flip: flip.after),
        (text_column("Task"), lambda flip: flip.task),
    )


PAGE = Page(
    name="changed",
    label="What changed",
    title="What changed between two runs?",
    question="Tables, rules, champions, their scores, failures, and predictions that name another genre than before. "
    f"Of each run the {MOST_NAMED:,} surest of these predictions are kept by name.",
    needs=(RUN_HISTORY.name,),
    command="genrelab nightly",
    fill=of_result(RUN_HISTORY, fill),
    has_charts=False,
)
