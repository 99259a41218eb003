"""The parameters of a scrape: artists, credentials, addresses and limits.

Conventions: addresses of the services end in a slash; those of the token service and of Last.fm are the whole
URL. Credentials are read where spotipy reads them: `SPOTIPY_CLIENT_ID` and `SPOTIPY_CLIENT_SECRET`; the key of
Last.fm from `LASTFM_API_KEY`.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from genrelab.runtime.errors import SettingsError
from genrelab.sources.scrape.clock import Clock
from genrelab.sources.scrape.input import Artists

SPOTIFY, RECCOBEATS = "spotify", "reccobeats"
ORIGINS = (SPOTIFY, RECCOBEATS)
MUSICBRAINZ, LASTFM = "musicbrainz", "lastfm"
GENRE_ORIGINS = (SPOTIFY, MUSICBRAINZ, LASTFM)
TITLES = {SPOTIFY: "Spotify", MUSICBRAINZ: "MusicBrainz", LASTFM: "Last.fm"}
"""Display names of the services that name genres."""
SPOTIFY_API = "https://api.spotify.com/v1/"
SPOTIFY_TOKEN = "https://accounts.spotify.com/api/token"  # noqa: S105 - an address
RECCOBEATS_API = "https://api.reccobeats.com/v1/"
MUSICBRAINZ_API = "https://musicbrainz.org/ws/2/"
LASTFM_API = "https://ws.audioscrobbler.com/2.0/"
MOST_TRACKS = 10
"""Spotify's top tracks of an artist are ten, and so is a page of search results in development mode."""


@dataclass(frozen=True)
class Parameters:
    """The parameters of a scrape.

    Args:
        artists: Artists to scrape.
        client_id: Client id of the Spotify app.
        client_secret: Client secret of the Spotify app.
        tracks_per_artist: From 1 to `MOST_TRACKS`.
        origins: Sources of audio features, in the order of requests.
        genres: Services that name an artist's genres, in this order; Spotify's genres come with the artist.
        contact: Mail or web address of the user; MusicBrainz asks for one.
        musicbrainz_per_second: Requests per second to MusicBrainz, or to a mirror of it.
        lastfm_key: Key of Last.fm's API; without a key Last.fm is skipped.
        max_wait: Longest wait in seconds; a longer one ends the run.
        refresh_days: Age from which an artist is fetched again; None for never.
        artists_per_term: Most artists that a search term adds.
        workers: Most requests in flight.
        timeout: Seconds to wait for an answer.
        start_per_second: Initial requests per second.
        spotify_api: Address of the Web API.
        spotify_token: Address of the token service.
        reccobeats_api: Address of ReccoBeats.
        musicbrainz_api: Address of MusicBrainz.
        lastfm_api: Address of Last.fm's API.
        is_sample: Whether the answers come from the mock API's synthetic catalogue.
        clock: Clock of the run.
    """

    artists: Artists
    client_id: str
    client_secret: str = field(repr=False)
    tracks_per_artist: int = 1
    origins: tuple[str, ...] = ORIGINS
    genres: tuple[str, ...] = (SPOTIFY,)
    contact: str = ""
    musicbrainz_per_second: float = 1.0
    lastfm_key: str = field(default="", repr=False)
    max_wait: float = 600.0
    refresh_days: float | None = 90.0
    artists_per_term: int = 50
    workers: int = 8
    timeout: float = 15.0
    start_per_second: float = 4.0
    spotify_api: str = SPOTIFY_API
    spotify_token: str = SPOTIFY_TOKEN
    reccobeats_api: str = RECCOBEATS_API
    musicbrainz_api: str = MUSICBRAINZ_API
    lastfm_api: str = LASTFM_API
    is_sample: bool = False
    clock: Clock = field(default_factory=Clock, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.tracks_per_artist <= MOST_TRACKS:
            raise SettingsError(
                "the number of tracks per artist is out of range",
                found=str(self.tracks_per_artist),
                allowed=f"1 to {MOST_TRACKS}",
                do="pass another --tracks-per-artist",
            )
        _check_names("audio features", self.origins, ORIGINS)
        _check_names("genres", self.genres, GENRE_ORIGINS)
        if self.musicbrainz_per_second <= 0 or (
            self.musicbrainz_per_second > 1 and self.musicbrainz_api == MUSICBRAINZ_API
        ):
            raise SettingsError(
                "the rate of requests to MusicBrainz is out of range",
                found=f"{self.musicbrainz_per_second:g} a second",
                allowed="more than 0 and at most 1; more only for your own mirror",
                do="set scrape.musicbrainz_per_second, or GENRELAB_MUSICBRAINZ_API for a mirror",
            )
        if not (self.contact.isascii() and self.contact.isprintable()):
            raise SettingsError(
                "scrape.contact cannot be sent in a User-Agent",
                found=repr(self.contact),
                allowed="a mail or web address in ASCII, on one line",
                do="correct it",
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
    """Return parameters with the credentials and addresses of the environment; arguments override it.

    Raises:
        SettingsError: There are no credentials, or a value is not allowed.
    """
    found = {
        "client_id": os.environ.get("SPOTIPY_CLIENT_ID", "").strip(),
        "client_secret": os.environ.get("SPOTIPY_CLIENT_SECRET", "").strip(),
        "lastfm_key": os.environ.get("LASTFM_API_KEY", "").strip(),
    }
    for name, variable, ending in (
        ("spotify_api", "GENRELAB_SPOTIFY_API", "/"),
        ("spotify_token", "GENRELAB_SPOTIFY_TOKEN", ""),
        ("reccobeats_api", "GENRELAB_RECCOBEATS_API", "/"),
        ("musicbrainz_api", "GENRELAB_MUSICBRAINZ_API", "/"),
        ("lastfm_api", "GENRELAB_LASTFM_API", ""),
    ):
        address = os.environ.get(variable, "").strip()
        if address and not address.startswith(("http://", "https://")):
            raise SettingsError(
                f"{variable} is not an address",
                found=address,
                allowed="an address that begins with https:// or http://",
                do="correct or unset it",
            )
        if address:
            found[name] = address if address.endswith(ending) else address + ending
    return Parameters(artists=artists, **{**found, **given})


def _check_names(what: str, named: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not set(named) <= set(known) or len(set(named)) != len(named):
        raise SettingsError(
            f"unknown source of {what}",
            found=", ".join(named),
            allowed=f"{', '.join(known)}, each at most once, in the order of requests",
            do="name those",
        )
