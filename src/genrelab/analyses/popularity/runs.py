"""Popularity in MLflow: a parent run, and below it one run for each group of tracks, set of inputs and model."""

from collections.abc import Mapping

from genrelab.analyses.popularity.pages.charts import deciles_chart, inputs_chart
from genrelab.analyses.popularity.result import NumberScores, Popularity, TrackGroup
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode

SCORES = ("r2", "spearman", "top_decile_auc", "mae")


def runs_of(found: Popularity) -> Run:
    """The tree of runs."""
    metrics: dict[str, float] = {"tracks": found.counted.used, "artists": found.counted.artists}
    if found.variance:
        metrics["between_artists_ratio"] = found.variance.ratio.value
        if found.variance.component:
            metrics["between_artists_component"] = found.variance.component.value
    return Run(
        "popularity",
        f"popularity · {found.table} version {found.table_version}",
        tags=_tags(found, "all", "all"),
        params={"budget": found.budget, "target": "log(1 + plays)"},
        metrics=metrics
        | {f"disguised/{one.column}": one.ranks for one in found.disguised if one.ranks is not None},
        views={
            f"{group.name}.png": [[chart.first] for chart in (inputs_chart(group), deciles_chart(group))]
            for group in found.groups
        },
        files={"popularity.json": encode(found)},
        runs=[run for group in found.groups for run in _group(found, group)],
    )


def _group(found: Popularity, group: TrackGroup) -> list[Run]:
    sizes = {"tracks": group.tracks, "train": group.parts[0], "validation": group.parts[1]}
    judged = {"official/rows": float(group.parts[2]), "official/artists": float(group.test_artists)}
    baselines = [
        Run(
            f"{group.name}/{one.name}",
            f"{group.name} · no inputs · {one.name}",
            tags=_tags(found, one.name, group.name),
            params={**sizes, "inputs": "none"},
            metrics=judged | _metrics(one.by_split),
        )
        for one in group.baselines
    ]
    sets = [
        Run(
            f"{group.name}/{one.name}/xgboost",
            f"{group.name} · {one.name} · xgboost",
            tags=_tags(found, "xgboost", group.name) | {"forbidden": str(one.is_forbidden).lower()},
            params={**sizes, "inputs": one.name, "columns": one.inputs, "max_depth": one.depth}
            | {"n_estimators": one.trees},
            metrics=judged
            | _metrics(one.by_split)
            | ({"official/r2_gain": one.gain.value} if one.gain else {}),
        )
        for one in group.sets
    ]
    return [*baselines, *sets]


def _metrics(by_split: Mapping[str, NumberScores]) -> dict[str, float]:
    found: dict[str, float] = {}
    for split, scores in by_split.items():
        for name in SCORES:
            score = getattr(scores, name)
            found[f"{split}/{name}"] = score.value
            if score.low is not None and score.high is not None:
                found |= {f"{split}/{name}_low": score.low, f"{split}/{name}_high": score.high}
    return found


def _tags(found: Popularity, model: str, group: str) -> dict[str, str]:
    return {
        "model": model,
        "task": f"popularity-{group}",
        "table": found.table,
        "table_version": str(found.table_version),
        "sample": str(found.sample).lower(),
    }
