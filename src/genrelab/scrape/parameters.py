"""What a scrape works with: artists, credentials, addresses and limits.

Conventions: addresses of the services end in `/v1/`; the token address is the whole URL. Credentials are read
where spotipy reads them: `SPOTIPY_CLIENT_ID` and `SPOTIPY_CLIENT_SECRET`.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from genrelab.errors import SettingsError
from genrelab.scrape.clock import Clock
from genrelab.scrape.input import Artists

SPOTIFY, RECCOBEATS = "spotify", "reccobeats"
ORIGINS = (SPOTIFY, RECCOBEATS)
SPOTIFY_API = "https://api.spotify.com/v1/"
SPOTIFY_TOKEN = "https://accounts.spotify.com/api/token"  # noqa: S105 - an address
RECCOBEATS_API = "https://api.reccobeats.com/v1/"
MOST_TRACKS = 10
"""Spotify's top tracks of an artist are ten, and so is a page of search results in development mode."""


@dataclass(frozen=True)
class Parameters:
    """What a scrape works with.

    Args:
        artists: Whom to scrape.
        client_id: Of the Spotify app.
        client_secret: Of the Spotify app.
        tracks_per_artist: From 1 to `MOST_TRACKS`.
        origins: Where audio features come from, in the order in which to ask.
        max_wait: Longest wait, in seconds, that the run sits out; a longer one ends it.
        refresh_days: Age from which an artist is fetched anew; None for never.
        artists_per_term: Artists that a search term adds at most.
        workers: Requests in flight at most.
        timeout: Seconds to wait for an answer.
        start_per_second: Requests per second to begin with.
        spotify_api: Address of the Web API.
        spotify_token: Address of the token service.
        reccobeats_api: Address of ReccoBeats.
        is_sample: Whether the answers come from the stand-in's synthetic catalogue.
        clock: Whose seconds count.
    """

    artists: Artists
    client_id: str
    client_secret: str = field(repr=False)
    tracks_per_artist: int = 1
    origins: tuple[str, ...] = ORIGINS
    max_wait: float = 600.0
    refresh_days: float | None = 90.0
    artists_per_term: int = 50
    workers: int = 8
    timeout: float = 15.0
    start_per_second: float = 4.0
    spotify_api: str = SPOTIFY_API
    spotify_token: str = SPOTIFY_TOKEN
    reccobeats_api: str = RECCOBEATS_API
    is_sample: bool = False
    clock: Clock = field(default_factory=Clock, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.tracks_per_artist <= MOST_TRACKS:
            raise SettingsError(
                "the number of tracks per artist is not possible",
                found=str(self.tracks_per_artist),
                allowed=f"1 to {MOST_TRACKS}",
                do="pass another --tracks-per-artist",
            )
        if not set(self.origins) <= set(ORIGINS) or len(set(self.origins)) != len(self.origins):
            raise SettingsError(
                "the sources of audio features are not known",
                found=", ".join(self.origins),
                allowed=f"{', '.join(ORIGINS)}, each at most once, in the order in which to ask",
                do="name those",
            )
        if not (self.client_id and self.client_secret):
            raise SettingsError(
                "there are no credentials for the Spotify Web API",
                found=", ".join(
                    f"{name} is empty"
                    for name, value in (
                        ("SPOTIPY_CLIENT_ID", self.client_id),
                        ("SPOTIPY_CLIENT_SECRET", self.client_secret),
                    )
                    if not value
                ),
                allowed="the client id and secret of an app from Spotify's developer dashboard",
                do="set SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET, or use --spotify sample",
            )


def from_environment(artists: Artists, **given: Any) -> Parameters:
    """Parameters with credentials and addresses of the environment; what is given overrides it.

    Raises:
        SettingsError: There are no credentials, or a value is not allowed.
    """
    found = {
        "client_id": os.environ.get("SPOTIPY_CLIENT_ID", "").strip(),
        "client_secret": os.environ.get("SPOTIPY_CLIENT_SECRET", "").strip(),
    }
    for name, variable, ending in (
        ("spotify_api", "GENRELAB_SPOTIFY_API", "/"),
        ("spotify_token", "GENRELAB_SPOTIFY_TOKEN", ""),
        ("reccobeats_api", "GENRELAB_RECCOBEATS_API", "/"),
    ):
        address = os.environ.get(variable, "").strip()
        if address and not address.startswith(("http://", "https://")):
            raise SettingsError(
                f"{variable} is no address",
                found=address,
                allowed="an address that begins with https:// or http://",
                do="mend or unset it",
            )
        if address:
            found[name] = address if address.endswith(ending) else address + ending
    return Parameters(artists=artists, **{**found, **given})
