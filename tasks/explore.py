"""What each genre sounds like: the summaries of the exploration pages, kept for the report."""

from typing import Any

from prefect import State, task

from genrelab import progress
from genrelab.lake import Lake, in_source_order
from genrelab.settings import Settings
from tasks.artifacts import publish_rows
from tasks.step import Outcome, nothing_to_do, run_step, version_ids

STEP = "explore"
NOT_FEATURES = ("source", "source_row", "track_id")
TABLES = ("spotify_binned", "fma_tracks", "fma_echonest", "fma_features")


@task
def explore_features(settings: Settings) -> State[Any]:
    """Summarise every audio feature by genre, as far as the tables of Spotify and the FMA exist."""
    versions = version_ids(settings.home, *TABLES)
    if not any(versions.values()):
        return nothing_to_do(STEP, "no table with audio features has been published")
    return run_step(STEP, settings.home, versions, lambda: _work(settings), code=("features",))


def _work(settings: Settings) -> Outcome:
    from genrelab.analyses.features import count_micro_genres  # noqa: PLC0415 - a skipped step needs no scipy

    lake = Lake(settings.home)
    collections: list[dict[str, Any]] = []
    facts: dict[str, Any] = {"collections": collections}
    with progress.track("exploring features", 3, "collections") as advance:
        if lake.find("spotify_binned"):
            found, micro_genres = _spotify(lake)
            collections.append(found)
            facts["micro_genres"] = count_micro_genres(micro_genres)
            advance(1, found["title"])
        if lake.find("fma_echonest") and lake.find("fma_tracks"):
            collections.append(_fma(lake))
            advance(2, collections[-1]["title"])
        if lake.find("fma_tracks"):
            names = lake.read("fma_tracks", ["genre_names"])["genre_names"]
            facts["fma_genres"] = count_micro_genres(names.to_pylist())
        if lake.find("fma_features"):
            facts["wide"] = _wide(lake)
            advance(3, "librosa features")
    publish_rows(
        "explore", [_row(one) for one in collections], "Tracks whose features are described by genre."
    )
    told = [
        f"{one['table']}: {len(one['features'])} features of {one['described']:,} tracks in "
        f"{len(one['genres'])} genres"
        for one in collections
    ]
    if "wide" in facts:
        told.append(f"fma_features: far values of {facts['wide']['features']} features")
    return Outcome("; ".join(told), facts)


def _spotify(lake: Lake) -> tuple[dict[str, Any], list[list[str]]]:
    from genrelab.analyses.features import SPOTIFY, explore  # noqa: PLC0415

    version = lake.current(SPOTIFY.table)
    names = ["source", "source_row", "artist_name", "track_name", "genres", "genre_bin", *SPOTIFY.features]
    data = in_source_order(lake.read(SPOTIFY.table, names, version.version))
    pairs = zip(data["track_name"].to_pylist(), data["artist_name"].to_pylist(), strict=True)
    examples = [f"{track} · {artist}" for track, artist in pairs]
    frame = data.select(list(SPOTIFY.features)).to_pandas()
    found = explore(frame, data["genre_bin"].to_pylist(), SPOTIFY, examples)
    return found | {"table_version": version.version}, data["genres"].to_pylist()


def _fma(lake: Lake) -> dict[str, Any]:
    from genrelab.analyses.features import FMA, explore  # noqa: PLC0415

    version = lake.current(FMA.table)
    data = lake.read(FMA.table, ["track_id", *FMA.features], version.version)
    tracks = lake.read("fma_tracks", ["track_id", "genre_top", "track_title", "artist_name"])
    joined = data.join(tracks, "track_id", join_type="left outer").sort_by("track_id")
    pairs = zip(joined["track_title"].to_pylist(), joined["artist_name"].to_pylist(), strict=True)
    examples = [" · ".join(filter(None, pair)) for pair in pairs]
    frame = joined.select(list(FMA.features)).to_pandas()
    found = explore(frame, joined["genre_top"].to_pylist(), FMA, examples)
    return found | {"table_version": version.version}


def _wide(lake: Lake) -> dict[str, Any]:
    from genrelab.analyses.features import far_features  # noqa: PLC0415
    from genrelab.tables.fma import FMA_FEATURES  # noqa: PLC0415

    names = [column.name for column in FMA_FEATURES if column.name not in NOT_FEATURES]
    version = lake.current(FMA_FEATURES.name)
    found = far_features(lake.read(FMA_FEATURES.name, names, version.version), names)
    return found | {"table": FMA_FEATURES.name, "table_version": version.version}


def _row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "table": found["table"],
        "version": found["table_version"],
        "tracks": found["tracks"],
        "described": found["described"],
        "genres": len(found["genres"]),
        "features": len(found["features"]),
        "sharing all features": found["repeats"]["sharing"],
    }
