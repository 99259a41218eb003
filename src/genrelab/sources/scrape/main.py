"""Scrapes into a folder and returns a summary.

Conventions: a folder holds the journal and the raw pages of one source (real or sample, never both). It can be used by
many runs: each fetches what is missing or too old.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import digest
from genrelab.runtime.progress import say
from genrelab.sources.scrape.client import Client
from genrelab.sources.scrape.genre_services import Requests
from genrelab.sources.scrape.genres import GenreRun
from genrelab.sources.scrape.journal import Journal, Record, read_journal
from genrelab.sources.scrape.pages import Pages
from genrelab.sources.scrape.parameters import Parameters
from genrelab.sources.scrape.rate_limiter import AdaptiveRateLimiter
from genrelab.sources.scrape.run import Run
from genrelab.sources.scrape.secrets import Mask
from genrelab.sources.scrape.state import State
from genrelab.sources.scrape.summary import MALFORMED, ScrapeSummary, spell

PAGES = "pages"


def scrape(parameters: Parameters, folder: Path) -> ScrapeSummary:
    """Fetch what is missing or too old, and return a summary.

    Args:
        parameters: Artists, credentials and limits.
        folder: Folder of the journal and the raw pages, `data/raw/spotify/...`.

    Returns:
        What was done, and whether and when to resume.

    Raises:
        SettingsError: The credentials are rejected.
        SourceError: The folder holds data of the other kind (sample or real), or its journal is damaged.
        GenrelabError: Another scrape is using the folder.
    """
    started = parameters.clock.now()
    mask = Mask(parameters.client_secret, parameters.client_id)
    with Journal(folder) as journal:
        state = State(
            _checked(folder, parameters), time.time(), parameters.refresh_days, parameters.tracks_per_artist
        )
        journal.add(
            "run",
            tracks_per_artist=parameters.tracks_per_artist,
            genres=parameters.genres,
            is_sample=parameters.is_sample,
        )
        pages = Pages(folder / PAGES)
        client = Client(parameters, pages, mask)
        run = Run(parameters, state, journal, client)
        who = digest(parameters.spotify_api, parameters.client_id)
        left = state.wait_until - time.time() if state.wait_of == who else 0.0
        genres = GenreRun(parameters, state, journal, client)
        mask.attach()
        try:
            if left > parameters.max_wait:
                run.postpone(f"Spotify asked an earlier run to wait, for another {spell(left)}", left)
            elif left > 0:
                say(f"waiting {spell(left)}, as Spotify asked an earlier run to do")
                parameters.clock.sleep(left)
            run.execute()
            genres.execute(list(run.plan.asked))
        finally:
            pages.close()
            mask.detach()
        resume_at = None
        if run.wait_seconds:
            resume_at = datetime.now(UTC) + timedelta(seconds=run.wait_seconds)
            journal.add("wait", until=resume_at.timestamp(), who=who)
        sat_out = left if 0 < left <= parameters.max_wait else 0.0
        return _summary(run, genres, resume_at, parameters.clock.now() - started, sat_out)


def _checked(folder: Path, parameters: Parameters) -> Iterator[Record]:
    """Yield the journal's records; refuse sample data in a folder of real data, and the reverse."""
    for record in read_journal(folder):
        if record["kind"] == "run" and record["is_sample"] != parameters.is_sample:
            kinds = {True: "sample data", False: "data from Spotify"}
            raise SourceError(
                f"{folder} belongs to another kind of scrape",
                found=kinds[record["is_sample"]],
                allowed=kinds[parameters.is_sample],
                do="choose another folder",
            )
        yield record


def _summary(
    run: Run, genres: GenreRun, resume_at: datetime | None, seconds: float, sat_out: float
) -> ScrapeSummary:
    state, asked, client = run.state, run.plan.asked, run.client
    elsewhere = [service.requests for service in genres.services]
    waiting: list[AdaptiveRateLimiter | Requests] = [client.pace, client.reccobeats_pace, *elsewhere]
    tracks = {track for artist_id in asked for track in state.wanted(artist_id)}
    return ScrapeSummary(
        asked=len(asked) + len(run.failed[MALFORMED].keys() - asked.keys()),
        fetched=run.fetched,
        skipped=run.plan.skipped,
        unfinished=run.open_artists,
        tracks=len(tracks),
        without_tracks=sum(state.has_no_tracks(artist_id) for artist_id in asked),
        without_genres=run.without_genres,
        withheld=run.withheld,
        genres={each.title: str(each) for each in genres.asked.values() if str(each)},
        without_features=len(tracks - state.has_features),
        failed={reason: tuple(artists) for reason, artists in run.failed.items() if artists},
        requests=dict(sum((each.counts for each in elsewhere), client.requests)),
        refused=sum(each.refused for each in waiting),
        retries=client.retries + sum(each.retries for each in elsewhere),
        waits=sum(each.pauses for each in waiting) + bool(sat_out),
        waited_seconds=sum(each.waited for each in waiting) + sat_out,
        seconds=seconds,
        closed=run.capabilities.closed,
        stopped=run.stopped,
        resume_at=resume_at,
        is_sample=run.parameters.is_sample,
    )
