"""Model comparison: scores with split, baseline and interval, published results, the champion and why."""

from collections.abc import Mapping
from typing import Any

from genrelab.report.figure import Cell, Column, Grid, text_cells
from genrelab.report.model_charts import (
    by_model_and_split,
    calibration_curve,
    importances,
    leader_sentence,
    leaders,
    per_class,
    speed,
)
from genrelab.report.model_details import (
    coefficients,
    comparisons,
    densities,
    learning_curve,
    other_draws,
    validation_curve,
)
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.score_tables import (
    duplicate_effect,
    optimism_gap,
    published,
    rows_of,
    scoreboard,
    shown_splits,
    side_by_side,
)
from genrelab.report.training import Task, read_tasks
from genrelab.report.vocabulary import METRICS, SPLITS, find_metric, find_split, in_order
from genrelab.report.wording import DASH, INTERVAL, count, decimal, number, said, when

FIRST_SCORES = ("accuracy",)


def fill(facts: Facts) -> Summary:
    """One section per task."""
    tasks = read_tasks(facts)
    finding = ""
    for task in tasks:
        split = task.headline()
        if split and any(run.score(split, "accuracy") for run in task.runs):
            finding = f"{leader_sentence(task, find_metric('accuracy'), split)} ({task.title})."
            break
    return {
        "finding": finding,
        "side_by_side": side_by_side(tasks),
        "tasks": [_section(task) for task in tasks],
    }


def _section(task: Task) -> Summary:
    return {
        "title": task.title,
        "anchor": slug(task.name),
        "table": said(task.facts.get("table"), ""),
        "table_version": task.facts.get("table_version"),
        "rule_set": said(task.facts.get("rule_set"), ""),
        "genres": len(task.labels),
        "about": said(task.facts.get("about"), ""),
        "failures": sorted((task.facts.get("failures") or {}).items()),
        "champion": _champion(task),
        "leaders": leaders(task),
        "scores": rows_of([(find_metric(name).label, scoreboard(task, name)) for name in FIRST_SCORES]),
        "more_scores": rows_of(
            [
                (metric.label, scoreboard(task, metric.name))
                for metric in METRICS
                if metric.name not in FIRST_SCORES
            ]
        ),
        "splits": _splits(task),
        "gap": optimism_gap(task),
        "duplicates": duplicate_effect(task),
        "published": published(task),
        "speed": speed(task),
        "per_class": by_model_and_split(task, "classes", "per_class", per_class),
        "calibration": by_model_and_split(task, "calibration", "calibration", calibration_curve),
        "importances": importances(task),
        "comparisons": comparisons(task),
        "other_draws": other_draws(task),
        "coefficients": coefficients(task),
        "densities": densities(task),
        "validation_curve": validation_curve(task),
        "learning_curve": learning_curve(task),
        "models": _models(task),
    }


def _splits(task: Task) -> list[tuple[str, str]]:
    names = {split for metric in METRICS for split in shown_splits(task, metric.name)}
    ordered = in_order(list(names), [split.name for split in SPLITS])
    return [(find_split(name).label, find_split(name).meaning) for name in ordered]


def _champion(task: Task) -> Summary | None:
    given = task.champion
    if not given:
        return None
    return {
        "model": task.champion_name,
        "version": "" if given.get("version") is None else str(given["version"]),
        "since": when(given["since"]) if given.get("since") else "",
        "promoted": bool(given.get("promoted")),
        "reason": said(given.get("reason"), ""),
        "numbers": [(number_name(name), shown) for name, shown in _flat(given.get("numbers") or {})],
    }


def _flat(numbers: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    rows = []
    for name, value in numbers.items():
        full = f"{before}{name}"
        if isinstance(value, Mapping):
            rows += _flat(value, f"{full}: ")
        elif isinstance(value, list | tuple):
            rows.append((full, " to ".join(_shown(item) for item in value)))
        else:
            rows.append((full, _shown(value)))
    return rows


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    found = number(value)
    if found is None:
        return str(value) if value is not None else DASH
    return count(found) if isinstance(value, int) else decimal(found, 4)


def number_name(name: str) -> str:
    """`gate/macro_f1` as a reader says it; other names lose their underscores.

    >>> number_name("challenger: gate/macro_f1")
    'Challenger: macro F1, gate'
    """
    before, colon, last = name.rpartition(": ")
    split, slash, metric = last.partition("/")
    if slash:
        label = find_metric(metric).label
        last = f"{label[:1].lower()}{label[1:]}, {find_split(split).label.lower()}"
    text = f"{before}{colon}{last}".replace("_", " ")
    return text[:1].upper() + text[1:]


def _models(task: Task) -> Grid:
    rows = []
    for run in task.runs:
        fitted = said(run.facts.get("fitted_on"))
        searched = said(run.part("search").get("said"))
        rows.append(
            text_cells(
                Cell(run.name, said(run.facts.get("why"), "")),
                Cell(fitted),
                Cell(said(run.facts.get("duplicates"))),
                count(run.facts.get("rows")),
                Cell(searched),
                Cell(said(run.facts.get("run_id"))),
            )
        )
    headings = tuple(
        Column(label, is_number=label == "Rows")
        for label in ("Model", "Fitted on", "Duplicates", "Rows", "Search", "MLflow run")
    )
    return Grid(headings, tuple(rows))


PAGE = Page(
    name="models",
    label="Models",
    group="Models",
    title="Which model names the genre best?",
    question=f"Every score stands with the tracks it was measured on, its {INTERVAL} and"
    " what always answering the commonest genre would reach.",
    needs=("training",),
    command="genrelab train",
    fill=fill,
)
