"""k-means against human genres: every collection compared, logged to MLflow and kept for the report."""

from collections.abc import Mapping, Sequence
from typing import Any

from prefect import State, task

from genrelab import progress
from genrelab.errors import GenrelabError
from genrelab.lake import Lake, in_source_order
from genrelab.settings import Settings
from genrelab.table_version import TableVersion
from tasks.artifacts import publish_rows
from tasks.step import Outcome, empty_tables, facts_of, nothing_to_do, run_step, version_ids
from tasks.tracking_place import is_there, tracking_uri

READS = {"spotify": ("spotify_binned",), "fma": ("fma_echonest", "fma_tracks")}
"""Tables of each collection; the first carries the features."""

CLASSIC = "classic"
"""The rule set of the document, whose rows are clustered."""

DASH = " \N{EN DASH} "
"""Between artist and track."""


def step_of(name: str) -> str:
    """Name of the step that compares a collection, and of its record."""
    return f"compare_clusters_{name}"


@task(task_run_name="compare clusters {name}")
def compare_with_genres(name: str, settings: Settings) -> State[Any]:
    """Cluster the tracks of one collection by their audio features and compare the clusters with its genres.

    Args:
        name: Name of the collection, one of `READS`.
        settings: What the run works with.
    """
    step = step_of(name)
    empty = empty_tables(settings.home, *READS[name])
    if empty:
        return nothing_to_do(step, f"{', '.join(empty)} has no rows")
    inputs = {
        **version_ids(settings.home, *READS[name]),
        "seed": settings.seed,
        "budget": settings.budget,
        "map": settings.track_map,
        "tracking": tracking_uri(settings.home),
    }
    return run_step(
        step,
        settings.home,
        inputs,
        lambda: _work(name, settings),
        is_there=lambda: is_there(settings.home),
        code=("clusters",),
    )


def _work(name: str, settings: Settings) -> Outcome:
    from genrelab.analyses.clusters import BUDGETS, FMA, SPOTIFY, check_umap, study_collection  # noqa: PLC0415
    from tasks.cluster_log import log_collection  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415

    with_umap = settings.track_map == "umap"
    if with_umap:
        check_umap()
    collection = {"spotify": SPOTIFY, "fma": FMA}[name]
    lake = Lake(settings.home)
    version = lake.current(collection.table)
    budget = settings.budget or ("quick" if version.is_sample else "nightly")
    frame, labels, names = (_spotify if name == "spotify" else _fma)(lake, version, settings)
    with progress.track(f"clustering {collection.table}", len(collection.sets), "feature sets") as advance:
        found, facts = study_collection(
            frame,
            labels,
            names,
            collection,
            seed=settings.seed,
            budget=BUDGETS[budget],
            cores=settings.cores,
            with_umap=with_umap,
            advance=advance,
        )
    # Nothing is logged before everything is computed: a refused table leaves no run.
    facts |= {"table_version": version.version, "sample": version.is_sample, "budget": budget}
    run_ids = log_collection(connect(settings.home), found, facts, frame, version)
    for one in facts["clusterings"]:
        one["run_ids"] = run_ids[one["feature_set"]]
    publish_rows(
        f"clusters-{name}",
        [_row(one) for one in facts["clusterings"]],
        "k-means with 12 clusters against genres.",
    )
    return Outcome(_message(facts), facts)


def _spotify(
    lake: Lake, version: TableVersion, settings: Settings
) -> tuple[Any, dict[str, Sequence[str | None]], list[str]]:
    from genrelab.tables.spotify import MODEL_FEATURES, bin_column  # noqa: PLC0415

    classic = bin_column(CLASSIC).name
    columns = ["source", "source_row", "artist_name", "track_name", classic, "genre_bin", *MODEL_FEATURES]
    data = in_source_order(lake.read(version.table, columns, version.version))
    labels: dict[str, Sequence[str | None]] = {CLASSIC: data[classic].to_pylist()}
    active = str(facts_of(settings.home, "bin_genres").get("rule_set", settings.rules))
    if active != CLASSIC:
        labels[active] = data["genre_bin"].to_pylist()
    names = zip(data["artist_name"].to_pylist(), data["track_name"].to_pylist(), strict=True)
    return (
        data.select(list(MODEL_FEATURES)).to_pandas(),
        labels,
        [DASH.join(filter(None, pair)) for pair in names],
    )


def _fma(
    lake: Lake, version: TableVersion, _settings: Settings
) -> tuple[Any, dict[str, Sequence[str | None]], list[str]]:
    from genrelab.tables.fma import ECHONEST_AUDIO  # noqa: PLC0415

    data = lake.read(version.table, ["track_id", *ECHONEST_AUDIO], version.version)
    tracks = lake.read("fma_tracks", ["track_id", "genre_top", "track_title", "artist_name"])
    joined = data.join(tracks, "track_id", join_type="inner").sort_by("track_id")
    if not len(joined):
        raise GenrelabError(
            "no track of fma_echonest is in fma_tracks",
            found=f"{len(data):,} and {len(tracks):,} tracks without a common one",
            do="import both from the same fma_metadata",
        )
    names = zip(
        joined["artist_name"].to_pylist(),
        joined["track_title"].to_pylist(),
        joined["track_id"].to_pylist(),
        strict=True,
    )
    return (
        joined.select(list(ECHONEST_AUDIO)).to_pandas(),
        {"top genre": joined["genre_top"].to_pylist()},
        [
            DASH.join(filter(None, (artist, title))) or f"FMA track {number}"
            for artist, title, number in names
        ],
    )


def _message(facts: Mapping[str, Any]) -> str:
    """What was found, in a line: the sets, what decides each, and the agreement of the scaled one."""
    decided = "; ".join(
        f"{one['title'].lower()}: {first['feature']} has {first['value']:.0%} of the importance"
        for one in facts["clusterings"]
        if not one["scaled"]
        for first in one["deciding"]["importances"][:1]
    )
    scaled = next(one for one in facts["clusterings"] if one["scaled"])
    agreed = ", ".join(
        f"{one['labels']} {one['scores']['ari']:.3f} (chance {one['chance']['ari']:.3f})"
        for one in scaled["agreements"]
    )
    return (
        f"{len(facts['clusterings'])} clusterings of {facts['rows']:,} tracks; {decided}; adjusted Rand of all "
        f"features, scaled: {agreed}"
    )


def _row(found: Mapping[str, Any]) -> dict[str, Any]:
    deciding = found["deciding"]
    row: dict[str, Any] = {
        "features": found["title"],
        "decided by": deciding["importances"][0]["feature"],
        "forest accuracy": round(deciding["accuracy"], 3),
        "silhouette": round(found["silhouette"], 3),
    }
    for one in found["agreements"]:
        row[f"ari, {one['labels']}"] = f"{one['scores']['ari']:.3f} (chance {one['chance']['ari']:.3f})"
        row[f"led by, {one['labels']}"] = ", ".join(sorted({leader["leader"] for leader in one["leaders"]}))
    return row
