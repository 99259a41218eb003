"""Sample data through the real scraper: the stand-in of the Web API serves the synthetic catalogue."""

from pathlib import Path

from genrelab.sources.sample import catalogue
from genrelab.sources.sample.catalogue import ARTISTS, SEED
from genrelab.sources.sandbox import CREDENTIALS, Sandbox
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.parameters import MOST_TRACKS, Parameters
from genrelab.sources.scrape.summary import ScrapeSummary

UNHURRIED = 1_000.0
"""Requests per second to begin with: the stand-in has no limit."""


def scrape_sample(folder: Path, seed: int = SEED, artists: int = ARTISTS) -> ScrapeSummary:
    """Scrape the sample catalogue from a stand-in on loopback.

    Args:
        folder: Of the journal and the raw pages; not one of real data.
        seed: Of the catalogue.
        artists: Size of the catalogue.

    Returns:
        What was done; with the folder of an earlier call, nothing.
    """
    drawn = catalogue(artists, seed)
    with Sandbox(drawn) as sandbox:
        return scrape(
            Parameters(
                artists=Artists(ids=tuple(artist.id for artist in drawn.artists)),
                client_id=CREDENTIALS[0],
                client_secret=CREDENTIALS[1],
                tracks_per_artist=MOST_TRACKS,
                refresh_days=None,
                start_per_second=UNHURRIED,
                spotify_api=sandbox.api_url,
                spotify_token=sandbox.token_url,
                reccobeats_api=sandbox.reccobeats_url,
                is_sample=True,
            ),
            folder,
        )
