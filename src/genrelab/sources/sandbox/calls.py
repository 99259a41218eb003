"""The calls of the Web API and of ReccoBeats, answered from a catalogue.

Conventions: a call takes its query as text values and gives `(status, body)`. What each world allows follows
`WORLDS`; what goes wrong on demand does not belong here but in `genrelab.sources.sandbox.faults`.

Source: Spotify's announcements of 2024-11-27 and February 2026 with its migration guide, and the error bodies
that users quoted.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote_plus

from genrelab.sources.sample import Artist, Catalogue, Track
from genrelab.sources.sandbox import objects
from genrelab.sources.sandbox.faults import fraction
from genrelab.sources.scrape.input import ID

Answer = tuple[int, Any]
Query = dict[str, str]
Found = TypeVar("Found")

FORBIDDEN: Answer = (403, objects.error(403, "Forbidden"))
GONE: Answer = (404, objects.error(404, "Service not found"))
UNKNOWN: Answer = (404, objects.error(404, "non existing id"))
MALFORMED: Answer = (400, objects.error(400, "Invalid base62 id"))
BAD_LIMIT: Answer = (400, objects.error(400, "Invalid limit"))
FEATURE_BATCH, BATCH, RECCOBEATS_BATCH, TOP_TRACKS, LAST_OFFSET = 100, 50, 40, 10, 1000


@dataclass(frozen=True)
class World:
    """What credentials of one kind may do.

    Args:
        name: One of `WORLDS`.
        has_features: Whether audio features are served.
        has_batches: Whether several artists or tracks may be asked for at once.
        has_top_tracks: Whether an artist's top tracks are served.
        is_full: Whether objects carry popularity, followers and external ids.
        search_limit: Most results a search may ask for.
        search_default: Results of a search that does not ask.
        quota_reason: Reason in the body of a 429.
        genres: How artists carry their micro-genres, as in `Calls`.
    """

    name: str
    has_features: bool
    has_batches: bool = True
    has_top_tracks: bool = True
    is_full: bool = True
    search_limit: int = 50
    search_default: int = 20
    quota_reason: str = ""
    genres: str = "list"


DEVELOPMENT_2026 = World(
    "development2026",
    has_features=False,
    has_batches=False,
    has_top_tracks=False,
    is_full=False,
    search_limit=10,
    search_default=5,
    quota_reason="QUOTA_EXCEEDED",
)
WORLDS = {
    world.name: world
    for world in (
        World("extended", has_features=True),
        World("restricted", has_features=False),
        DEVELOPMENT_2026,
        replace(DEVELOPMENT_2026, name="2026", genres="empty"),
    )
}


class Calls:
    """The calls, answered from a catalogue.

    Args:
        catalogue: What there is.
        world: What the credentials may do.
        genres: `list`, `empty`, `null` or `absent`: how artists carry their micro-genres; by default as in the
            world.
        hidden: Share of the artists whose tracks no search finds.
        unknown: Share of the tracks that ReccoBeats does not know.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        world: World,
        *,
        genres: str | None = None,
        hidden: float = 0.0,
        unknown: float = 0.0,
    ) -> None:
        self.catalogue, self.world = catalogue, world
        self.genres, self.hidden, self.unknown = genres or world.genres, hidden, unknown

    def artist(self, artist_id: str) -> Answer:
        """`GET /artists/{id}`."""
        return self._one(artist_id, self.catalogue.by_id, self._artist)

    def artists(self, query: Query) -> Answer:
        """`GET /artists?ids=`."""
        if not self.world.has_batches:
            return FORBIDDEN
        return self._several("artists", query, BATCH, self.catalogue.by_id, self._artist)

    def track(self, track_id: str) -> Answer:
        """`GET /tracks/{id}`."""
        return self._one(track_id, self.catalogue.tracks, self._track)

    def tracks(self, query: Query) -> Answer:
        """`GET /tracks?ids=`."""
        if not self.world.has_batches:
            return FORBIDDEN
        return self._several("tracks", query, BATCH, self.catalogue.tracks, self._track)

    def features_of_one(self, track_id: str) -> Answer:
        """`GET /audio-features/{id}`."""
        if not self.world.has_features:
            return FORBIDDEN
        return self._one(track_id, self._analysed, objects.spotify_features)

    def features(self, query: Query) -> Answer:
        """`GET /audio-features?ids=`."""
        if not self.world.has_features:
            return FORBIDDEN
        return self._several("audio_features", query, FEATURE_BATCH, self._analysed, objects.spotify_features)

    def top_tracks(self, artist_id: str) -> Answer:
        """`GET /artists/{id}/top-tracks`."""
        if not self.world.has_top_tracks:
            return GONE
        if not ID.fullmatch(artist_id):
            return MALFORMED
        if artist_id not in self.catalogue.by_id:
            return UNKNOWN
        return 200, {"tracks": [self._track(track) for track in self._tracks_with[artist_id][:TOP_TRACKS]]}

    def albums(self, artist_id: str, query: Query) -> Answer:
        """`GET /artists/{id}/albums`: every track is its own single, and one of a guest appears on it."""
        if artist_id not in self.catalogue.by_id:
            return UNKNOWN if ID.fullmatch(artist_id) else MALFORMED
        groups = query.get("include_groups", "album,single,compilation,appears_on")
        shown = groups.split(",")
        albums = [
            objects.discography_album(track, self._artists_of(track), group)
            for group in ("single", "appears_on")
            if group in shown
            for track in self._tracks_with[artist_id]
            if (track.artist_ids[0] == artist_id) == (group == "single")
        ]
        return self._page(albums, f"artists/{artist_id}/albums?include_groups={groups}", query)

    def album_tracks(self, album_id: str, query: Query) -> Answer:
        """`GET /albums/{id}/tracks`."""
        track = self._by_album.get(album_id)
        if track is None:
            return UNKNOWN if ID.fullmatch(album_id) else MALFORMED
        tracks = [objects.simple_track(track, self._artists_of(track))]
        return self._page(tracks, f"albums/{album_id}/tracks?locale=", query)

    def search(self, query: Query) -> Answer:
        """`GET /search` for artists and tracks."""
        asked, kinds = query.get("q", "").strip(), query.get("type", "").split(",")
        if not asked:
            return 400, objects.error(400, "No search query")
        if not set(kinds) <= {"artist", "track"}:
            return 400, objects.error(400, "Bad search type field")
        found: dict[str, Any] = {}
        for kind in kinds:
            everything: list[Any] = (
                [self._artist(artist) for artist in self._search_artists(asked)]
                if kind == "artist"
                else [self._track(track) for track in self._search_tracks(asked)]
            )
            status, body = self._page(
                everything, f"search?query={quote_plus(asked)}&type={kind}", query, is_search=True
            )
            if status != 200:  # noqa: PLR2004 - HTTP's own number
                return status, body
            found[f"{kind}s"] = body
        return 200, found

    def reccobeats(self, query: Query) -> Answer:
        """ReccoBeats' `GET /audio-features?ids=`: reordered, and unknown tracks left out."""
        wanted = [name for name in query.get("ids", "").split(",") if name]
        if not 1 <= len(wanted) <= RECCOBEATS_BATCH:
            return 400, {"error": "ids: between 1 and 40 ids"}
        known = [
            self._analysed[name]
            for name in set(wanted)
            if name in self._analysed and fraction("reccobeats", name) >= self.unknown
        ]
        rows = [objects.reccobeats_features(track) for track in known]
        return 200, {"content": sorted(rows, key=lambda row: str(row["id"]))}

    @cached_property
    def _analysed(self) -> dict[str, Track]:
        return {name: track for name, track in self.catalogue.tracks.items() if track.features}

    @cached_property
    def _by_album(self) -> dict[str, Track]:
        return {track.album_id: track for track in self.catalogue.tracks.values()}

    @cached_property
    def _tracks_with(self) -> dict[str, list[Track]]:
        """Tracks that an artist is on, the most popular first."""
        found: dict[str, list[Track]] = defaultdict(list)
        for track in self.catalogue.tracks.values():
            for artist_id in track.artist_ids:
                found[artist_id].append(track)
        for tracks in found.values():
            tracks.sort(key=_by_popularity)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Artist]]:
        found: dict[str, list[Artist]] = defaultdict(list)
        for artist in self.catalogue.artists:
            found[artist.name.casefold()].append(artist)
        return found

    def _artists_of(self, track: Track) -> list[Artist]:
        return [self.catalogue.by_id[artist_id] for artist_id in track.artist_ids]

    def _artist(self, artist: Artist) -> dict[str, Any]:
        return objects.full_artist(artist, is_full=self.world.is_full, genres=self.genres)

    def _track(self, track: Track) -> dict[str, Any]:
        return objects.full_track(track, self._artists_of(track), is_full=self.world.is_full)

    def _search_artists(self, asked: str) -> list[Artist]:
        genre = re.search(r'genre:"?([^"]+)"?', asked)
        if genre:
            found: Iterable[Artist] = (a for a in self.catalogue.artists if genre[1] in a.genres)
        else:
            found = self._named(asked)
        return sorted(found, key=lambda artist: (-artist.popularity, artist.id))

    def _search_tracks(self, asked: str) -> list[Track]:
        found = {
            track.id: track
            for artist in self._named(asked)
            if fraction("hidden", artist.id) >= self.hidden
            for track in self._tracks_with[artist.id]
        }
        return sorted(found.values(), key=_by_popularity)

    def _named(self, asked: str) -> list[Artist]:
        name = re.sub(r"^artist:", "", asked).strip('"').casefold()
        if name in self._by_name:
            return self._by_name[name]
        words = name.split()
        return [
            artist
            for key, artists in self._by_name.items()
            if all(word in key for word in words)
            for artist in artists
        ]

    def _page(self, items: list[Any], path: str, query: Query, *, is_search: bool = False) -> Answer:
        most = self.world.search_limit if is_search or not self.world.is_full else BATCH
        default = self.world.search_default if is_search else min(20, most)
        try:
            limit, offset = int(query.get("limit", default)), int(query.get("offset", 0))
        except ValueError:
            return BAD_LIMIT
        if not 1 <= limit <= most:
            return BAD_LIMIT
        if not 0 <= offset <= LAST_OFFSET:
            return 400, objects.error(400, "Invalid offset")
        shown = items[offset : offset + limit]
        return 200, objects.page(shown, len(items), path=path, limit=limit, offset=offset)

    def _one(self, name: str, known: dict[str, Found], shown: Callable[[Found], dict[str, Any]]) -> Answer:
        if not ID.fullmatch(name):
            return MALFORMED
        return (200, shown(known[name])) if name in known else UNKNOWN

    def _several(
        self,
        key: str,
        query: Query,
        most: int,
        known: dict[str, Found],
        shown: Callable[[Found], dict[str, Any]],
    ) -> Answer:
        names = query.get("ids", "").split(",")
        if len(names) > most:
            return 400, objects.error(400, f"Too many ids requested: {len(names)}, at most {most}")
        if not all(ID.fullmatch(name) for name in names):
            return MALFORMED
        return 200, {key: [shown(known[name]) if name in known else None for name in names]}


def _by_popularity(track: Track) -> tuple[int, str]:
    return -track.popularity, track.id
