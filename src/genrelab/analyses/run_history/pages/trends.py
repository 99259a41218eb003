"""The page Trends: tracks, coverage, champions, drift, durations and failures over all runs kept."""

from collections.abc import Mapping, Sequence

from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.pages.over_runs import (
    Runs,
    Value,
    course,
    names_in,
    unit_of,
    varied_first,
    view_of_runs,
)
from genrelab.analyses.run_history.result import DONE, RunHistory
from genrelab.analyses.run_history.status import at, run_seconds
from genrelab.report.figure import Cell, Chart, View, picked
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

OF_SOURCES = ("spotify_tracks", "fma_tracks", "origin_tracks")
"""Tables that hold the tracks of a source; they come first."""


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


def _tracks(runs: Runs) -> Chart | None:
    views = {}
    names = names_in(runs, lambda run: run.tables)
    for name in sorted(names, key=lambda name: name not in OF_SOURCES):
        values = [float(table.rows) if (table := run.tables.get(name)) else None for run in runs]

        def cell(place: int, name: str = name) -> Cell:
            table = runs[place].tables[name]
            return Cell(count(table.rows), f"version {table.version}{', sample' if table.sample else ''}")

        views[name] = view_of_runs(
            runs,
            f"{name}: the number of rows {course(values, count)}",
            "Rows of the version of the table that was in use after each run.",
            values,
            axis="Rows",
            form=",",
            show=cell,
        )
    return picked("rows", "Table", varied_first(views))


def _coverage(runs: Runs) -> Chart | None:
    views = {}
    for name in names_in(runs, lambda run: run.coverage):
        values = [run.coverage.get(name) for run in runs]
        views[name] = view_of_runs(
            runs,
            f"Rule set {name}: the share of tracks with a genre {course(values, percent)}",
            "Share of Spotify's tracks to which the rule set assigns a target genre.",
            values,
            axis="Tracks with a genre",
            form=".1%",
            show=lambda place, name=name: Cell(percent(runs[place].coverage.get(name))),  # type: ignore[misc]
        )
    return picked("coverage", "Rule set", varied_first(views))


def _scores(runs: Runs) -> Chart | None:
    views = {}
    for task in names_in(runs, lambda run: run.champions):
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

        view = view_of_runs(
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
    return picked("scores", "Task", varied_first(views))


def _drift(runs: Runs) -> Chart | None:
    views = {}
    for name in names_in(runs, lambda run: run.drift):
        values = [one.psi if (one := run.drift.get(name)) else None for run in runs]

        def cell(place: int, name: str = name) -> Cell:
            found = runs[place].drift[name]
            above = (
                plural(found.findings, "measure") + " above the limits"
                if found.findings
                else "within the limits"
            )
            return Cell(decimal(found.psi), f"{found.feature}; {above}")

        views[name] = view_of_runs(
            runs,
            f"{name}: the largest drift of a feature {course(values, decimal)}",
            "Largest population stability index of a feature, compared with the version before from the same source. "
            "The page Drift has the limits and all features.",
            values,
            axis="Population stability index",
            form=".2f",
            show=cell,
        )
    return picked("drift", "Table", varied_first(views))


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
    return picked("durations", "Step", views)


def _longest(spent: Mapping[str, float]) -> str:
    return f", the longest {max(spent, key=lambda step: spent[step])}" if spent else ""


def _duration(runs: Runs, title: str, caption: str, values: Sequence[Value], below: Sequence[str]) -> View:
    unit, length = unit_of(values)
    return view_of_runs(
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
            "": view_of_runs(
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
