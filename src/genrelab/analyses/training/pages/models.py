"""The page of the best models: every task with the model that stands for it, and whether its lead is real.

Conventions: the task of the rule set that decides comes first, variants that are there to compare come last. Each
task has a page of its own (`task_page`), whose file is named after it.
"""

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.pages.candidates import fair_sentence, ranks_sentence
from genrelab.analyses.training.pages.paired import TESTED, comparable, comparisons, is_real
from genrelab.analyses.training.pages.score_tables import baseline, below_each, score_cell, side_by_side
from genrelab.analyses.training.pages.task_page import task_pages
from genrelab.analyses.training.result import Training
from genrelab.report.figure import Cell, Grid, table, text_column
from genrelab.report.headlines import headline, shown_run, task_page, trainings_in_order
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.vocabulary import find_metric, find_split, task_label
from genrelab.report.wording import INTERVAL, inside, sentence


def fill(facts: Facts) -> Summary:
    """Return the models of all tasks of one label, and of the first of them whether its lead is real."""
    tasks = [one for one in trainings_in_order(facts) if shown_run(one)]
    first = next(iter(tasks), None)
    return {
        "finding": headline(first) if first else "",
        "first": _first(first) if first else None,
        "tasks": _tasks(tasks),
        "side_by_side": side_by_side(tasks),
    }


def _first(training: Training) -> Summary:
    return {
        "label": task_label(training.task),
        "file": task_page(training),
        "is_real": is_real(training),
        "ranks": ranks_sentence(training),
        "fair": fair_sentence(training),
        "comparisons": comparisons(training),
    }


def _tasks(tasks: list[Training]) -> Grid | None:
    """Return a table of the tasks: the model that stands for each, its scores, and which one is more accurate."""
    accuracy, f1 = find_metric(TESTED), find_metric("macro_f1")
    rows = []
    for training in tasks:
        found = shown_run(training)
        if found is None:
            continue
        run, score, split = found
        rows.append(
            (
                Cell(
                    task_label(training.task),
                    below_each(training.title, "to compare, never in use" if training.is_variant else ""),
                    link=task_page(training),
                ),
                Cell(run.label, training.role_of(run)),
                score_cell(score, accuracy),
                accuracy.show(baseline(training, run, split, accuracy)),
                score_cell(run.score(split, f1.name), f1),
                inside(find_split(split).label),
                _more_accurate(training, split),
            )
        )
    if not rows:
        return None
    return table(
        (
            "Task",
            text_column("Model"),
            "Accuracy",
            "Baseline",
            "Macro F1",
            text_column("Tested on"),
            text_column("More accurate there", "paired test"),
        ),
        rows,
        f"Below each score: its {INTERVAL}, by resampling artists. Baseline: always predicting the commonest genre. The"
        " model in use was chosen by log loss on other tracks: the test tracks choose nothing.",
    )


def _more_accurate(training: Training, split: str) -> Cell:
    """Return the most accurate other model, if it is more accurate, and whether that may be chance."""
    metric, main = find_metric(TESTED), training.main_on(split, TESTED)
    best, score = comparable(training, metric, split)[0]
    if best is main:
        return Cell("none")
    test = training.tested(best)
    verdict = "not tested" if test is None else "beyond chance" if test.is_real else "may be chance"
    return Cell(f"{best.label} {metric.show(score.value)}", sentence(verdict))


PAGE = Page(
    name="models",
    label="Best model",
    group="Models",
    title="Which model predicts the genre best, and is its lead real?",
    question="Every task has a model that stands for it: the one in use, or the challenger. A lead is real where a"
    " paired test on the same tracks says so. Each task has a page with all of its models.",
    needs=(TRAINING.name,),
    command="genrelab train",
    fill=fill,
    has_charts=False,
    more=task_pages,
)
