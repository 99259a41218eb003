"""The steps that read raw data, validate it and publish it as tables."""

from dataclasses import asdict
from pathlib import Path

from prefect import State, task

from genrelab.analyses.class_balance.analysis import ORIGIN_TRACKS
from genrelab.runtime.files import stat_digest
from genrelab.runtime.settings import SAMPLE, Settings
from tasks.publishing.audit import audit_inputs
from tasks.run.step import run_step, work_at


@task
def ingest_spotify_tracks(settings: Settings) -> State[None]:
    """Read a table of tracks into spotify_tracks; rows that cannot be read or break a rule are quarantined."""
    path = Path(settings.spotify)
    columns = {name: asdict(choice) for name, choice in settings.columns.items()}
    named = {"source": settings.home.short(path), "files": stat_digest(path), "columns": columns}
    inputs: dict[str, object] = named | audit_inputs(settings, "spotify_tracks")
    return run_step(
        "ingest_spotify",
        settings.home,
        inputs,
        work_at("tasks.publishing.work_ingest:ingest_tracks", settings),
        strict=settings.strict,
    )


@task
def ingest_origin_tracks(settings: Settings) -> State[None]:
    """Read the geographical-origin file into origin_tracks."""
    is_sample = settings.origin == SAMPLE
    path = settings.home.raw / "sample" / "origin.txt" if is_sample else Path(settings.origin)
    source = (
        {"sample": settings.seed}
        if is_sample
        else {"source": settings.home.short(path), "files": stat_digest(path)}
    )

    inputs = source | audit_inputs(settings, "origin_tracks")
    return run_step(
        ORIGIN_TRACKS.name,
        settings.home,
        inputs,
        work_at("tasks.publishing.work_ingest:ingest_origin", settings, path),
        strict=settings.strict,
        holds=ORIGIN_TRACKS.fits,
        code=(ORIGIN_TRACKS.folder,),
    )
