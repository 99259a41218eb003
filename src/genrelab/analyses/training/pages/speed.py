"""The chart of training time: what the most accurate model gains over the fastest one."""

from genrelab.analyses.training.pages.charts import colour_of
from genrelab.analyses.training.pages.paired import comparable
from genrelab.analyses.training.pages.score_tables import (
    baseline,
    baseline_text,
    baselines,
    model_cell,
    score_cell,
)
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import Score
from genrelab.report.curves import named_points
from genrelab.report.figure import Chart, View, single, table
from genrelab.report.palette import slug
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import INTERVAL, THIN, inside, points, seconds

SHORT = 0.1
"""Seconds; shorter times are too noisy for a ratio."""

ALIKE = 1.5
"""A ratio of two times below that is no difference worth a number."""


def speed(training: Training) -> Chart | None:
    """Draw the accuracy on the headline split against training time; None where there is nothing to compare."""
    split, metric = training.headline(), find_metric("accuracy")
    shown = [pair for pair in comparable(training, metric, split) if pair[0].fit_seconds]
    able = [
        (run, score)
        for run, score in shown
        if (score.low or score.value) > (baseline(training, run, split, metric) or 0)
    ]
    if len(able) < 2:  # noqa: PLR2004 - one point compares nothing
        return None
    grid = table(
        ("Model", "Training time", "1,000 predictions", "Accuracy", INTERVAL),
        (
            (
                model_cell(training, run),
                seconds(run.fit_seconds),
                f"{run.predict_ms_per_1000:,.1f}{THIN}ms",
                metric.show(score.value),
                score_cell(score, metric).below,
            )
            for run, score in shown
        ),
    )
    level = baseline_text(metric, baselines(training, split, metric))
    view = View(
        title=_title(able),
        caption=f"Accuracy on {inside(find_split(split).label)}"
        + (f" ({level})" if level else "")
        + " against training time on a logarithmic axis, for models tested on the same tracks. Models no better"
        " than the baseline are in the numbers only.",
        grid=grid,
        **named_points(
            [run.label for run, _ in able],
            [run.fit_seconds for run, _ in able],
            [score.value for _, score in able],
            [colour_of(training, run) for run, _ in able],
            across_axis="Training time in seconds",
            up_axis="Accuracy",
        ),
    )
    return single(f"speed-{slug(training.task)}", view)


def _title(able: list[tuple[TrainedModel, Score]]) -> str:
    """Compare the most accurate with the fastest model that learned something."""
    (best, highest), (fastest, lower) = able[0], min(able, key=lambda pair: pair[0].fit_seconds)
    if best is fastest:
        return f"{best.label} is the most accurate and the fastest to train: {seconds(best.fit_seconds)}"
    gain = points(highest.value - lower.value).lstrip("+")
    title = f"{fastest.label} trains in {seconds(fastest.fit_seconds)}, {best.label} in {seconds(best.fit_seconds)}"
    ratio = best.fit_seconds / fastest.fit_seconds
    if fastest.fit_seconds < SHORT:
        return f"{title} and is {gain} more accurate"
    if ratio < ALIKE:
        return f"{title}, about as long, and is {gain} more accurate"
    return f"{title}: {gain} for {ratio:,.0f} times the training time"
