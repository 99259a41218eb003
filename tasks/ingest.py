"""Raw data into validated tables: read by the library, audited by the suites, published in one commit."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from prefect import State, task

from genrelab.analyses.class_balance.analysis import ORIGIN_TRACKS
from genrelab.analyses.class_balance.counts import count_origin
from genrelab.analyses.records import encode
from genrelab.files import stat_digest
from genrelab.lake import Lake
from genrelab.origin import read_origin, write_sample
from genrelab.settings import SAMPLE, Settings, require_tracks_file
from genrelab.spotify import read_pulls
from genrelab.table_version import Counts, TableVersion
from genrelab.tables import TABLES
from tasks.artifacts import publish_table_summary
from tasks.audit import Terms, audit_inputs
from tasks.publish import audit_and_publish
from tasks.step import Outcome, run_step


@task
def ingest_spotify_tracks(settings: Settings) -> State[None]:
    """A table of tracks into spotify_tracks; rows that cannot be read or break a rule go to quarantine."""
    path = Path(settings.spotify)

    def work() -> Outcome:
        require_tracks_file(settings)
        terms = Terms.of_source(settings, settings.home.short(path))
        ingested = read_pulls(path, settings.columns, is_distinct=True)
        return published(audit_and_publish(Lake(settings.home), TABLES["spotify_tracks"], ingested, terms))

    columns = {name: asdict(choice) for name, choice in settings.columns.items()}
    named = {"source": settings.home.short(path), "files": stat_digest(path), "columns": columns}
    inputs: dict[str, object] = named | audit_inputs(settings, "spotify_tracks")
    return run_step("ingest_spotify", settings.home, inputs, work, strict=settings.strict)


@task
def ingest_origin_tracks(settings: Settings) -> State[None]:
    """The geographical-origin file into origin_tracks."""
    is_sample = settings.origin == SAMPLE
    path = settings.home.raw / "sample" / "origin.txt" if is_sample else Path(settings.origin)
    source = SAMPLE if is_sample else settings.home.short(path)
    found = {"sample": settings.seed} if is_sample else {"source": source, "files": stat_digest(path)}

    def work() -> Outcome:
        if is_sample:
            write_sample(path, seed=settings.seed)
        lake = Lake(settings.home)
        terms = Terms.of_source(settings, source, is_sample=is_sample)
        version = audit_and_publish(lake, TABLES["origin_tracks"], read_origin(path), terms)
        return published(version, facts=encode(count_origin(lake.read("origin_tracks"))))

    inputs: dict[str, object] = found | audit_inputs(settings, "origin_tracks")
    return run_step(
        ORIGIN_TRACKS.name,
        settings.home,
        inputs,
        work,
        strict=settings.strict,
        holds=ORIGIN_TRACKS.fits,
        code=(ORIGIN_TRACKS.folder,),
    )


def published(*versions: TableVersion, facts: Mapping[str, object] | None = None) -> Outcome:
    """The outcome of a step that published tables: their counts in a line, and as an artifact."""
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
