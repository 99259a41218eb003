"""The work of `tasks.publishing.scrape`, which a skipped step does not import: scrape Spotify."""

from pathlib import Path

from genrelab.lake.lake import Lake
from genrelab.lake.storage import storage_of
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError, SettingsError
from genrelab.runtime.settings import SAMPLE, Settings
from genrelab.sources.scrape.input import read_artists
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.parameters import from_environment
from genrelab.sources.scrape.rows import read_scraped
from genrelab.sources.scrape.sample import scrape_sample
from genrelab.sources.scrape.summary import ScrapeSummary
from genrelab.sources.spotify import exact_duplicates
from genrelab.tables import TABLES
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish
from tasks.publishing.work_ingest import published
from tasks.run.artifacts import publish_text
from tasks.run.step import Outcome


class UnfinishedError(GenrelabError):
    """A scrape ended before all artists were fetched; what it fetched is stored."""


def fetch(settings: Settings, folder: Path) -> Outcome:
    """Fetch new and outdated artists into the journal in a folder."""
    storage, name = storage_of(settings.home), f"raw/spotify/{folder.name}"
    storage.bring(name)
    try:
        summary = _scrape(settings, folder)
    finally:
        storage.send(name)
    publish_text("scrape", summary.markdown())
    for label, value in summary.lines():
        progress.say(f"{'':<22} {label}: {value}")
    if not summary.is_complete:
        when = f"; continue from {summary.resume_at:%Y-%m-%d %H:%M} UTC" if summary.resume_at else ""
        raise UnfinishedError(
            "the scrape is not finished; everything fetched so far is stored",
            found=f"{summary.unfinished:,} artists not fetched yet ({summary.stopped or 'no answer'}){when}",
            do="run `genrelab scrape` again; it continues where it stopped",
        )
    return Outcome(
        f"{summary.fetched:,} artists fetched, {summary.skipped:,} already fetched, {summary.tracks:,} tracks, "
        f"{summary.request_count:,} requests"
        + (
            f"; Spotify returned no genres for {summary.withheld:,} artists, so their known genres are kept"
            if summary.withheld
            else ""
        )
    )


def publish_journal(settings: Settings, folder: Path) -> Outcome:
    """Publish everything in the journal as spotify_tracks."""
    is_sample = settings.spotify == SAMPLE
    ingested = read_scraped(folder)
    source = SAMPLE if is_sample else "Spotify Web API"
    context = PublishContext.of_source(settings, source, is_sample=is_sample)
    repeats = exact_duplicates(ingested.data)
    return published(
        audit_and_publish(Lake(settings.home), TABLES["spotify_tracks"], ingested, context, repeats)
    )


def _scrape(settings: Settings, folder: Path) -> ScrapeSummary:
    if settings.spotify == SAMPLE:
        return scrape_sample(folder, settings.seed)
    if settings.artists is None:
        raise SettingsError(
            "no list of artists to scrape is configured",
            allowed="a file of artist ids, URIs or search terms",
            do="pass --artists FILE, set GENRELAB_ARTISTS, or set sources.artists in genrelab.toml",
        )
    artists = read_artists(Path(settings.artists), settings.artists_column)
    return scrape(
        from_environment(
            artists,
            tracks_per_artist=settings.tracks_per_artist,
            max_wait=settings.max_wait,
            refresh_days=settings.refresh_days,
            origins=settings.feature_origins,
            genres=settings.genre_origins,
            contact=settings.contact,
            musicbrainz_per_second=settings.musicbrainz_per_second,
        ),
        folder,
    )
