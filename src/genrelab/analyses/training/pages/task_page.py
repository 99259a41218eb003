"""The page of one training task: its models, which one to use, its mistakes, how sure it is, and what it rests on.

Conventions: the file is named after the task, so that its address stays. Sets of labels have a page of their own.
"""

from collections.abc import Callable, Sequence
from functools import partial

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.pages.calibration import calibration_view
from genrelab.analyses.training.pages.candidates import (
    calibration_sentence,
    candidates,
    challenger_sentence,
    decisions,
    fair_sentence,
    ranks_sentence,
)
from genrelab.analyses.training.pages.champion_card import champion_card
from genrelab.analyses.training.pages.charts import by_model_and_split, importances
from genrelab.analyses.training.pages.details import (
    coefficients,
    densities,
    learning_curve,
    other_draws,
    validation_curve,
)
from genrelab.analyses.training.pages.leaders import leaders
from genrelab.analyses.training.pages.matrices import confusion_view, per_class_view, worst_view
from genrelab.analyses.training.pages.paired import comparisons, is_real
from genrelab.analyses.training.pages.score_tables import (
    duplicate_effect,
    optimism_gap,
    published,
    scoreboard,
    shown_splits,
    shrinkage,
)
from genrelab.analyses.training.pages.speed import speed
from genrelab.analyses.training.pages.suspects import suspect_finding, suspect_scores, suspect_study
from genrelab.analyses.training.pages.with_artists import with_artists
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.report.figure import Cell, Chart, Column, Grid, View, table
from genrelab.report.headlines import headline, task_page, trainings_in_order
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.vocabulary import METRICS, SPLITS, find_split, in_order, task_label
from genrelab.report.wording import count, text_or_dash


def task_pages(facts: Facts) -> list[Page]:
    """Return a page for each training of one label."""
    return [_page(training) for training in trainings_in_order(facts)]


def _page(training: Training) -> Page:
    label = task_label(training.task)
    return Page(
        name=task_page(training).removesuffix(".html"),
        task=training.task,
        label=label,
        group="Models",
        title=f"{label}: which model predicts the genre best?",
        question=f"{training.title}.",
        needs=(TRAINING.name,),
        command="genrelab train",
        fill=partial(_fill, training.task),
        template="task_page",
    )


def _fill(task: str, facts: Facts) -> Summary:
    training = next(one for one in trainings_in_order(facts) if one.task == task)
    return {"finding": headline(training), "task": section(training)}


def section(training: Training) -> Summary:
    """Return everything that the page shows of a task."""
    return {
        "title": training.title,
        "table": training.table,
        "table_version": training.table_version,
        "rule_set": training.rule_set,
        "drawn": training.drawn,
        "genres": len(training.labels),
        "about": training.about,
        "failures": sorted(training.failures.items()),
        "champion": champion_card(training),
        "is_real": is_real(training),
        "ranks": ranks_sentence(training),
        "fair": fair_sentence(training),
        "challenger": challenger_sentence(training),
        "candidates": candidates(training),
        "decisions": decisions(training),
        "with_artists": with_artists(training),
        "calibrated": calibration_sentence(training),
        "leaders": leaders(training),
        "scores": [(metric.label, grid) for metric in METRICS if (grid := scoreboard(training, metric))],
        "splits": _splits(training),
        "shrinkage": shrinkage(training),
        "gap": optimism_gap(training),
        "duplicates": duplicate_effect(training),
        "published": published(training),
        "speed": speed(training),
        "worst": _by_genre(training, "worst", worst_view),
        "confusion": _by_genre(training, "confusion", confusion_view),
        "per_class": by_model_and_split(training, "classes", lambda run: run.per_class, per_class_view),
        "calibration": by_model_and_split(
            training, "calibration", lambda run: run.calibration, calibration_view
        ),
        "importances": importances(training),
        "comparisons": comparisons(training),
        "other_draws": other_draws(training),
        "suspect_finding": suspect_finding(training),
        "suspect_scores": suspect_scores(training),
        "suspect_study": suspect_study(training),
        "coefficients": coefficients(training),
        "densities": densities(training),
        "validation_curve": validation_curve(training),
        "learning_curve": learning_curve(training),
        "models": _models(training),
    }


def _by_genre(
    training: Training, name: str, draw: Callable[[TrainedModel, str, Sequence[str]], View]
) -> Chart | None:
    """Return a chart of the counts by true and predicted genre, for every model and split."""
    return by_model_and_split(
        training, name, lambda run: run.confusion, lambda run, split: draw(run, split, training.names)
    )


def _splits(training: Training) -> list[tuple[str, str]]:
    names = {split for metric in METRICS for split in shown_splits(training, metric.name)}
    ordered = in_order(list(names), [split.name for split in SPLITS])
    return [(find_split(name).label, find_split(name).meaning) for name in ordered]


def _models(training: Training) -> Grid:
    return table(
        [
            Column(label, is_number=label == "Rows")
            for label in ("Model", "Fitted on", "Duplicates", "Rows", "Search", "MLflow run")
        ],
        (
            (
                Cell(run.name, run.why),
                run.fitted_on,
                run.duplicates,
                count(run.rows),
                text_or_dash(run.search),
                run.run_id,
            )
            for run in training.runs
        ),
    )
