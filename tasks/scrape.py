"""Spotify through spotipy: fetch what is missing into the journal, then publish the journal as spotify_tracks.

The sample goes the same way: a stand-in of the Web API on loopback serves the synthetic catalogue.
"""

from pathlib import Path
from typing import Any

from prefect import State, task

from genrelab import progress
from genrelab.errors import GenrelabError, SettingsError
from genrelab.files import digest
from genrelab.lake import Lake
from genrelab.scrape.journal import folder_of, read_journal
from genrelab.settings import SAMPLE, Settings
from genrelab.tables import TABLES
from tasks.artifacts import publish_text
from tasks.audit import audit_inputs
from tasks.ingest import published
from tasks.step import Outcome, run_step


class UnfinishedError(GenrelabError):
    """A scrape ended before every artist was dealt with; what it fetched is stored."""


def journal_folder(settings: Settings) -> Path:
    """Where pages and journal of the source lie; sample and real answers never mix."""
    return folder_of(settings.home, settings.seed if settings.spotify == SAMPLE else None)


@task
def fetch_spotify(settings: Settings) -> State[Any]:
    """Fetch the artists that are new or old; everything fetched is stored at once."""
    folder = journal_folder(settings)
    is_sample = settings.spotify == SAMPLE

    def work() -> Outcome:
        summary = _scrape(settings, folder)
        publish_text("scrape", summary.markdown())
        for label, value in summary.lines():
            progress.say(f"{'':<22} {label}: {value}")
        if not summary.is_complete:
            when = f"; go on at {summary.resume_at:%Y-%m-%d %H:%M} UTC" if summary.resume_at else ""
            raise UnfinishedError(
                "the scrape is not finished, what was fetched is stored",
                found=f"{summary.unfinished:,} artists left ({summary.stopped or 'no answer'}){when}",
                do="run `genrelab scrape` again then; it goes on where it stopped",
            )
        return Outcome(
            f"{summary.fetched:,} artists fetched, {summary.skipped:,} already there, {summary.tracks:,} tracks, "
            f"{summary.request_count:,} requests"
            + (
                f"; Spotify gave {summary.withheld:,} artists no genres, known ones stay"
                if summary.withheld
                else ""
            )
        )

    inputs = {"sample": settings.seed} if is_sample else {"api": str(settings.artists)}
    return run_step(
        "scrape", settings.home, inputs, work, is_there=lambda: any(folder.glob("*")), always=not is_sample
    )


@task
def publish_scraped(settings: Settings) -> State[Any]:
    """Everything scraped so far into spotify_tracks."""
    folder = journal_folder(settings)
    is_sample = settings.spotify == SAMPLE

    def work() -> Outcome:
        from genrelab.scrape.rows import read_scraped  # noqa: PLC0415 - a skipped step needs no reader
        from genrelab.spotify import exact_duplicates  # noqa: PLC0415
        from tasks.publish import audit_and_publish  # noqa: PLC0415 - imports the suites

        ingested = read_scraped(folder)
        version = audit_and_publish(
            Lake(settings.home),
            TABLES["spotify_tracks"],
            ingested,
            source=SAMPLE if is_sample else "Spotify Web API",
            is_sample=is_sample,
            duplicates=exact_duplicates(ingested.data),
            refuse_above=settings.refuse_above,
            strict=settings.strict,
        )
        return published(version)

    inputs = {"journal": _content(folder)} | audit_inputs(settings, "spotify_tracks")
    return run_step("publish_scraped", settings.home, inputs, work, strict=settings.strict)


def _scrape(settings: Settings, folder: Path) -> Any:
    from genrelab.scrape.input import read_artists  # noqa: PLC0415 - imports spotipy
    from genrelab.scrape.main import scrape  # noqa: PLC0415 - imports spotipy
    from genrelab.scrape.parameters import from_environment  # noqa: PLC0415 - imports spotipy

    if settings.spotify == SAMPLE:
        from genrelab.scrape.sample import scrape_sample  # noqa: PLC0415

        return scrape_sample(folder, settings.seed)
    if settings.artists is None:
        raise SettingsError(
            "nobody says which artists to scrape",
            allowed="a file of artist ids, URIs or search terms",
            do="pass --artists FILE, set GENRELAB_ARTISTS, or sources.artists in genrelab.toml",
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


def _content(folder: Path) -> str:
    """A fingerprint of what the journal says of artists and tracks, whichever runs said it."""
    facts: list[object] = []
    wanted: tuple[object, ...] = ()
    for record in read_journal(folder):
        if record["kind"] in {"artist", "tracks", "features", "genres"}:
            facts.append(record)
        elif record["kind"] == "run":
            wanted = (record["tracks_per_artist"], record.get("genres"))
    return digest(*wanted, facts)
