"""The steps that scrape Spotify through spotipy: fetch into the journal, then publish it as spotify_tracks.

Sample data take the same path: a local mock API serves the synthetic catalogue.
"""

from pathlib import Path

from prefect import State, task

from genrelab.runtime.files import digest
from genrelab.runtime.settings import SAMPLE, Settings
from genrelab.sources.scrape.journal import folder_of, read_journal
from tasks.publishing.audit import audit_inputs
from tasks.run.step import run_step, work_at


def journal_folder(settings: Settings) -> Path:
    """Return the folder of pages and journal of the source; sample and real responses are never mixed."""
    return folder_of(settings.home, settings.seed if settings.spotify == SAMPLE else None)


@task
def fetch_spotify(settings: Settings) -> State[None]:
    """Fetch new and outdated artists; everything fetched is stored immediately."""
    folder = journal_folder(settings)
    is_sample = settings.spotify == SAMPLE
    return run_step(
        "scrape",
        settings.home,
        {"sample": settings.seed} if is_sample else {"api": str(settings.artists)},
        work_at("tasks.publishing.work_scrape:fetch", settings, folder),
        is_there=lambda: any(folder.glob("*")),
        always=not is_sample,
    )


@task
def publish_scraped(settings: Settings) -> State[None]:
    """Publish everything scraped so far as spotify_tracks."""
    folder = journal_folder(settings)
    return run_step(
        "publish_scraped",
        settings.home,
        {"journal": _content(folder)} | audit_inputs(settings, "spotify_tracks"),
        work_at("tasks.publishing.work_scrape:publish_journal", settings, folder),
        strict=settings.strict,
    )


def _content(folder: Path) -> str:
    """A fingerprint of the artists and tracks in the journal, independent of the runs that fetched them."""
    facts: list[object] = []
    wanted: tuple[object, ...] = ()
    for record in read_journal(folder):
        if record["kind"] in {"artist", "tracks", "features", "genres"}:
            facts.append(record)
        elif record["kind"] == "run":
            wanted = (record["tracks_per_artist"], record.get("genres"))
    return digest(*wanted, facts)
