"""What is asked for an artist, and what of the answer is taken.

Conventions: each function makes the requests of one job and returns parsed facts with the sha256 of the raw
page they came from. Every field beyond an id is optional, as the three worlds of the API demand. Rows of an
answer are matched by id, never by position.

Source: Web API reference; ReccoBeats' answer as observed: rows reordered, unknown tracks left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from spotipy import Spotify

from genrelab.sources.scrape.client import ApiError, Client, Page
from genrelab.sources.scrape.journal import Record
from genrelab.sources.scrape.parameters import MOST_TRACKS, SPOTIFY
from genrelab.sources.scrape.state import is_object, own_tracks
from genrelab.tables.spotify import AUDIO_FEATURES

ARTISTS_BATCH = 50
FEATURES_BATCH = {SPOTIFY: 100, "reccobeats": 40}
SEARCH_PAGE, LONG_SEARCH_PAGE = 10, 50
SEARCH_PAGES, ALBUMS, ALBUM_PAGES = 3, 10, 5
TOP_TRACKS = MOST_TRACKS
"""Tracks of an artist among which those of the artist as main one come first, whichever way they are found."""
SEARCH_END = 1000
"""Spotify shows no more of what a search finds."""


@dataclass(frozen=True)
class Tracks:
    """Tracks of an artist.

    Args:
        tracks: As `own_tracks` gives them.
        via: Which way they were found.
        digest: Of the raw page.
        has_more: Whether there may be more that were not needed.
    """

    tracks: list[Record]
    via: str
    digest: str
    has_more: bool = False


def fetch_artists(client: Client, ids: Sequence[str]) -> tuple[dict[str, Record], str]:
    """Several artists in one request; by id, those that Spotify left out or does not know are absent."""
    page = client.spotify("artists", lambda api: api.artists(ids))
    found = {row["id"]: row for row in _rows(page, "artists")}
    return {name: artist_facts(found[name]) for name in ids if name in found}, page.digest


def fetch_artist(client: Client, artist_id: str) -> tuple[Record | None, str]:
    """One artist; None when Spotify answers with another one."""
    page = client.spotify("artists/{id}", lambda api: api.artist(artist_id))
    is_right = page.body.get("id") == artist_id
    return (artist_facts(page.body) if is_right else None), page.digest


def artist_facts(row: Record) -> Record:
    """Name, micro-genres and popularity; micro-genres are None where the API gives no list."""
    genres = row.get("genres")
    return {
        "name": row.get("name") or "",
        "genres": [genre for genre in genres if isinstance(genre, str)] if isinstance(genres, list) else None,
        "popularity": row.get("popularity"),
    }


def fetch_top_tracks(client: Client, artist_id: str) -> Tracks:
    """An artist's tracks by the cheapest way: one request."""
    page = client.spotify("artists/{id}/top-tracks", lambda api: api.artist_top_tracks(artist_id))
    return Tracks(own_tracks(_rows(page, "tracks"), artist_id, TOP_TRACKS), "top tracks", page.digest)


def fetch_by_search(client: Client, artist_id: str, name: str, wanted: int) -> Tracks:
    """An artist's tracks where top tracks are closed: search by name, keep what the artist is on.

    Where the search finds none of them, the artist's albums are gone through.
    """
    quoted = name.replace('"', " ").strip()
    rows: list[Any] = []
    for number in range(SEARCH_PAGES if quoted else 0):
        page = _search(client, f'artist:"{quoted}"', "track", SEARCH_PAGE, number * SEARCH_PAGE)
        paging = page.body.get("tracks") or {}
        rows += paging.get("items") or ()
        found = own_tracks(rows, artist_id, TOP_TRACKS)
        if _is_enough(found, wanted) or not paging.get("next"):
            break
    if quoted and found:
        return Tracks(found, "search", page.digest, has_more=bool(paging.get("next")))
    return _from_albums(client, artist_id, wanted)


def _is_enough(found: Sequence[Record], wanted: int) -> bool:
    """Whether more tracks would change nothing: those of the artist as main one come first, guests only after."""
    return sum(not track["guest"] for track in found) >= wanted or len(found) >= TOP_TRACKS


def _from_albums(client: Client, artist_id: str, wanted: int) -> Tracks:
    """By the artist's own albums, then by those on which the artist is a guest."""
    found: list[Record] = []
    for groups in ("album,single", "appears_on"):
        albums = client.spotify(
            "artists/{id}/albums",
            partial(_albums_of, artist_id=artist_id, groups=groups),
        )
        digest = albums.digest
        for album in _rows(albums, "items")[:ALBUMS]:
            rows, digest = _tracks_on(client, album["id"], artist_id)
            found = own_tracks([*_as_rows(found, artist_id), *rows], artist_id, TOP_TRACKS)
            if _is_enough(found, wanted):
                return Tracks(found, "albums", digest, has_more=bool(albums.body.get("next")))
    return Tracks(found, "albums", digest)


def _albums_of(api: Spotify, *, artist_id: str, groups: str) -> Any:
    return api.artist_albums(artist_id, include_groups=groups, limit=SEARCH_PAGE)


def _tracks_on(client: Client, album_id: str, artist_id: str) -> tuple[list[Record], str]:
    """Tracks of an album up to the first page that has one of the artist, and its digest."""
    for number in range(ALBUM_PAGES):
        page = _album(client, album_id, number * SEARCH_PAGE)
        rows = _rows(page, "items")
        if own_tracks(rows, artist_id) or not page.body.get("next"):
            break
    return rows, page.digest


def _search(client: Client, query: str, kind: str, limit: int, offset: int) -> Page:
    return client.spotify("search", lambda api: api.search(query, limit=limit, offset=offset, type=kind))


def _album(client: Client, album_id: str, offset: int) -> Page:
    return client.spotify(
        "albums/{id}/tracks", lambda api: api.album_tracks(album_id, limit=SEARCH_PAGE, offset=offset)
    )


def _as_rows(found: list[Record], artist_id: str) -> list[Record]:
    """Tracks of earlier pages again in the shape of an answer, so that one rule orders them all."""
    guest = {True: [{"id": ""}, {"id": artist_id}], False: [{"id": artist_id}]}
    return [{**track, "artists": guest[bool(track["guest"])]} for track in found]


def fetch_features(client: Client, origin: str, ids: Sequence[str]) -> tuple[dict[str, Record], str]:
    """Audio features by track id; tracks without any are absent."""
    if origin == SPOTIFY:
        page = client.spotify("audio-features", lambda api: {"audio_features": api.audio_features(ids)})
        rows = {str(row["id"]): row for row in _rows(page, "audio_features")}
    else:
        page = client.reccobeats(list(ids))
        content = page.body.get("content")
        found = [row for row in content if isinstance(row, dict)] if isinstance(content, list) else []
        rows = {str(row.get("href", "")).rsplit("/", 1)[-1]: row for row in found}
    values = {
        name: {
            feature: rows[name][feature] for feature in AUDIO_FEATURES if rows[name].get(feature) is not None
        }
        for name in ids
        if name in rows
    }
    return {name: found for name, found in values.items() if found}, page.digest


def fetch_term(client: Client, term: str, most: int, page_size: int) -> tuple[list[str], str]:
    """Ids of the artists that a search finds, best first; what was found before a page that is refused counts.

    Raises:
        ApiError: The first page is refused.
    """
    ids: dict[str, None] = {}
    digest = ""
    for offset in range(0, SEARCH_END, page_size):
        try:
            page = _search(client, term, "artist", min(page_size, most), offset)
        except ApiError:
            if not ids:
                raise
            break
        digest, known = page.digest, len(ids)
        paging = page.body.get("artists") or {}
        ids |= dict.fromkeys(row["id"] for row in paging.get("items") or () if is_object(row))
        if len(ids) >= most or not paging.get("next") or len(ids) == known:
            break
    return list(ids)[:most], digest


def _rows(page: Page, key: str) -> list[Record]:
    """The entries of an answer that are objects with an id; an answer without the list has none."""
    rows = page.body.get(key)
    return [row for row in rows if is_object(row)] if isinstance(rows, list) else []
