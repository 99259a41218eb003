"""Music against the map: the study of `origin_tracks`, logged to MLflow and kept for the report."""

from typing import Any

from prefect import State, task

from genrelab.lake import Lake, in_source_order
from genrelab.settings import Settings
from genrelab.table_version import TableVersion
from tasks.artifacts import publish_rows
from tasks.step import Outcome, run_step, version_ids
from tasks.tracking_place import is_there, tracking_identity

TABLE = "origin_tracks"
STEP = "study_origin"


@task
def study_origin_tracks(settings: Settings) -> State[Any]:
    """Cluster origin_tracks, and ask models for the side of 20 degrees north, the country and the place."""
    inputs = {
        **version_ids(settings.home, TABLE),
        "seed": settings.seed,
        "budget": settings.budget or "",
        "tracking": tracking_identity(settings.home),
    }
    return run_step(
        STEP, settings.home, inputs, lambda: _work(settings), is_there=lambda: is_there(settings.home)
    )


def _work(settings: Settings) -> Outcome:
    from genrelab.origins.study import FOLDS, LARGEST_K, study_origin  # noqa: PLC0415 - imports scikit-learn
    from genrelab.origins.tracks import prepare  # noqa: PLC0415
    from tasks.origin_log import log_study  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415

    lake = Lake(settings.home)
    version = lake.current(TABLE)
    data = in_source_order(lake.read(TABLE, version=version.version))
    tracks = prepare(data, clusters=LARGEST_K, folds=FOLDS)
    budget = settings.budget or ("quick" if version.is_sample else "nightly")
    study = study_origin(tracks, budget=budget, seed=settings.seed, cores=settings.cores)
    door = connect(settings.home)
    runs = log_study(door, study, tracks, version)
    facts = study.facts | {"table": TABLE, "table_version": version.version, "sample": version.is_sample}
    facts["grouping"]["run_id"] = runs["clusters", "kmeans"]
    for asked in facts["tasks"]:
        for run in asked["runs"]:
            run["run_id"] = runs[asked["task"], run["model"]]
    publish_rows(
        "origin",
        [_row(asked, run) for asked in facts["tasks"] for run in asked["runs"]],
        f"{facts['repeats']} x {facts['folds']} stratified folds over tracks, with 95 % intervals.",
    )
    return Outcome(_told(facts, version), facts)


def _told(facts: dict[str, Any], version: TableVersion) -> str:
    best = {asked["task"]: asked["runs"][0]["scores"] for asked in facts["tasks"]}
    return (
        f"{facts['tracks']:,} tracks of {len(facts['places'])} places, {TABLE} version {version.version}, "
        f"{facts['repeats']} x {facts['folds']} folds: north or south {best['latitude']['cv/accuracy']:.3f}, "
        f"country {best['country']['cv/accuracy']:.3f}, "
        f"{best['coordinates']['cv/great_circle_km']:,.0f} km off on average"
    )


def _row(asked: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    scores, metric = run["scores"], f"cv/{asked['metric']}"
    digits = 0 if asked["metric"] == "great_circle_km" else 3
    shown = {end: f"{scores[f'{metric}{end}']:,.{digits}f}" for end in ("", "_low", "_high")}
    return {
        "question": asked["title"],
        "model": run["label"],
        "score": f"{shown['']} ({shown['_low']} to {shown['_high']})",
        "measured as": asked["metric"],
        "baseline": f"{asked['baseline']:,.{digits}f}",
    }
