"""What the paired tests say: which models may be as good as the one that stands for a training.

Conventions: whether another model may be as good is said by one test alone: over artists on the same tracks, corrected
by Holm for the number of comparisons (`genrelab.models.comparison`). Where it was not made, nothing is said.
"""

from collections.abc import Sequence

from genrelab.analyses.training.pages.score_tables import baseline
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import Comparison, Score
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.headlines import on_split
from genrelab.report.vocabulary import Metric, find_metric
from genrelab.report.wording import INTERVAL, decimal, listing, plural, points

TESTED = "accuracy"
"""The score of the paired tests, on the shown split."""

CERTAIN = 0.001
"""P-values below are not written out."""

MOST_NAMED = 3


def pairs(training: Training) -> list[tuple[TrainedModel, Comparison]]:
    """Return the models that the main model was tested against, baselines aside, each with its test."""
    found = [(run, training.tested(run)) for run in training.runs if not run.is_baseline]
    return [(run, one) for run, one in found if one is not None]


def is_real(training: Training) -> str:
    """Say whether the main model leads beyond chance; empty where no test was made."""
    tested, main = pairs(training), training.main_run
    if not tested or main is None:
        return ""
    level = [run.label for run, one in tested if not one.is_real]
    ahead = [run.label for run, one in tested if one.is_real and one.accuracy.value < 0]
    behind = len(tested) - len(level) - len(ahead)
    said = (
        [f"more accurate than {behind} of {plural(len(tested), 'other model')} beyond chance"]
        if behind
        else []
    )
    said += [f"less accurate than {_named(ahead)} beyond chance"] if ahead else []
    text = f"By paired tests {on_split(training.shown)}, {main.label} is {listing(said) or 'not ahead of any other'}"
    return f"{text}; {_named(level)} may be as good." if level else f"{text}."


def _named(labels: Sequence[str]) -> str:
    return listing(labels) if len(labels) <= MOST_NAMED else plural(len(labels), "other model")


def leader_sentence(training: Training, metric: Metric, split: str) -> str:
    """Say what the model that stands for the training reaches on a split, and which models may be as good or better."""
    main = training.main_on(split, metric.name)
    # The same kind of model with other duplicates is not compared: it was scored on other tracks.
    scored = comparable(training, metric, split)
    shown, score = next((pair for pair in scored if pair[0] is main), scored[0])
    base = baseline(training, shown, split, metric)
    title = (
        f"{shown.label}{f', {training.role_of(shown)},' if main else ''} reaches {metric.show(score.value)}"
    )
    if base is not None and score.value <= base and metric.higher_is_better:
        title += ", no better than always predicting one genre"
    elif base is not None and metric.is_share:
        title += f", {points(score.value - base).lstrip('+')} above always predicting one genre"
    best, highest = scored[0]
    is_tested = main is training.main_run and (metric.name, split) == (TESTED, training.shown)
    test = training.tested(best) if is_tested else None
    if metric.show(highest.value) != metric.show(score.value):
        title += f"; {best.label} has {metric.show(highest.value)} here"
        if test is None:
            return title
        return f"{title}, beyond chance" if test.is_real else f"{title}, which may be chance"
    level = [run.label for run, one in pairs(training) if is_tested and not one.is_real]
    return f"{title}; {_named(level)} may be as good" if level else title


def comparable(training: Training, metric: Metric, split: str) -> list[tuple[TrainedModel, Score]]:
    """Return the models with a score on the same tracks as the main one's, the best first."""
    main, scored = training.main_on(split, metric.name), training.scored(split, metric.name)
    return [pair for pair in scored if main is None or pair[0].duplicates == main.duplicates]


def comparisons(training: Training) -> Grid | None:
    """Compare one model with every other one on the same tracks, with tests of significance; None without tests."""
    run = training.challenger_run
    if not training.comparisons or run is None:
        return None
    accuracy, f1 = find_metric(TESTED), find_metric("macro_f1")
    return table(
        (
            f"{run.label} against",
            "Accuracy",
            "Macro F1",
            "p",
            Column("Difference in accuracy", is_number=False),
        ),
        (
            (
                one.label,
                *(
                    Cell(metric.show_difference(part.value), metric.show_interval(part.low, part.high))
                    for metric, part in ((accuracy, one.accuracy), (f1, one.macro_f1))
                ),
                f"below {CERTAIN}" if one.p < CERTAIN else decimal(one.p),
                _verdict(one),
            )
            for one in sorted(training.comparisons, key=lambda one: one.accuracy.value)
        ),
        f"{run.label} minus each other model, {on_split(training.shown)}, on the same tracks; {INTERVAL}s below, by"
        " resampling artists. p is the share of random sign flips of the artists' differences that are as far from 0,"
        " corrected by Holm for the number of comparisons; below 0.05 a difference is beyond chance. Macro F1 is not"
        " tested.",
    )


def _verdict(one: Comparison) -> Cell:
    if not one.is_real:
        return Cell("may be chance")
    return Cell("better", mark="good") if one.accuracy.value > 0 else Cell("worse", mark="bad")
