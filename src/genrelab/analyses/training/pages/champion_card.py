"""The champion of a task: which model is in use, since when, and how it came to be.

Conventions: scores and splits are called as everywhere in the report. Differences are those of the gate, against the
champion before, or against a baseline where there was none; the card says which.
"""

import re

from genrelab.analyses.training.pages.details import champion_scores
from genrelab.analyses.training.result import Training, Verdict
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.page import Summary
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import DASH, MINUS, plural, when

DIFFERENCE = re.compile(r"([+-][\d.]+)(?: \(([+-][\d.]+) to ([+-][\d.]+)\))?")
FIRST, BASELINE = "the first champion", "against the baseline"
"""Words of a reason (`genrelab.models.champion`)."""


def champion_card(training: Training) -> Summary | None:
    """Return what the page shows of the champion; None for a variant."""
    found = training.champion
    if found is None:
        return None
    return {
        "model": training.champion_name or DASH,
        "version": found.version,
        "since": when(found.since) if found.since else "",
        "decision": _decision(found),
        "reason": found.reason.replace("-", MINUS) if found.numbers else found.reason,
        "scores": champion_scores(training),
        "numbers": _numbers(found),
    }


def _decision(found: Verdict) -> str:
    """Say how the last training decided, in plain words."""
    if not found.promoted:
        return "It stays: the challenger of the last training did not replace it."
    if FIRST in found.reason:
        return "It beats a baseline that answers every track alike clearly; there was no champion before."
    if BASELINE in found.reason:
        return (
            "It beats a baseline that answers every track alike clearly; the champion before could not stay."
        )
    return "It beats the champion before it beyond chance."


def _numbers(found: Verdict) -> Grid | None:
    if not found.numbers:
        return None
    rival = "the baseline" if BASELINE in found.reason else "the champion before"
    return table(
        ("Score", Column("Difference", f"challenger minus {rival}")),
        ((find_metric(name).label, _difference(name, text)) for name, text in found.numbers.items()),
        f"The challenger minus {rival} on the gate, {plural(found.gate_rows, 'track')} by artists that neither training"
        " nor test knows: not the scores above, which are those of the test.",
    )


def _difference(name: str, text: str) -> Cell:
    """Return a difference that the record holds as text, in the units of the report."""
    parts, metric = DIFFERENCE.match(text), find_metric(name)
    if parts is None:
        return Cell(text)
    value, low, high = (None if part is None else float(part) for part in parts.groups())
    return Cell(metric.show_difference(value), metric.show_interval(low, high))
