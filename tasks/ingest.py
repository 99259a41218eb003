"""Raw data into validated tables: read by the library, audited by the suites, published in one commit."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import State, task

from genrelab.files import stat_digest
from genrelab.lake import Lake
from genrelab.settings import SAMPLE, Settings, require_tracks_file
from genrelab.table_version import Counts, TableVersion
from genrelab.tables import TABLES
from tasks.artifacts import publish_table_summary
from tasks.audit import audit_inputs
from tasks.step import Outcome, run_step


@task
def ingest_spotify_tracks(settings: Settings) -> State[Any]:
    """A table of tracks into spotify_tracks; rows that cannot be read or break a rule go to quarantine."""
    path = Path(settings.spotify)

    def work() -> Outcome:
        from genrelab.spotify import read_pulls  # noqa: PLC0415 - skipped steps need no reader
        from tasks.publish import audit_and_publish  # noqa: PLC0415 - imports the suites

        require_tracks_file(settings)
        version = audit_and_publish(
            Lake(settings.home),
            TABLES["spotify_tracks"],
            read_pulls(path, settings.columns, is_distinct=True),
            source=settings.home.short(path),
            is_sample=False,
            refuse_above=settings.refuse_above,
            strict=settings.strict,
        )
        return published(version)

    columns = {name: asdict(choice) for name, choice in settings.columns.items()}
    named = {"source": settings.home.short(path), "files": stat_digest(path), "columns": columns}
    inputs: dict[str, object] = named | audit_inputs(settings, "spotify_tracks")
    return run_step("ingest_spotify", settings.home, inputs, work, strict=settings.strict)


@task
def ingest_origin_tracks(settings: Settings) -> State[Any]:
    """The geographical-origin file into origin_tracks."""
    is_sample = settings.origin == SAMPLE
    path = settings.home.raw / "sample" / "origin.txt" if is_sample else Path(settings.origin)
    source = (
        {"sample": settings.seed}
        if is_sample
        else {"source": settings.home.short(path), "files": stat_digest(path)}
    )

    def work() -> Outcome:
        from genrelab.origin import read_origin, write_sample  # noqa: PLC0415 - skipped steps need no reader
        from tasks.publish import audit_and_publish  # noqa: PLC0415 - imports the suites

        if is_sample:
            write_sample(path, seed=settings.seed)
        lake = Lake(settings.home)
        version = audit_and_publish(
            lake,
            TABLES["origin_tracks"],
            read_origin(path),
            source=SAMPLE if is_sample else settings.home.short(path),
            is_sample=is_sample,
            refuse_above=settings.refuse_above,
            strict=settings.strict,
        )
        outcome = published(version)
        return Outcome(outcome.message, _origin_facts(lake), outcome.published)

    inputs = source | audit_inputs(settings, "origin_tracks")
    return run_step("ingest_origin", settings.home, inputs, work, strict=settings.strict)


def _origin_facts(lake: Lake) -> dict[str, Any]:
    """What the report says of the geographical-origin data."""
    tracks = lake.read("origin_tracks")
    features = [name for name in tracks.column_names if name.startswith("feature_")]
    places = set(zip(tracks["latitude"].to_pylist(), tracks["longitude"].to_pylist(), strict=True))
    return {
        "tracks": len(tracks),
        "places": len(places),
        "features": sum(tracks[name].null_count < len(tracks) for name in features),
    }


def published(*versions: TableVersion) -> Outcome:
    """The outcome of a step that published tables: their counts in a line, and as an artifact."""
    publish_table_summary(versions)
    if len(versions) == 1:
        return Outcome(f"{versions[0].table}: {versions[0].counts}", published=versions)
    counts = [version.counts for version in versions]
    total = Counts(
        read=sum(each.read for each in counts),
        rows=sum(each.rows for each in counts),
        quarantined=sum(each.quarantined for each in counts),
        duplicates=sum(each.duplicates for each in counts),
    )
    rows = ", ".join(f"{version.table} {version.counts.rows:,}" for version in versions)
    return Outcome(f"{rows}: {total}", published=versions)
