"""What the Web API's objects look like in each of its three worlds.

Conventions: a function gives one JSON object for one entry of the catalogue. `full` worlds carry popularity
and followers; the development mode of 2026 does not.

Source: the OpenAPI descriptions of October 2024 and May 2026 (sonallux/spotify-web-api), recorded responses
of client libraries, and one observed answer of ReccoBeats.
"""

import uuid
from typing import Any

from genrelab.sources.sample import Artist, Track

SITE, API = "https://open.spotify.com", "https://api.spotify.com/v1"
RECCOBEATS_FEATURES = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "key",
    "liveness",
    "loudness",
    "mode",
    "speechiness",
    "tempo",
    "valence",
)
"""All audio features but the time signature."""


def _identity(kind: str, spotify_id: str) -> dict[str, Any]:
    return {
        "external_urls": {"spotify": f"{SITE}/{kind}/{spotify_id}"},
        "href": f"{API}/{kind}s/{spotify_id}",
        "id": spotify_id,
        "type": kind,
        "uri": f"spotify:{kind}:{spotify_id}",
    }


def simple_artist(artist: Artist) -> dict[str, Any]:
    """An artist as it stands on a track or an album."""
    return {**_identity("artist", artist.id), "name": artist.name}


def full_artist(artist: Artist, *, is_full: bool, genres: str = "list") -> dict[str, Any]:
    """An artist; `genres` is `list`, `empty`, `null` or `absent`."""
    found = {**simple_artist(artist), "images": []}
    if genres != "absent":
        found["genres"] = {"list": list(artist.genres), "empty": [], "null": None}[genres]
    if is_full:
        found["followers"] = {"href": None, "total": 37 * artist.popularity**2}
        found["popularity"] = artist.popularity
    return found


def album(track: Track, artists: list[Artist]) -> dict[str, Any]:
    """The single that a track is on."""
    return {
        **_identity("album", track.album_id),
        "album_type": "single",
        "artists": [simple_artist(artist) for artist in artists],
        "available_markets": ["DE", "US"],
        "images": [],
        "name": track.name,
        "release_date": "2019-05-24",
        "release_date_precision": "day",
        "total_tracks": 1,
    }


def discography_album(track: Track, artists: list[Artist], group: str = "single") -> dict[str, Any]:
    """The same in an artist's list of albums; the group is `appears_on` where the artist is a guest."""
    return {**album(track, artists), "album_group": group}


def simple_track(track: Track, artists: list[Artist]) -> dict[str, Any]:
    """A track as it stands in an album's list."""
    return {
        **_identity("track", track.id),
        "artists": [simple_artist(artist) for artist in artists],
        "available_markets": ["DE", "US"],
        "disc_number": 1,
        "duration_ms": track.duration_ms,
        "explicit": False,
        "is_local": False,
        "name": track.name,
        "preview_url": None,
        "track_number": 1,
    }


def full_track(track: Track, artists: list[Artist], *, is_full: bool) -> dict[str, Any]:
    """A track."""
    found = {**simple_track(track, artists), "album": album(track, artists)}
    if is_full:
        found["external_ids"] = {"isrc": isrc(track)}
        found["popularity"] = track.popularity
    return found


def spotify_features(track: Track) -> dict[str, Any]:
    """The audio features of a track as Spotify gave them."""
    return {
        **track.features,
        "type": "audio_features",
        "id": track.id,
        "uri": f"spotify:track:{track.id}",
        "track_href": f"{API}/tracks/{track.id}",
        "analysis_url": f"{API}/audio-analysis/{track.id}",
        "duration_ms": track.duration_ms,
    }


def reccobeats_features(track: Track) -> dict[str, Any]:
    """The audio features of a track as ReccoBeats gives them: under an id of its own."""
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, track.id)),
        "href": f"{SITE}/track/{track.id}",
        "isrc": isrc(track),
        **{name: track.features[name] for name in RECCOBEATS_FEATURES},
    }


def isrc(track: Track) -> str:
    """An International Standard Recording Code in the right form."""
    return "ZZZ99" + str(int.from_bytes(track.id.encode()) % 10_000_000).zfill(7)


def page(items: list[Any], total: int, *, path: str, limit: int, offset: int) -> dict[str, Any]:
    """A paging object; `path` is the call with its query, without limit and offset."""

    def at(position: int) -> str:
        return f"{API}/{path}&offset={position}&limit={limit}"

    return {
        "href": at(offset),
        "items": items,
        "limit": limit,
        "next": at(offset + limit) if offset + limit < total else None,
        "offset": offset,
        "previous": at(max(0, offset - limit)) if offset else None,
        "total": total,
    }


def error(status: int, message: str, reason: str = "") -> dict[str, Any]:
    """An error in Spotify's envelope."""
    return {"error": {"status": status, "message": message, **({"reason": reason} if reason else {})}}
