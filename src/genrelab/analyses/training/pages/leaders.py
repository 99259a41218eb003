"""The chart of every model by one score on one split, with intervals, baseline and published results."""

from genrelab.analyses.training.pages.charts import colour_of, split_picker
from genrelab.analyses.training.pages.paired import comparable, leader_sentence
from genrelab.analyses.training.pages.score_tables import (
    baseline,
    baseline_text,
    dominated,
    evidence,
    model_cell,
    score_cell,
    shown_splits,
)
from genrelab.analyses.training.result import Training, same_kind
from genrelab.report.charts import intervals
from genrelab.report.figure import Chart, Picker, View, table
from genrelab.report.palette import slug
from genrelab.report.vocabulary import METRICS, Metric, find_split
from genrelab.report.wording import INTERVAL, inside


def leaders(training: Training) -> Chart | None:
    """Draw every model by one score on one split, with intervals, baseline and published results."""
    headline = training.headline()
    shown = {
        (metric, split): _leaders_view(training, metric, split)
        for metric in METRICS
        for split in sorted(shown_splits(training, metric.name), key=lambda name: name != headline)
        if split != "random"  # It has its own table beside the grouped one.
    }
    if not shown:
        return None
    metrics = dict.fromkeys(metric for metric, _ in shown)
    pickers = (
        Picker("Score", tuple((metric.name, metric.label) for metric in metrics)),
        split_picker([split for _, split in shown]),
    )
    views = {f"{metric.name}|{split}": view for (metric, split), view in shown.items()}
    return Chart(f"leaders-{slug(training.task)}", views, pickers)


def _leaders_view(training: Training, metric: Metric, split: str) -> View:
    scored, shown = training.scored(split, metric.name), comparable(training, metric, split)
    levels = [level] if (level := baseline(training, shown[0][0], split, metric)) is not None else []
    others = [
        (row, given.value, f"{given.model}, {given.source}")
        for given in training.references
        if (given.split, given.metric) == (split, metric.name)
        for row, (run, _) in enumerate(shown)
        if same_kind(given.model, run)
    ]
    about = find_split(split)
    caption = f"{metric.meaning} {about.label}: {inside(about.meaning)}"
    if sizes := evidence(shown[0][0], split):
        caption += f" {sizes}."
    caption += (
        f" Lines are {INTERVAL}s: what other artists could give. {dominated(training, [split])}".rstrip()
    )
    if others:
        caption += " Hollow diamonds are published results of the same kind of model."
    if len(shown) < len(scored):
        caption += (
            f" Models with duplicates {shown[0][0].duplicates} are drawn; the others were scored on other tracks"
            " and are in the numbers only."
        )
    grid = table(
        ("Model", metric.label, INTERVAL, "Baseline"),
        (
            (
                model_cell(training, run),
                metric.show(score.value),
                score_cell(score, metric).below,
                metric.show(baseline(training, run, split, metric)),
            )
            for run, score in scored
        ),
    )
    return View(
        title=leader_sentence(training, metric, split),
        caption=caption,
        grid=grid,
        **intervals(
            [run.label + (", champion" if run is training.champion_run else "") for run, _ in shown],
            [score.value for _, score in shown],
            [score.low for _, score in shown],
            [score.high for _, score in shown],
            [metric.show(score.value) for _, score in shown],
            [colour_of(training, run) for run, _ in shown],
            axis=f"{metric.label}, {inside(about.label)}",
            is_share=metric.is_share,
            lines=[(level, baseline_text(metric, levels) if level == levels[-1] else "") for level in levels],
            others=others,
        ),
    )
