"""The tables of scores: every model on every split, what the random split flatters, what duplicates do.

Conventions: a score stands with its 95 % interval, a column with its split and baseline. The random split
only appears beside the grouped one. A difference is written after minus before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.figure import Cell, Column, Grid
from genrelab.report.training import Run, Score, Task, same_name
from genrelab.report.vocabulary import SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import DASH, INTERVAL, NO_BREAK, inside, number, said, sentence

NEW_ARTISTS = frozenset({"grouped", "official"})
"""Splits whose test artists nobody heard in training."""

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
    if not scored & NEW_ARTISTS:
        scored.discard("random")
    return in_order(list(scored), [split.name for split in SPLITS])


def baselines(task: Task, split: str, metric: str) -> list[float]:
    """The distinct baselines on a split: more than one where models were scored on different tracks."""
    found = {
        round(baseline, 3): baseline
        for run in task.runs
        if run.score(split, metric)
        for baseline in [run.baseline(split, metric, len(task.labels))]
        if baseline is not None
    }
    return sorted(found.values())


def baseline_text(metric: Metric, values: Sequence[float]) -> str:
    """Baselines as text, from the lowest to the highest; empty without any."""
    shown = list(dict.fromkeys(metric.show(value) for value in values))
    return f"baseline{NO_BREAK}{' to '.join([shown[0], shown[-1]][: len(shown)])}" if shown else ""


def heading_of(task: Task, split: str, metric: Metric, label: str = "") -> Column:
    """The heading of a column of scores: its split, and the baseline where all runs share it."""
    found = baselines(task, split, metric.name)
    return Column(label or find_split(split).label, baseline_text(metric, found) if len(found) == 1 else "")


def scored_cell(task: Task, run: Run, split: str, metric: Metric, mark: str = "") -> Cell:
    """A score over its interval, and over its baseline where the heading cannot tell it."""
    cell = score_cell(run.score(split, metric.name), metric, mark)
    own = run.baseline(split, metric.name, len(task.labels))
    if run.score(split, metric.name) and own is not None and len(baselines(task, split, metric.name)) > 1:
        cell = Cell(cell.text, below_each(cell.below, baseline_text(metric, [own])), mark=mark)
    return cell


def scoreboard(task: Task, metric_name: str) -> Grid | None:
    """Every model on every split, by one score; None when nothing was scored by it."""
    metric, splits = find_metric(metric_name), shown_splits(task, metric_name)
    if not splits:
        return None
    best = {split: task.ranked(split, metric_name)[0] for split in splits}
    rows = [
        (
            model_cell(task, run),
            *(
                scored_cell(task, run, split, metric, "best" if run is best[split] else "")
                for split in splits
            ),
        )
        for run in task.ranked(splits[0], metric_name)
    ]
    headings = [heading_of(task, split, metric) for split in splits]
    caption = f"{metric.meaning} Below each score: its {INTERVAL}"
    if any(len(baselines(task, split, metric_name)) > 1 for split in splits):
        caption += " and, where models were scored on different tracks, its baseline"
    return Grid((Column("Model", is_number=False), *headings), tuple(rows), f"{caption}.")


def optimism_gap(task: Task) -> Grid | None:
    """What the random split adds to a score over artists never heard; None without both."""
    honest = next((name for name in task.all_splits() if name in NEW_ARTISTS), "")
    runs = [
        run
        for run in task.ranked(honest, GAPS[0])
        if run.score("random", GAPS[0]) and run.score(honest, GAPS[0])
    ]
    if not runs:
        return None
    metrics = [find_metric(name) for name in GAPS]
    headings = [Column("Model", is_number=False)]
    for metric in metrics:
        headings += [
            heading_of(task, "random", metric, f"{metric.label}, random tracks"),
            heading_of(task, honest, metric, f"{metric.label}, new artists"),
            Column("Gap"),
        ]
    rows = []
    for run in runs:
        cells = [model_cell(task, run)]
        for metric in metrics:
            cells += [
                scored_cell(task, run, "random", metric),
                scored_cell(task, run, honest, metric),
                _difference(run.score(honest, metric.name), run.score("random", metric.name), metric),
            ]
        rows.append(tuple(cells))
    return Grid(tuple(headings), tuple(rows), "Gap: score on random tracks minus score on new artists.")


def _difference(before: Score | None, after: Score | None, metric: Metric) -> Cell:
    """After minus before."""
    return Cell(metric.show_difference(after.value - before.value) if before and after else DASH)


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
    metric = find_metric("accuracy")
    headings = [Column("Model", is_number=False)]
    for split in shared:
        label = find_split(split).label
        headings += [Column(label, "duplicates kept"), Column(label, "duplicates removed"), Column("Effect")]
    rows = []
    for kept, removed in pairs:
        cells = [Cell(said(kept.facts.get("label"), kept.model))]
        for split in shared:
            cells += [
                _with_baseline(task, kept, split, metric),
                _with_baseline(task, removed, split, metric),
                _difference(kept.score(split, metric.name), removed.score(split, metric.name), metric),
            ]
        rows.append(tuple(cells))
    return Grid(
        tuple(headings),
        tuple(rows),
        f"Accuracy. Effect: duplicates removed minus duplicates kept. Below each score: its {INTERVAL} and its"
        " baseline.",
    )


def _with_baseline(task: Task, run: Run, split: str, metric: Metric) -> Cell:
    cell = score_cell(run.score(split, metric.name), metric)
    own = run.baseline(split, metric.name, len(task.labels))
    return Cell(cell.text, below_each(cell.below, baseline_text(metric, [own] if own is not None else [])))


def published(task: Task) -> Grid | None:
    """What others published on the same data, beside our result of the same kind and our best."""
    if not task.references:
        return None
    rows = []
    for given in task.references:
        metric = find_metric(said(given.get("metric"), "accuracy"))
        split = said(given.get("split"), "")
        scored = [run for run in task.ranked(split, metric.name) if run.score(split, metric.name)]
        same = [run for run in scored if same_name(said(given.get("model"), ""), run)]
        value = number(given.get("value")) or 0.0
        ours = same[0].score(split, metric.name) if same else None
        baseline = baseline_text(metric, baselines(task, split, metric.name))
        rows.append(
            (
                Cell(_theirs(given, same), said(given.get("source"), "")),
                Cell(metric.label, below_each(inside(find_split(split).label), baseline)),
                Cell(metric.show(value)),
                score_cell(ours, metric),
                Cell(metric.show_difference(ours.value - value) if ours else DASH),
                score_cell(scored[0].score(split, metric.name) if scored else None, metric),
                Cell(scored[0].name if scored else DASH),
            )
        )
    headings = ("Published", "Score", "Theirs", "Ours, same kind", "Difference", "Our best", "By")
    return Grid(
        tuple(Column(label, is_number=label not in {"Published", "Score", "By"}) for label in headings),
        tuple(rows),
        f"Published results come without intervals; ours have their {INTERVAL} below.",
    )


def side_by_side(tasks: Sequence[Task]) -> Grid | None:
    """For every task and split with published results: theirs, ours of the same kind, our best.

    Of several published results of one task and split each kind of model has its row.
    """
    rows = []
    for task in tasks:
        for given in task.references:
            metric = find_metric(said(given.get("metric"), "accuracy"))
            split = said(given.get("split"), "")
            scored = [run for run in task.ranked(split, metric.name) if run.score(split, metric.name)]
            same = [run for run in scored if same_name(said(given.get("model"), ""), run)]
            if not scored:
                continue
            value = number(given.get("value")) or 0.0
            best = scored[0]
            rows.append(
                (
                    Cell(_theirs(given, same), below_each(task.title, said(given.get("note"), ""))),
                    Cell(metric.label, inside(find_split(split).label)),
                    Cell(metric.show(value)),
                    score_cell(same[0].score(split, metric.name) if same else None, metric),
                    Cell(
                        metric.show(best.scores[f"{split}/{metric.name}"].value),
                        below_each(
                            score_cell(best.score(split, metric.name), metric).below,
                            said(best.facts.get("label"), best.model),
                        ),
                    ),
                )
            )
    if not rows:
        return None
    headings = ("Published", "Score", "Theirs", "Ours, same kind", "Our best")
    return Grid(
        tuple(Column(label, is_number=label not in {"Published", "Score"}) for label in headings),
        tuple(rows),
        f"Published results come without intervals; ours have their {INTERVAL} below.",
    )


def _theirs(given: Mapping[str, Any], same: Sequence[Run]) -> str:
    if same:
        return said(same[0].facts.get("label"), same[0].model)
    return sentence(said(given.get("label"), said(given.get("model")).replace("_", " ")))


def rows_of(grids: Sequence[tuple[str, Grid | None]]) -> list[tuple[str, Grid]]:
    """The grids that exist, with their headings."""
    return [(heading, grid) for heading, grid in grids if grid is not None]
