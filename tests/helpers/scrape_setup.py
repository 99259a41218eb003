"""Set-up shared by the tests of the scraper: a small catalogue, parameters, and rows to compare."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from genrelab.sources.sample import Catalogue
from genrelab.sources.sandbox import CREDENTIALS, Sandbox
from genrelab.sources.scrape.clock import Clock
from genrelab.sources.scrape.input import Artists
from genrelab.sources.scrape.parameters import Parameters
from genrelab.sources.scrape.rows import read_scraped

FAST = 1_000.0
"""Seconds of the tests' clock in a real one: a wait of a minute takes 0.06 s."""


class Virtual:
    """A clock that stands still but for sleeping."""

    speed = 1.0

    def __init__(self) -> None:
        self.time = 0.0

    def now(self):
        return self.time

    def sleep(self, seconds, until=None):  # noqa: ARG002 - the signature of Clock
        self.time += max(seconds, 1e-6)


def parameters(sandbox: Sandbox, artists: Artists | Catalogue, **given: Any) -> Parameters:
    """Parameters for a stand-in, unhurried."""
    if isinstance(artists, Catalogue):
        artists = Artists(ids=tuple(artist.id for artist in artists.artists))
    return Parameters(
        **{
            "artists": artists,
            "client_id": CREDENTIALS[0],
            "client_secret": CREDENTIALS[1],
            "spotify_api": sandbox.api_url,
            "spotify_token": sandbox.token_url,
            "reccobeats_api": sandbox.reccobeats_url,
            "musicbrainz_api": sandbox.musicbrainz_url,
            "lastfm_api": sandbox.lastfm_url,
            "start_per_second": 1_000.0,
            "timeout": 5.0,
            "is_sample": True,
            **given,
        }
    )


def clock() -> Clock:
    """A fast clock."""
    return Clock(FAST)


def rows(folder: Path) -> list[dict[str, Any]]:
    """Rows of a folder in one order, without the times at which they were fetched."""
    return in_order(read_scraped(folder).data)


def in_order(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of a table in one order, without the times at which they were fetched."""
    found = table.drop_columns(["fetched_at", "genres_fetched_at", "features_fetched_at"]).to_pylist()
    return sorted(found, key=lambda row: (row["source"], row["source_row"]))
