"""The work of `tasks.publishing.ingest`, which a skipped step does not import: read files into tables."""

from collections.abc import Mapping
from pathlib import Path

from genrelab.analyses.class_balance.counts import count_origin
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.records import encode
from genrelab.runtime.settings import SAMPLE, Settings, require_tracks_file
from genrelab.sources.origin.reader import read_origin, write_sample
from genrelab.sources.spotify import read_pulls
from genrelab.tables import TABLES
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish
from tasks.run.artifacts import publish_table_summary
from tasks.run.step import Outcome


def ingest_tracks(settings: Settings) -> Outcome:
    """Read a table of tracks into spotify_tracks."""
    require_tracks_file(settings)
    path = Path(settings.spotify)
    context = PublishContext.of_source(settings, settings.home.short(path))
    ingested = read_pulls(path, settings.columns, is_distinct=True)
    return published(audit_and_publish(Lake(settings.home), TABLES["spotify_tracks"], ingested, context))


def ingest_origin(settings: Settings, path: Path) -> Outcome:
    """Read the geographical-origin file into origin_tracks; sample data are created first."""
    is_sample = settings.origin == SAMPLE
    if is_sample:
        write_sample(path, seed=settings.seed)
    lake = Lake(settings.home)
    context = PublishContext.of_source(
        settings, SAMPLE if is_sample else settings.home.short(path), is_sample=is_sample
    )
    version = audit_and_publish(lake, TABLES["origin_tracks"], read_origin(path), context)
    return published(version, facts=encode(count_origin(lake.read("origin_tracks"))))


def published(*versions: TableVersion, facts: Mapping[str, object] | None = None) -> Outcome:
    """Return the outcome of a step that published tables, and publish their counts as an artifact."""
    publish_table_summary(versions)
    if len(versions) == 1:
        return Outcome(f"{versions[0].table}: {versions[0].counts}", facts or {}, versions)
    counts = [version.counts for version in versions]
    total = Counts(
        read=sum(each.read for each in counts),
        rows=sum(each.rows for each in counts),
        quarantined=sum(each.quarantined for each in counts),
        duplicates=sum(each.duplicates for each in counts),
    )
    rows = ", ".join(f"{version.table} {version.counts.rows:,}" for version in versions)
    return Outcome(f"{rows}: {total}", facts or {}, versions)
