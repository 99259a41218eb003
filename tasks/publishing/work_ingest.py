"""The work of `tasks.publishing.ingest`, which a skipped step does not import: read files into tables."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from expectations.by_file import FILES
from genrelab.analyses.class_balance.counts import count_origin
from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import read_record
from genrelab.lake.version import Counts, TableVersion
from genrelab.runtime.home import Home
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
    lake, table = Lake(settings.home), TABLES["spotify_tracks"]
    scratch = lake.staging(table.name)
    try:
        keep = partial(lake.stage, table.name, table.schema)
        ingested = read_pulls(path, settings.columns, is_distinct=True, scratch=scratch, keep=keep)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    outcome = published(audit_and_publish(lake, table, ingested, context))
    return replace(outcome, message=outcome.message + _odd_files(settings.home))


def _odd_files(home: Home) -> str:
    """Say which columns of which files are constant or distributed differently; empty if none is."""
    record = read_record(home, "spotify_tracks")
    checks = [one for one in record.checks if one.column == FILES and not one.passed] if record else []
    return "".join(f"; {one.observed}" for one in checks)


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
