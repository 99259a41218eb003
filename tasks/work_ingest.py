"""How files become tables: the work of `tasks.ingest`, which a skipped step does not import."""

from pathlib import Path
from typing import Any

from genrelab.lake import Lake
from genrelab.origin import read_origin, write_sample
from genrelab.settings import SAMPLE, Settings, require_tracks_file
from genrelab.spotify import read_pulls
from genrelab.table_version import Counts, TableVersion
from genrelab.tables import TABLES
from tasks.artifacts import publish_table_summary
from tasks.publish import audit_and_publish
from tasks.step import Outcome


def ingest_tracks(settings: Settings) -> Outcome:
    """A table of tracks into spotify_tracks."""
    require_tracks_file(settings)
    path = Path(settings.spotify)
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


def ingest_origin(settings: Settings, path: Path) -> Outcome:
    """The geographical-origin file into origin_tracks; the sample is made first."""
    is_sample = settings.origin == SAMPLE
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
