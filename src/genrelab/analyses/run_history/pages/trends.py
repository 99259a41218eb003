"""The page Trends: tracks, coverage, champions, drift, durations and failures over all runs kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.result import DONE, RunHistory, RunRecord
from genrelab.analyses.run_history.status import at, run_seconds
from genrelab.report.charts import Drawing
from genrelab.report.curves import Line, lines
from genrelab.report.figure import Cell, Chart, Picker, View, table_of
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    count,
    decimal,
    inside,
    listing,
    percent,
    plural,
    seconds,
)

Value = float | None
Runs = Sequence[RunRecord]
MOVED = 2
"""Least different values of a quantity that varied."""
OF_SOURCES = ("spotify_tracks", "fma_tracks", "origin_tracks")
"""Tables that hold the tracks of a source; they come first."""
UNITS = (("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0))
FROM_LENGTHS = 2
"""A unit is used where the longest duration is at least so many of it."""
FEW = 8
"""Most time labels on the horizontal axis."""


def fill(history: RunHistory) -> Summary:
    """Return the values of the page."""
    runs = history.runs
    charts = [
        _tracks(runs),
        _coverage(runs),
        _scores(runs),
        _drift(runs),
        _durations(runs),
        _failures(runs),
    ]
    days = f"from {at(runs[0].began)} to {at(runs[-1].began)}" if len(runs) > 1 else f"of {at(runs[0].began)}"
    bad = sum(bool(run.failed) for run in runs)
    failing = f"{count(bad)} of them had failed steps" if bad else "none of them had a failed step"
    return {
        "finding": f"{plural(len(runs), 'run')} on record, {days}; {failing}.",
        "charts": [chart for chart in charts if chart],
    }


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


def _names(runs: Runs, of: Callable[[RunRecord], Mapping[str, object]]) -> list[str]:
    """Every name that any run has, those of the newest run first."""
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


def _view(
    runs: Runs,
    title: str,
    caption: str,
    values: Sequence[Value],
    *,
    axis: str,
    form: str,
    show: Callable[[int], Cell],
) -> View:
    """One line over the runs, with a table of its numbers, the newest run first."""
    drawing = _drawing(runs, [_line(values, form)], axis, form)
    places = [place for place in reversed(range(len(runs))) if values[place] is not None]
    grid = table_of(
        places,
        ("Run", lambda place: Cell(at(runs[place].began), runs[place].flow)),
        (axis, show),
    )
    return View(title=title, caption=caption, grid=grid, **drawing)


def _pick(name: str, picker: str, views: Mapping[str, View]) -> Chart | None:
    if not views:
        return None
    return Chart(name, views, (Picker(picker, tuple((key, key) for key in views)),))


def _varied_first(views: Mapping[str, View]) -> dict[str, View]:
    """The views in an order in which what varied comes first."""
    return dict(sorted(views.items(), key=lambda named: len(set(named[1].traces[0]["y"]) - {None}) < MOVED))


def _unit(values: Sequence[Value]) -> tuple[str, float]:
    """The unit in which durations are drawn, and its length in seconds."""
    longest = max(value for value in values if value is not None)
    return next((unit, length) for unit, length in UNITS if longest >= FROM_LENGTHS * length or length == 1)


def _tracks(runs: Runs) -> Chart | None:
    views = {}
    names = _names(runs, lambda run: run.tables)
    for name in sorted(names, key=lambda name: name not in OF_SOURCES):
        values = [float(table.rows) if (table := run.tables.get(name)) else None for run in runs]

        def cell(place: int, name: str = name) -> Cell:
            table = runs[place].tables[name]
            return Cell(count(table.rows), f"version {table.version}{', sample' if table.sample else ''}")

        views[name] = _view(
            runs,
            f"{name}: the number of rows {course(values, count)}",
            "Rows of the version of the table that was in use after each run.",
            values,
            axis="Rows",
            form=",",
            show=cell,
        )
    return _pick("rows", "Table", _varied_first(views))


def _coverage(runs: Runs) -> Chart | None:
    views = {}
    for name in _names(runs, lambda run: run.coverage):
        values = [run.coverage.get(name) for run in runs]
        views[name] = _view(
            runs,
            f"Rule set {name}: the share of tracks with a genre {course(values, percent)}",
            "Share of Spotify's tracks to which the rule set assigns a target genre.",
            values,
            axis="Tracks with a genre",
            form=".1%",
            show=lambda place, name=name: Cell(percent(runs[place].coverage.get(name))),  # type: ignore[misc]
        )
    return _pick("coverage", "Rule set", _varied_first(views))


def _scores(runs: Runs) -> Chart | None:
    views = {}
    for task in _names(runs, lambda run: run.champions):
        found = [run.champions.get(task) for run in runs]
        values = [one.value if one else None for one in found]
        newest = next((one for one in reversed(found) if one and one.value is not None), None)
        if newest is None:
            continue
        metric = find_metric(newest.metric)

        def cell(place: int, task: str = task) -> Cell:
            champion = runs[place].champions[task]
            metric = find_metric(champion.metric)
            interval = metric.show_interval(champion.low, champion.high)
            return Cell(
                metric.show(champion.value), f"{champion.model}, version {champion.version}; {interval}"
            )

        view = _view(
            runs,
            f"{task}: {inside(metric.label)} of the champion {course(values, metric.show)}",
            f"{metric.label} on the test tracks ({inside(find_split(newest.split).label)}); lines are {INTERVAL}s. "
            "Runs whose intervals overlap may differ by chance.",
            values,
            axis=metric.label,
            form=".1%" if newest.metric == "accuracy" else ".3f",
            show=cell,
        )
        ends = {
            "array": [
                one.high - one.value if one and one.high is not None and one.value is not None else 0
                for one in found
            ],
            "arrayminus": [
                one.value - one.low if one and one.low is not None and one.value is not None else 0
                for one in found
            ],
        }
        view.traces[0]["error_y"] = {
            "type": "data",
            "symmetric": False,
            "thickness": 2,
            "width": 0,
            "color": "var(--soft)",
            **ends,
        }
        views[task] = view
    return _pick("scores", "Task", _varied_first(views))


def _drift(runs: Runs) -> Chart | None:
    views = {}
    for name in _names(runs, lambda run: run.drift):
        values = [one.psi if (one := run.drift.get(name)) else None for run in runs]

        def cell(place: int, name: str = name) -> Cell:
            found = runs[place].drift[name]
            above = (
                plural(found.findings, "measure") + " above the limits"
                if found.findings
                else "within the limits"
            )
            return Cell(decimal(found.psi), f"{found.feature}; {above}")

        views[name] = _view(
            runs,
            f"{name}: the largest drift of a feature {course(values, decimal)}",
            "Largest population stability index of a feature, compared with the version before from the same source. "
            "The page Drift has the limits and all features.",
            values,
            axis="Population stability index",
            form=".2f",
            show=cell,
        )
    return _pick("drift", "Table", _varied_first(views))


def _durations(runs: Runs) -> Chart | None:
    spent = [{step.step: step.seconds for step in run.steps if step.state == DONE} for run in runs]
    steps = {step for run in spent for step in run}
    views = {}
    totals: list[Value] = [run_seconds(run) for run in runs]
    if any(total is not None for total in totals):
        views["all steps"] = _duration(
            runs,
            f"The duration of a run {course(totals, seconds)}",
            "Time from the beginning to the end of each run. A run skips every step whose input has not changed.",
            totals,
            [f"{plural(len(run), 'step')} done{_longest(run)}" for run in spent],
        )
    for step in sorted(steps, key=lambda step: -max(run.get(step, 0.0) for run in spent)):
        values = [run.get(step) for run in spent]
        views[step] = _duration(
            runs,
            f"{step}: the duration {course(values, seconds)}",
            "Time of the step in the runs in which it was done; it was skipped in the others.",
            values,
            [""] * len(runs),
        )
    return _pick("durations", "Step", views)


def _longest(spent: Mapping[str, float]) -> str:
    return f", the longest {max(spent, key=lambda step: spent[step])}" if spent else ""


def _duration(runs: Runs, title: str, caption: str, values: Sequence[Value], below: Sequence[str]) -> View:
    unit, length = _unit(values)
    return _view(
        runs,
        title,
        caption,
        [None if value is None else value / length for value in values],
        axis=f"Duration in {unit}",
        form=",.1f",
        show=lambda place: Cell(seconds(values[place]), below[place]),
    )


def _failures(runs: Runs) -> Chart | None:
    values: list[Value] = [float(len(run.failed)) for run in runs]
    bad = [run for run in runs if run.failed]
    most: dict[str, int] = {}
    for run in bad:
        for step in run.failed:
            most[step.step] = most.get(step.step, 0) + 1
    worst = [step for step, times in most.items() if times == max(most.values())]
    title = (
        f"{listing(worst)} failed most: in {max(most.values())} of {plural(len(runs), 'run')}"
        if most
        else f"No step failed in {plural(len(runs), 'run')}"
    )
    return Chart(
        "failures",
        {
            "": _view(
                runs,
                title,
                "Steps that were failed after each run.",
                values,
                axis="Failed steps",
                form=",d",
                show=lambda place: Cell(
                    count(len(runs[place].failed)),
                    listing([step.step for step in runs[place].failed]) or DASH,
                ),
            )
        },
    )


PAGE = Page(
    name="trends",
    label="Trends",
    title="How did the results develop over the runs?",
    question="Tracks, coverage of the rules, champions, drift, durations and failures, over all runs that are kept.",
    needs=(RUN_HISTORY.name,),
    command="genrelab nightly",
    fill=of_result(RUN_HISTORY, fill),
)
