"""The study of origins in MLflow: a parent run, and below it one run per question and model, and the clusters."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from mlflow.entities import DatasetInput

from genrelab.origins.study import Study
from genrelab.origins.tracks import OriginTracks
from genrelab.table_version import TableVersion
from tasks.origin_figures import cost_figure, country_figure, epoch_figure, map_figure, place_figure
from tasks.tracking import Door, version_tags

EXPERIMENT = "origin"


def log_study(
    door: Door, study: Study, tracks: OriginTracks, version: TableVersion
) -> dict[tuple[str, str], str]:
    """Log everything that the study found.

    Args:
        door: MLflow.
        study: What was found.
        tracks: The tracks.
        version: The table version they come from.

    Returns:
        Id of the run of each question (or `clusters`) and model.
    """
    facts = study.facts
    frame = pd.DataFrame(tracks.features, columns=list(tracks.names)).assign(
        latitude=tracks.coordinates[:, 0], longitude=tracks.coordinates[:, 1]
    )
    shared = {name: facts[name] for name in ("budget", "seed", "repeats", "folds", "trees", "epochs")}
    tags = version_tags(version) | {"rule_set": "", "duplicates": "kept"}
    title = f"{EXPERIMENT} · {version.table} version {version.version}"
    parent = str(door.start(EXPERIMENT, title, tags | {"model": "all", "task": "all"}))
    finished = False
    try:
        door.log(parent, params=shared | {"tracks": len(tracks), "features": len(tracks.names)})
        dataset = door.dataset(frame, version, None)
        door.log_dataset(parent, dataset)
        runs = {("clusters", "kmeans"): _log_clusters(door, study, dataset, tags, parent)}
        for asked in facts["tasks"]:
            for run in asked["runs"]:
                fitted_on = f"{facts['folds'] - 1} of {facts['folds']} folds, {facts['repeats']} x"
                own = tags | {"model": run["model"], "task": asked["task"], "fitted_on": fitted_on}
                made = str(door.start(EXPERIMENT, f"{asked['task']} · {run['model']}", own, parent=parent))
                door.log(
                    made,
                    params=shared | {name: str(value) for name, value in run["params"].items()},
                    metrics={**run["scores"], "fit_seconds": run["fit_seconds"]},
                )
                door.log_dataset(made, dataset)
                _log_figures(door, made, asked["task"], run["model"], facts)
                door.end(made)
                runs[asked["task"], run["model"]] = made
        finished = True
    finally:
        door.end(parent, "FINISHED" if finished else "FAILED")
    return runs


def _log_clusters(
    door: Door, study: Study, dataset: DatasetInput, tags: Mapping[str, str], parent: str
) -> str:
    facts: Mapping[str, Any] = study.facts
    grouping = facts["grouping"]
    own = {**tags, "model": "kmeans", "task": "clusters", "fitted_on": f"{facts['tracks']:,} tracks"}
    run = str(door.start(EXPERIMENT, f"clusters · k-means, k = {grouping['k']}", own, parent=parent))
    door.log(
        run,
        params={"k": grouping["k"], "seed": facts["seed"], "scaled": False, "shuffles": facts["shuffles"]},
        metrics={
            **grouping["scores"],
            **{f"{name}_by_chance": value for name, value in grouping["chance"].items()},
            "purity": grouping["mean_purity"],
            "purity_by_chance": grouping["mean_purity_chance"],
        },
    )
    door.log_dataset(run, dataset)
    door.client.log_dict(run, {**grouping, "assigned": study.grouping.assigned.tolist()}, "clusters.json")
    door.client.log_dict(run, {"histories": facts["costs"], "scree": facts["scree"]}, "costs.json")
    door.client.log_figure(run, map_figure(facts), "map.png")
    door.client.log_figure(run, cost_figure(facts), "costs.png")
    door.end(run)
    return run


def _log_figures(door: Door, run: str, task: str, model: str, facts: Mapping[str, Any]) -> None:
    by_name = {network["network"]: network for network in facts["networks"]}
    if model in by_name:
        door.client.log_dict(run, by_name[model], "by_epoch.json")
        door.client.log_figure(run, epoch_figure(by_name[model]), "by_epoch.png")
    if model == "blend" and task == "country":
        door.client.log_dict(run, {"countries": facts["countries"]}, "countries.json")
        door.client.log_figure(run, country_figure(facts["countries"]), "countries.png")
    if model == "blend" and task == "coordinates":
        door.client.log_figure(run, place_figure(facts["countries"]), "distances.png")
