"""The genre study in MLflow: a parent run, and below it one run per step of each set of features."""

from genrelab.analyses.genre_study.pages.look_up_charts import by_k, components
from genrelab.analyses.genre_study.pages.network_charts import thresholds, widths
from genrelab.analyses.genre_study.result import (
    ALL,
    APART,
    COMPONENTS,
    FEATURES,
    OFFICIAL,
    RANDOM,
    FeatureStudy,
    GenreStudy,
    Step,
)
from genrelab.analyses.runs import Curve, Run
from genrelab.report.figure import View
from genrelab.runtime.records import encode

INPUTS = {"knn": FEATURES, "knn_components": COMPONENTS}
HUNDREDTHS = 100
"""A step of a curve over thresholds is a hundredth."""


def runs_of(study: GenreStudy) -> Run:
    """The tree of runs."""
    shared = {"budget": study.budget, "seed": study.seed}
    return Run(
        "study",
        f"all genres · fma_tracks version {study.tracks_version}",
        tags={"model": "all", "task": "genre-path", "rule_set": "", "duplicates": "kept"},
        params=shared,
        metrics={f"tracks_without/{one.column}": one.without for one in study.columns},
        files={"genres.json": {one.column: encode(one) for one in study.columns}},
        runs=[_step(found, step, shared) for found in study.studies for step in found.steps],
    )


def _step(found: FeatureStudy, step: Step, shared: dict[str, object]) -> Run:
    metrics = dict(step.scores) | {"fit_seconds": step.fit_seconds}
    for name, value in (
        (f"{RANDOM}/jaccard", step.random),
        (f"{RANDOM}/jaccard_sd", step.random_sd),
        (f"{APART}/jaccard", step.apart),
        (f"{APART}/jaccard_sd", step.apart_sd),
        ("validation/jaccard", step.validation),
    ):
        if value is not None:
            metrics[name] = value
    curves, views = _drawn(found, step)
    params = shared | dict(step.params) | {"features": found.columns, "tracks": found.used.sampled}
    if step.threshold is not None:
        params["threshold"] = step.threshold
    is_best = (step.name, step.labels) == (found.best, ALL)
    return Run(
        f"{found.name}/{step.labels}/{step.name}",
        f"{found.name} · {step.labels} · {step.name}",
        tags={
            "model": step.name,
            "task": "genre-path",
            "labels": step.labels,
            "features": found.name,
            "rule_set": "",
            "duplicates": "kept",
            "fitted_on": f"{found.fitted:,} tracks",
        },
        params=params,
        metrics=metrics,
        curves=curves,
        views=views,
        files={"genres.json": {"genres": [encode(one) for one in found.genres]}} if is_best else {},
    )


def _drawn(found: FeatureStudy, step: Step) -> tuple[dict[str, Curve], dict[str, list[list[View]]]]:
    """The curves of a step, and the same as pictures."""
    curves: dict[str, Curve] = {}
    views: dict[str, list[list[View]]] = {}
    if step.name in INPUTS:
        inputs = INPUTS[step.name]
        for one in found.neighbours:
            if (one.inputs, one.labels) == (inputs, step.labels):
                curves[f"{one.protocol}/jaccard_by_k"] = tuple(zip(one.k, one.mean, strict=True))
        views["by_k.png"] = [[by_k([found]).views[f"{found.name}|{step.labels}|{inputs}"]]]
        if inputs == COMPONENTS and (chart := components([found])):
            views["components.png"] = [[chart.first]]
    if step.name == "one_layer" and (chart := widths([found])):
        curves["validation/jaccard_by_units"] = tuple((one.units, one.validation) for one in found.widths)
        curves[f"{OFFICIAL}/jaccard_by_units"] = tuple((one.units, one.official) for one in found.widths)
        views["units.png"] = [[chart.first]]
    for study in found.thresholds:
        if (study.step, ALL) != (step.name, step.labels):
            continue
        for split in (RANDOM, "validation", OFFICIAL):
            values = getattr(study, split)
            curves[f"{split}/jaccard_by_threshold"] = tuple(
                (round(cut * HUNDREDTHS), value) for cut, value in zip(study.thresholds, values, strict=True)
            )
        if chart := thresholds([found]):
            views["thresholds.png"] = [[chart.views[f"{found.name}|{study.step}"]]]
    return curves, views
