"""The tables of scores: every model on every split, what the random split flatters, what duplicates do.

Conventions: a score stands with its 95 % interval, a column with its split and baseline. The random split
only appears beside the grouped one. A difference is written after minus before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.figure import Cell, Column, Grid
from genrelab.report.training import Run, Score, Task, same_name
from genrelab.report.vocabulary import SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import DASH, INTERVAL, NO_BREAK, decimal, inside, number, percent, said, sentence

GAPS = ("accuracy", "macro_f1")


def score_cell(score: Score | None, metric: Metric, mark: str = "") -> Cell:
    """A score over its interval."""
    if score is None:
        return Cell(DASH)
    return Cell(metric.show(score.value), metric.show_interval(score.low, score.high), mark=mark)


def below_each(*lines: str) -> str:
    """Quiet lines below a cell's text, one under the other."""
    return "\n".join(line for line in lines if line)


def model_cell(task: Task, run: Run) -> Cell:
    """The name of a model, with the champion's badge."""
    return Cell(run.name, mark="champion" if run is task.champion_run else "")


def shown_splits(task: Task, metric: str) -> list[str]:
    """Splits with a score, in order; the random one only where the grouped one is there too."""
    scored = {split for run in task.runs for split in run.splits() if run.score(split, metric)}
    if "grouped" not in scored:
        scored.discard("random")
    return in_order(list(scored), [split.name for split in SPLITS])


def baseline_of(task: Task, split: str, metric: str) -> tuple[float | None, bool]:
    """The baseline on a split, and whether it differs between the runs (other tracks were scored)."""
    values = [
        found
        for run in task.runs
        if run.score(split, metric)
        for found in [run.baseline(split, metric, len(task.labels))]
        if found is not None
    ]
    return (values[0], max(values) - min(values) > 5e-4) if values else (None, False)  # noqa: PLR2004 - a rounding


def scoreboard(task: Task, metric_name: str) -> Grid | None:
    """Every model on every split, by one score; None when nothing was scored by it."""
    metric, splits = find_metric(metric_name), shown_splits(task, metric_name)
    if not splits:
        return None
    headings = [Column("Model", is_number=False)]
    varies = False
    for split in splits:
        baseline, differs = baseline_of(task, split, metric_name)
        varies = varies or differs
        text = f"baseline{NO_BREAK}{metric.show(baseline)}" if baseline is not None and not differs else ""
        headings.append(Column(find_split(split).label, text))
    best = {split: task.ranked(split, metric_name)[0] for split in splits}
    if varies:
        headings.append(Column("Baseline", f"{inside(find_split(splits[0]).label)}"))
    rows = []
    for run in task.ranked(splits[0], metric_name):
        cells = [model_cell(task, run)]
        cells += [
            score_cell(run.score(split, metric_name), metric, "best" if run is best[split] else "")
            for split in splits
        ]
        if varies:
            cells.append(Cell(metric.show(run.baseline(splits[0], metric_name, len(task.labels)))))
        rows.append(tuple(cells))
    return Grid(tuple(headings), tuple(rows), f"{metric.meaning} Below each score: its {INTERVAL}.")


def optimism_gap(task: Task) -> Grid | None:
    """What the random split adds to a score over artists never heard; None without both."""
    runs = [
        run
        for run in task.ranked("grouped", GAPS[0])
        if run.score("random", GAPS[0]) and run.score("grouped", GAPS[0])
    ]
    if not runs:
        return None
    headings = [Column("Model", is_number=False)]
    for name in GAPS:
        baseline = baseline_of(task, "grouped", name)[0]
        label = find_metric(name).label
        headings += [
            Column(f"{label}, random tracks"),
            Column(
                f"{label}, new artists",
                f"baseline{NO_BREAK}{find_metric(name).show(baseline)}" if baseline is not None else "",
            ),
            Column("Gap"),
        ]
    rows = [
        (
            model_cell(task, run),
            *(
                cell
                for name in GAPS
                for cell in _difference(
                    run.score("random", name), run.score("grouped", name), name, reverse=True
                )
            ),
        )
        for run in runs
    ]
    return Grid(tuple(headings), tuple(rows), "Gap: score on random tracks minus score on new artists.")


def _difference(before: Score | None, after: Score | None, name: str, *, reverse: bool = False) -> list[Cell]:
    """Two scores and their difference: after minus before, or before minus after."""
    metric = find_metric(name)
    difference = DASH
    if before and after:
        change = after.value - before.value
        difference = metric.show_difference(-change if reverse else change)
    return [score_cell(before, metric), score_cell(after, metric), Cell(difference)]


def duplicate_effect(task: Task) -> Grid | None:
    """The same kind of model with duplicates kept and removed; None without such a pair."""
    pairs = [
        (kept, removed)
        for kept in task.runs
        for removed in task.runs
        if kept.facts.get("duplicates") == "kept"
        and removed.facts.get("duplicates") == "removed"
        and kept.model == removed.model
    ]
    shown = [split for split in shown_splits(task, "accuracy") if split in {"grouped", "random"}]
    shared = [
        split
        for split in shown or shown_splits(task, "accuracy")
        if any(one.score(split, "accuracy") and two.score(split, "accuracy") for one, two in pairs)
    ]
    if "grouped" not in shared:
        shared = [split for split in shared if split != "random"]
    if not shared:
        return None
    headings = [Column("Model", is_number=False)]
    for split in shared:
        label = find_split(split).label
        headings += [Column(label, "duplicates kept"), Column(label, "duplicates removed"), Column("Effect")]
    rows = [
        (
            Cell(str(kept.facts.get("label") or kept.model)),
            *(cell for split in shared for cell in _with_baselines(task, kept, removed, split)),
        )
        for kept, removed in pairs
    ]
    return Grid(
        tuple(headings),
        tuple(rows),
        "Accuracy. Effect: duplicates removed minus duplicates kept. Below each score: its"
        f" {INTERVAL} and its baseline.",
    )


def _with_baselines(task: Task, kept: Run, removed: Run, split: str) -> list[Cell]:
    cells = _difference(kept.score(split, "accuracy"), removed.score(split, "accuracy"), "accuracy")
    for place, run in enumerate((kept, removed)):
        baseline = run.baseline(split, "accuracy", len(task.labels))
        if baseline is not None:
            below = below_each(cells[place].below, f"baseline{NO_BREAK}{percent(baseline)}")
            cells[place] = Cell(cells[place].text, below)
    return cells


def published(task: Task) -> Grid | None:
    """What others published on the same data, beside our result of the same kind and our best."""
    if not task.references:
        return None
    rows = []
    for given in task.references:
        metric = find_metric(str(given.get("metric") or "accuracy"))
        split = said(given.get("split"), "")
        same = [
            run
            for run in task.ranked(split, metric.name)
            if same_name(said(given.get("model"), ""), run) and run.score(split, metric.name)
        ]
        best = [run for run in task.ranked(split, metric.name) if run.score(split, metric.name)]
        baseline = baseline_of(task, split, metric.name)[0]
        value = number(given.get("value")) or 0.0
        ours = same[0].score(split, metric.name) if same else None
        rows.append(
            (
                Cell(_theirs(given, same), said(given.get("source"), "")),
                Cell(metric.label, _on(find_split(split).label, metric, baseline)),
                Cell(_exact(metric, value)),
                score_cell(ours, metric),
                Cell(metric.show_difference(ours.value - value) if ours else DASH),
                score_cell(best[0].score(split, metric.name) if best else None, metric),
                Cell(best[0].name if best else DASH),
            )
        )
    return Grid(
        (
            Column("Published", is_number=False),
            Column("Score", is_number=False),
            Column("Theirs"),
            Column("Ours, same kind"),
            Column("Difference"),
            Column("Our best"),
            Column("By", is_number=False),
        ),
        tuple(rows),
        f"Published results come without intervals; ours have their {INTERVAL} below.",
    )


def _theirs(given: Mapping[str, Any], same: Sequence[Run]) -> str:
    if same:
        return str(same[0].facts.get("label") or same[0].model)
    return sentence(said(given.get("model")).replace("_", " "))


def _on(split: str, metric: Metric, baseline: float | None) -> str:
    return below_each(
        inside(split), f"baseline{NO_BREAK}{metric.show(baseline)}" if baseline is not None else ""
    )


def _exact(metric: Metric, value: float) -> str:
    return percent(value, 1) if metric.is_share else decimal(value)


def rows_of(grids: Sequence[tuple[str, Grid | None]]) -> list[tuple[str, Grid]]:
    """The grids that exist, with their headings."""
    return [(heading, grid) for heading, grid in grids if grid is not None]
