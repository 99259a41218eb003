"""The charts of the models: who leads, at what cost, how its answers are spread, what it listens to.

Conventions: one view per choice of the reader, the champion's or the best model's first; a view carries its
own split, baseline and interval. Titles are computed from the numbers drawn.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.curves import calibration, named_points
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, single, text_cells
from genrelab.report.palette import genre_colour, slug
from genrelab.report.score_tables import baseline_text, baselines, model_cell, score_cell, shown_splits
from genrelab.report.training import Run, Score, Task, pickable_runs, same_name
from genrelab.report.vocabulary import METRICS, SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    THIN,
    count,
    decimal,
    inside,
    number,
    percent,
    points,
    said,
    seconds,
    sentence,
)

CHAMPION, OTHER = "var(--accent)", "var(--quiet)"
FEATURES_SHOWN = 15


def colour_of(task: Task, run: Run) -> str:
    """The champion stands out; its name says so too."""
    return CHAMPION if run is task.champion_run else OTHER


def leaders(task: Task) -> Chart | None:
    """Every model by one score on one split, with intervals, baseline and published results."""
    views, metrics, splits = {}, [], []
    headline = task.headline()
    for metric in METRICS:
        # The random split has its own table beside the grouped one.
        for split in sorted(shown_splits(task, metric.name), key=lambda name: name != headline):
            if split != "random":
                views[f"{metric.name}|{split}"] = _leaders_view(task, metric, split)
                metrics.append(metric.name)
                splits.append(split)
    if not views:
        return None
    known = [split.name for split in SPLITS]
    return Chart(
        f"leaders-{slug(task.name)}",
        views,
        (
            Picker(
                "Score", tuple((metric.name, metric.label) for metric in METRICS if metric.name in metrics)
            ),
            Picker("Tested on", tuple((name, find_split(name).label) for name in in_order(splits, known))),
        ),
    )


def _scored(task: Task, metric: Metric, split: str) -> list[tuple[Run, Score]]:
    return [
        (run, score)
        for run in task.ranked(split, metric.name)
        if (score := run.score(split, metric.name)) is not None
    ]


def leader_sentence(task: Task, metric: Metric, split: str) -> str:
    """Who leads, and whether the lead may be chance."""
    scored = _scored(task, metric, split)
    best, score = scored[0]
    baseline = best.baseline(split, metric.name, len(task.labels))
    title = f"{best.name} leads with {metric.show(score.value)}"
    # The same kind of model with other duplicates is no rival: it was scored on other tracks.
    level = [run.name for run, other in scored[1:] if run.model != best.model and score.may_equal(other)]
    if level:
        others = level[0] if len(level) == 1 else f"{len(level)} others"
        return f"{title}, but {others} may be as good"
    if baseline is not None and score.value <= baseline and metric.higher_is_better:
        return f"{title}, no better than always answering one genre"
    if baseline is not None and metric.is_share:
        return f"{title}, {points(score.value - baseline).lstrip('+')} above always answering one genre"
    return title


def _leaders_view(task: Task, metric: Metric, split: str) -> View:
    scored = _scored(task, metric, split)
    levels = baselines(task, split, metric.name)
    others = [
        (row, value, f"{said(given.get('model'))}, {said(given.get('source'), 'published')}")
        for given in task.references
        if given.get("split") == split and given.get("metric", "accuracy") == metric.name
        for row, (run, _) in enumerate(scored)
        if same_name(said(given.get("model"), ""), run)
        for value in [number(given.get("value"))]
        if value is not None
    ]
    about = find_split(split)
    caption = f"{metric.meaning} {about.label}: {inside(about.meaning)}"
    caption += f" Lines are {INTERVAL}s."
    if others:
        caption += " Hollow diamonds are published results of the same kind of model."
    if len(levels) > 1:
        caption += " With duplicates removed other tracks were scored: the table has each baseline."
    grid = Grid(
        columns("Model", metric.label, f"{INTERVAL}", "Baseline"),
        tuple(
            (
                model_cell(task, run),
                Cell(metric.show(score.value)),
                Cell(score_cell(score, metric).below or DASH),
                Cell(metric.show(run.baseline(split, metric.name, len(task.labels)))),
            )
            for run, score in scored
        ),
    )
    return View(
        title=leader_sentence(task, metric, split),
        caption=caption,
        grid=grid,
        **intervals(
            [run.name + (", champion" if run is task.champion_run else "") for run, _ in scored],
            [score.value for _, score in scored],
            [score.value if score.low is None else score.low for _, score in scored],
            [score.value if score.high is None else score.high for _, score in scored],
            [metric.show(score.value) for _, score in scored],
            [colour_of(task, run) for run, _ in scored],
            axis=f"{metric.label}, {inside(about.label)}",
            is_share=metric.is_share,
            lines=[(level, baseline_text(metric, levels) if level == levels[-1] else "") for level in levels],
            others=others,
        ),
    )


def speed(task: Task) -> Chart | None:
    """Accuracy on the headline split against training time."""
    split, metric = task.headline(), find_metric("accuracy")
    points_: list[tuple[Run, Score, float]] = []
    for run, score in _scored(task, metric, split):
        spent = number(run.facts.get("fit_seconds"))
        if spent and all(run.model != shown.model for shown, _, _ in points_):
            points_.append((run, score, spent))
    if len(points_) < 2:  # noqa: PLR2004 - one point compares nothing
        return None
    best = points_[0]
    able = [
        (run, score, spent)
        for run, score, spent in points_
        if (score.low or score.value) > (run.baseline(split, metric.name, len(task.labels)) or 0)
    ] or [best]
    quickest = min(able, key=lambda point: point[2])
    title = (
        f"{best[0].name} is the best and the quickest to train"
        if best is quickest
        else f"{quickest[0].name} trains in {seconds(quickest[2])}, {best[0].name} in {seconds(best[2])}:"
        f" {points(best[1].value - quickest[1].value).lstrip('+')}"
        f" for {best[2] / quickest[2]:,.0f} times as long"
    )
    grid = Grid(
        columns("Model", "Training time", "1,000 predictions", "Accuracy", f"{INTERVAL}"),
        tuple(
            text_cells(
                model_cell(task, run),
                seconds(spent),
                _milliseconds(run.facts.get("predict_ms_per_1000")),
                metric.show(score.value),
                score_cell(score, metric).below,
            )
            for run, score, spent in points_
        ),
    )
    view = View(
        title=title,
        caption=f"Accuracy on {inside(find_split(split).label)}"
        + (
            f" ({baseline})"
            if (baseline := baseline_text(metric, baselines(task, split, metric.name)))
            else ""
        )
        + " against the time that training took, for the best of each kind of model; each step across is ten"
        " times as long. Models that are no better than the commonest genre are in the numbers only.",
        grid=grid,
        **named_points(
            [said(run.facts.get("label"), run.name) for run, _, _ in able],
            [spent for _, _, spent in able],
            [score.value for _, score, _ in able],
            [colour_of(task, run) for run, _, _ in able],
            across_axis="Training time in seconds",
            up_axis="Accuracy",
        ),
    )
    return single(f"speed-{slug(task.name)}", view)


def _milliseconds(value: object) -> str:
    found = number(value)
    return f"{found:,.1f}{THIN}ms" if found is not None else DASH


def by_model_and_split(
    task: Task, name: str, part: str, view: Callable[[Run, str, Sequence[Mapping[str, Any]]], View]
) -> Chart | None:
    """A chart of one detail of each run, with a picker of models and splits."""
    champion, runs = task.champion_run, pickable_runs(task)
    known = [split.name for split in SPLITS if split.name != "random"]
    views: dict[str, View] = {}
    for run in runs:
        for split in in_order([key for key in run.part(part) if key != "random"], known):
            rows = [row for row in run.part(part)[split] or [] if isinstance(row, Mapping)]
            if rows:
                views[f"{run.key}|{split}"] = view(run, split, rows)
    if not views:
        return None
    used = {key.split("|", 1)[0] for key in views}
    splits = in_order([key.split("|", 1)[1] for key in views], known)
    models = tuple(
        (run.key, f"{run.name}, champion" if run is champion else run.name) for run in runs if run.key in used
    )
    return Chart(
        f"{name}-{slug(task.name)}",
        views,
        (
            Picker("Model", models),
            Picker("Tested on", tuple((split, find_split(split).label) for split in splits)),
        ),
        shows_numbers=part == "per_class",
    )


def per_class(run: Run, split: str, rows: Sequence[Mapping[str, Any]]) -> View:
    """Share of each genre among the answers against its share among the tracks, and the per-class report."""
    drawn = [
        (said(row.get("genre")), true, predicted)
        for row in rows
        if (true := number(row.get("true_share"))) is not None
        and (predicted := number(row.get("predicted_share"))) is not None
    ]
    title = f"{run.name}: precision and recall by genre"
    if drawn:
        genre, true, predicted = max(drawn, key=lambda row: abs(row[2] - row[1]))
        title = f"{sentence(genre)} is {percent(true, 0)} of tracks and {percent(predicted, 0)} of answers"
    report = Grid(
        columns("Genre", "Precision", "Recall", "F1", "Tracks", "True share", "Answered share"),
        tuple(
            text_cells(
                Cell(said(row.get("genre")), swatch=genre_colour(row.get("genre"))),
                decimal(row.get("precision"), 2),
                decimal(row.get("recall"), 2),
                decimal(row.get("f1"), 2),
                count(row.get("support")),
                percent(row.get("true_share")),
                percent(row.get("predicted_share")),
            )
            for row in rows
        ),
        "Precision: of its answers, the share right. Recall: of the genre's tracks, the share found.",
    )
    return View(
        title=title,
        caption=f"{run.name} on {inside(find_split(split).label)}: how often each genre occurs"
        " (hollow) and is answered (full).",
        grid=report,
        **pairs(
            [genre for genre, _, _ in drawn],
            [true for _, true, _ in drawn],
            [predicted for _, _, predicted in drawn],
            [genre_colour(genre) for genre, _, _ in drawn],
            before_name="share of the tracks",
            after_name="share of the answers",
            axis="Share",
        ),
    )


def calibration_curve(run: Run, split: str, rows: Sequence[Mapping[str, Any]]) -> View:
    """Stated confidence against share right."""
    bins = [
        (sure, right, number(row.get("count")) or 0.0)
        for row in rows
        if (sure := number(row.get("confidence"))) is not None
        and (right := number(row.get("accuracy"))) is not None
    ]
    total = sum(size for _, _, size in bins)
    gap = sum((sure - right) * size for sure, right, size in bins) / total if total else 0.0
    error = run.score(split, "ece")
    title = f"{run.name} is about as sure as it should be"
    if abs(gap) >= 0.02:  # noqa: PLR2004 - two points are within what a reader would call well calibrated
        fault = "too sure" if gap > 0 else "not sure enough"
        title = f"{run.name} is {fault} by {points(abs(gap)).lstrip('+')} on average"
    return View(
        title=title,
        caption=f"On {inside(find_split(split).label)}: on the dotted line it is as sure as it should be;"
        " the larger a dot, the more tracks."
        + (f" Calibration error {decimal(error.value)}" if error else "")
        + (
            f" ({INTERVAL} {find_metric('ece').show_interval(error.low, error.high)})."
            if error and error.low is not None
            else ("." if error else "")
        ),
        grid=Grid(
            columns(Column("States", is_number=True), "Right", "Tracks"),
            tuple(text_cells(percent(sure), percent(right), count(size)) for sure, right, size in bins),
        ),
        **calibration(
            [sure for sure, _, _ in bins], [right for _, right, _ in bins], [size for _, _, size in bins]
        ),
    )


def importances(task: Task) -> Chart | None:
    """What each model listens to."""
    views, models = {}, []
    champion = task.champion_run
    ranked = task.ranked(task.headline(), "accuracy")
    for run in [run for run in ranked if run is champion] + [run for run in ranked if run is not champion]:
        found = [
            (said(row.get("feature")), value)
            for row in run.facts.get("importances") or []
            if (value := number(row.get("value"))) is not None
        ]
        if found:
            found.sort(key=lambda pair: -pair[1])
            shown = found[:FEATURES_SHOWN]
            views[run.key] = View(
                title=f"{run.name} listens most to {shown[0][0]}",
                caption=f"Importance of each of the {len(found)} features"
                + (f": {run.facts['importance_kind']}" if run.facts.get("importance_kind") else "")
                + (f"; the first {len(shown)} are drawn." if len(shown) < len(found) else "."),
                grid=Grid(
                    columns("Feature", "Importance"),
                    tuple(text_cells(name, decimal(value, 4)) for name, value in found),
                ),
                **bars(
                    [name for name, _ in shown],
                    [value for _, value in shown],
                    [decimal(value) for _, value in shown],
                    [colour_of(task, run)] * len(shown),
                    axis="Importance",
                ),
            )
            models.append((run.key, f"{run.name}, champion" if run is champion else run.name))
    return Chart(f"features-{slug(task.name)}", views, (Picker("Model", tuple(models)),)) if views else None
