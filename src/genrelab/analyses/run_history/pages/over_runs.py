"""How quantities of runs are drawn: a line over all runs that have a value, its title, and a table of its numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genrelab.analyses.run_history.result import RunRecord
from genrelab.analyses.run_history.status import at
from genrelab.report.charts import Drawing
from genrelab.report.curves import Line, lines
from genrelab.report.figure import Cell, View, table_of

Value = float | None
Runs = Sequence[RunRecord]
MOVED = 2
"""Least different values of a quantity that varied."""
UNITS = (("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0))
FROM_LENGTHS = 2
"""A unit is used where the longest duration is at least so many of it."""
FEW = 8
"""Most time labels on the horizontal axis."""


def course(values: Sequence[Value], show: Callable[[float], str]) -> str:
    """Say how a quantity developed over the runs that have it.

    >>> course([1, None, 1], str), course([1, 3], str)
    ('stayed at 1 in 2 runs', 'went up from 1 to 3 over 2 runs')
    """
    known = [value for value in values if value is not None]
    first, last = show(known[0]), show(known[-1])
    if len(known) == 1:
        return f"was {first} in the one run that has it"
    if len({show(value) for value in known}) == 1:
        return f"stayed at {first} in {len(known)} runs"
    if first == last:
        return f"ended as it began, at {first}, between {show(min(known))} and {show(max(known))}"
    return f"went {'up' if known[-1] > known[0] else 'down'} from {first} to {last} over {len(known)} runs"


def names_in(runs: Runs, of: Callable[[RunRecord], Mapping[str, object]]) -> list[str]:
    """Return every name that any run has, those of the newest run first."""
    return list(dict.fromkeys(name for run in reversed(runs) for name in of(run)))


def _drawing(runs: Runs, series: Sequence[Line], axis: str, form: str) -> Drawing:
    """Draw lines over the runs; gaps stand where a run lacks a value."""
    shown = list(range(len(runs)))[::-1][:: -(-len(runs) // FEW)][::-1]
    phone = shown[::-1][::2][::-1]

    def ticks(places: Sequence[int]) -> dict[str, object]:
        times = [f"{runs[place].began[5:10]}<br>{runs[place].began[11:16]}" for place in places]
        return {"tickvals": list(places), "ticktext": times}

    across = {
        "title": {"text": "Run, the newest last (UTC)"},
        "range": [-0.4, len(runs) - 0.6],
        **ticks(shown),
    }
    return lines(
        series,
        across=across,
        up={"title": {"text": axis}, "tickformat": form, "rangemode": "tozero", "nticks": 6},
        narrow_across=ticks(phone),
    )


def _line(values: Sequence[Value], form: str) -> Line:
    known: list[Any] = list(values)  # Plotly leaves a gap where a value is None
    return Line(range(len(known)), known, f"%{{y:{form}}}", dots=8)


def view_of_runs(
    runs: Runs,
    title: str,
    caption: str,
    values: Sequence[Value],
    *,
    axis: str,
    form: str,
    show: Callable[[int], Cell],
) -> View:
    """Return one line over the runs, with a table of its numbers, the newest run first."""
    drawing = _drawing(runs, [_line(values, form)], axis, form)
    places = [place for place in reversed(range(len(runs))) if values[place] is not None]
    grid = table_of(
        places,
        ("Run", lambda place: Cell(at(runs[place].began), runs[place].flow)),
        (axis, show),
    )
    return View(title=title, caption=caption, grid=grid, **drawing)


def varied_first(views: Mapping[str, View]) -> dict[str, View]:
    """Return the views in an order in which what varied comes first."""
    return dict(sorted(views.items(), key=lambda named: len(set(named[1].traces[0]["y"]) - {None}) < MOVED))


def unit_of(values: Sequence[Value]) -> tuple[str, float]:
    """Return the unit in which durations are drawn, and its length in seconds."""
    longest = max(value for value in values if value is not None)
    return next((unit, length) for unit, length in UNITS if longest >= FROM_LENGTHS * length or length == 1)
