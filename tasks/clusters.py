"""k-means against human genres: the comparison, logged to MLflow and kept for the report."""

from typing import Any

from prefect import State, task

from genrelab import progress
from genrelab.lake import Lake, TableVersion, in_source_order
from genrelab.settings import Settings
from tasks.artifacts import publish_rows
from tasks.step import Outcome, facts_of, run_step, version_ids
from tasks.tracking_place import is_there, tracking_uri

TABLE = "spotify_binned"
EXPERIMENT = "clusters"


@task
def cluster_spotify_tracks(settings: Settings) -> State[Any]:
    """Cluster spotify_binned by its audio features and compare the clusters with the bins."""
    inputs = {
        **version_ids(settings.home, TABLE),
        "seed": settings.seed,
        "tracking": tracking_uri(settings.home),
    }
    return run_step(
        "compare_clusters",
        settings.home,
        inputs,
        lambda: _work(settings),
        is_there=lambda: is_there(settings.home),
    )


def _work(settings: Settings) -> Outcome:
    from genrelab.clusters import FEATURE_SETS, compare_clusters  # noqa: PLC0415 - imports scikit-learn
    from genrelab.tables.spotify import MODEL_FEATURES  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415

    lake = Lake(settings.home)
    version = lake.current(TABLE)
    columns = ["source", "source_row", "genre_bin", *MODEL_FEATURES]
    frame = in_source_order(lake.read(TABLE, columns, version.version)).to_pandas()
    genres = frame["genre_bin"].astype(object).where(frame["genre_bin"].notna(), None).tolist()
    door = connect(settings.home)
    rule_set = str(facts_of(settings.home, "bin_genres").get("rule_set", settings.rules))
    found = []
    with progress.track("clustering spotify_binned", len(FEATURE_SETS), "feature sets") as advance:
        for done, feature_set in enumerate(FEATURE_SETS.values(), start=1):
            comparison = compare_clusters(frame, genres, feature_set, seed=settings.seed)
            run = _log(door, comparison, frame, version, rule_set)
            found.append(
                {"table": TABLE, "table_version": version.version, "run_id": run, **comparison.as_dict()}
            )
            advance(done, feature_set.title)
    publish_rows("clusters", [_row(one) for one in found], "k-means with 12 clusters against the 12 bins.")
    first = found[0]
    genres_leading = sorted({cluster["leader"] for cluster in first["clusters"]})
    message = (
        f"{len(found)} clusterings of {first['rows']:,} tracks; {first['title'].lower()}: adjusted Rand "
        f"{first['scores']['ari']:.3f}, adjusted mutual information {first['scores']['ami']:.3f}; clusters led by "
        f"{', '.join(genres_leading)}"
    )
    return Outcome(message, {"comparisons": found})


def _log(door: Any, comparison: Any, frame: Any, version: TableVersion, rule_set: str) -> str:
    from tasks.checkout import git_commit  # noqa: PLC0415

    facts = comparison.as_dict()
    tags = {
        "model": "kmeans",
        "task": "bins",
        "table": version.table,
        "table_version": str(version.version),
        "rule_set": rule_set,
        "duplicates": "kept",
        "fitted_on": f"{facts['rows']:,} rows",
        "git_commit": git_commit(),
        "sample": "true" if version.is_sample else "false",
        "feature_set": facts["feature_set"],
    }
    run = str(door.start(EXPERIMENT, f"k-means · {facts['title']}", tags))
    door.log(
        run,
        params={
            "k": facts["k"],
            "seed": facts["seed"],
            "scaled": facts["scaled"],
            "features": ", ".join(facts["features"]),
        },
        metrics={
            **facts["scores"],
            **{f"{name}_by_chance": value for name, value in facts["chance"].items()},
            "fit_seconds": facts["fit_seconds"],
        },
    )
    door.log_dataset(run, frame[facts["features"]].astype("float64"), version, None)
    door.client.log_dict(run, facts, "comparison.json")
    door.end(run)
    return run


def _row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "features": found["title"],
        **{name: round(found["scores"][name], 4) for name in ("ari", "ami", "v_measure", "silhouette")},
        "ari by chance": round(found["chance"]["ari"], 4),
        "led by": ", ".join(sorted({cluster["leader"] for cluster in found["clusters"]})),
    }
