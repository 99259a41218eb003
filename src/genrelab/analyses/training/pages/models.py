"""The page of models: scores with split, baseline and interval, published results, and the champion decision."""

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.pages.candidates import (
    calibration_sentence,
    candidates,
    challenger_sentence,
    decisions,
)
from genrelab.analyses.training.pages.charts import (
    by_model_and_split,
    calibration_view,
    importances,
    leader_sentence,
    leaders,
    per_class_view,
    speed,
)
from genrelab.analyses.training.pages.details import (
    champion_scores,
    coefficients,
    comparisons,
    densities,
    learning_curve,
    other_draws,
    validation_curve,
)
from genrelab.analyses.training.pages.score_tables import (
    duplicate_effect,
    optimism_gap,
    published,
    scoreboard,
    shown_splits,
    shrinkage,
    side_by_side,
)
from genrelab.analyses.training.pages.suspects import suspect_finding, suspect_scores, suspect_study
from genrelab.analyses.training.pages.with_artists import with_artists
from genrelab.analyses.training.result import Training, Trainings
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import slug
from genrelab.report.vocabulary import METRICS, SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import DASH, INTERVAL, count, sentence, text_or_dash, when

FIRST_SCORES = ("accuracy",)


def fill(found: Trainings) -> Summary:
    """Return one section for each training of one label; sets of labels have a page of their own."""
    accuracy, finding = find_metric("accuracy"), ""
    for training in found.of_one_label:
        split = training.headline()
        if training.scored(split, accuracy.name):
            finding = f"{leader_sentence(training, accuracy, split)} ({training.title})."
            break
    return {
        "finding": finding,
        "side_by_side": side_by_side(found.of_one_label),
        "tasks": [_section(training) for training in found.of_one_label],
    }


def _section(training: Training) -> Summary:
    return {
        "title": training.title,
        "anchor": slug(training.task),
        "table": training.table,
        "table_version": training.table_version,
        "rule_set": training.rule_set,
        "genres": len(training.labels),
        "about": training.about,
        "failures": sorted(training.failures.items()),
        "champion": _champion(training),
        "challenger": challenger_sentence(training),
        "candidates": candidates(training),
        "decisions": decisions(training),
        "with_artists": with_artists(training),
        "calibrated": calibration_sentence(training),
        "leaders": leaders(training),
        "scores": _boards(training, [find_metric(name) for name in FIRST_SCORES]),
        "more_scores": _boards(training, [metric for metric in METRICS if metric.name not in FIRST_SCORES]),
        "splits": _splits(training),
        "shrinkage": shrinkage(training),
        "gap": optimism_gap(training),
        "duplicates": duplicate_effect(training),
        "published": published(training),
        "speed": speed(training),
        "per_class": by_model_and_split(
            training, "classes", lambda run: run.per_class, per_class_view, shows_numbers=True
        ),
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


def _boards(training: Training, metrics: list[Metric]) -> list[tuple[str, Grid]]:
    """Return a table of every model on every split, for each available score."""
    return [(metric.label, grid) for metric in metrics if (grid := scoreboard(training, metric))]


def _splits(training: Training) -> list[tuple[str, str]]:
    names = {split for metric in METRICS for split in shown_splits(training, metric.name)}
    ordered = in_order(list(names), [split.name for split in SPLITS])
    return [(find_split(name).label, find_split(name).meaning) for name in ordered]


def _champion(training: Training) -> Summary | None:
    found = training.champion
    if found is None:
        return None
    return {
        "model": training.champion_name or DASH,
        "version": found.version,
        "since": when(found.since) if found.since else "",
        "promoted": found.promoted,
        "reason": found.reason,
        "scores": champion_scores(training),
        "numbers": [(sentence(name.replace("_", " ")), text) for name, text in found.numbers.items()],
    }


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


PAGE = Page(
    name="models",
    label="Models",
    group="Models",
    title="Which model predicts the genre best?",
    question=f"Every score is shown with its test tracks, its {INTERVAL} and the baseline that always predicts the"
    " commonest genre.",
    needs=(TRAINING.name,),
    command="genrelab train",
    fill=of_result(TRAINING, fill),
)
