"""MusicBrainz and Last.fm, answered from a catalogue.

Conventions: a call takes its query as text values and gives `(status, body)`. The artists' genres are those of the
catalogue, with votes that fall from the first to the last, and beside them free tags that are no genres. Which
artists a service knows follows from their ids alone. Addresses: `/ws/2/...` and `/2.0/`.

Source: MusicBrainz API, its examples and its page on rate limiting; Last.fm API, `artist.getTopTags`. Bodies of
errors as the services send them.
"""

import uuid
from collections import defaultdict
from functools import cached_property
from typing import Any

from genrelab.sources.sample import Artist, Catalogue
from genrelab.sources.sandbox.faults import fraction
from genrelab.sources.sandbox.objects import SITE

Answer = tuple[int, Any]
Query = dict[str, str]

HELP = "For usage, please see: https://musicbrainz.org/development/mmd"
UNLINKED: Answer = (404, {"error": "Not Found", "help": HELP})
NO_AGENT: Answer = (
    403,
    {"error": "Your User-Agent does not name an application and a contact", "help": HELP},
)
BUSY: Answer = (
    503,
    {
        "error": "Your requests are exceeding the allowable rate limit. Please see"
        " http://wiki.musicbrainz.org/XMLWebService for more information."
    },
)
ANONYMOUS_AGENTS = ("python-requests", "python-urllib", "python-httpx", "java/", "curl/", "mozilla")
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://musicbrainz.org/ns/mmd-2.0#"/>'
"""What MusicBrainz answers unless JSON is asked for."""
PERSON = "b6e035f4-3ce9-331c-97df-83397230b0df"
STREAMING = "769085a1-c2f7-4c24-a532-2375a77693bd"
SEARCH_LIMIT = 25
LASTFM_ERRORS = {
    3: "Invalid Method - No method with that name in this package",
    6: "The artist you supplied could not be found",
    10: "Invalid API key - You must be granted a valid key by last.fm",
    29: "Rate limit exceeded - Your IP has made too many requests in a short period",
}


class GenreServices:
    """The calls of both services.

    Args:
        catalogue: What there is.
        key: Of Last.fm's API that is accepted.
        linked: Share of the artists that MusicBrainz links to Spotify.
        listed: Share of the others that it knows by name alone.
        voted: Share of its artists whose genres have votes; the others have tags.
        tagged: Share of the artists that Last.fm knows.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        key: str,
        linked: float = 0.9,
        listed: float = 0.5,
        voted: float = 0.8,
        tagged: float = 0.9,
    ) -> None:
        self.catalogue, self.key = catalogue, key
        self.linked, self.listed, self.voted, self.tagged = linked, listed, voted, tagged

    def musicbrainz(self, path: tuple[str, ...], query: Query, headers: dict[str, str]) -> Answer:
        """A call of MusicBrainz's web service; `path` without `ws/2`."""
        agent = headers.get("user-agent", "").lower()
        if not agent or agent.startswith(ANONYMOUS_AGENTS):
            return NO_AGENT
        if query.get("fmt") != "json":
            return 200, XML
        included = query.get("inc", "").replace("+", " ").split()
        match path:
            case ("url",):
                return self._url(query.get("resource", ""), included)
            case ("artist",):
                return self._search(query)
            case ("artist", mbid):
                return self._lookup(mbid, included)
        return 404, {"error": "Not Found", "help": HELP}

    def lastfm(self, query: Query) -> Answer:
        """A call of Last.fm's API."""
        if query.get("method", "").lower() != "artist.gettoptags":
            return _lastfm_error(3)
        if query.get("api_key") != self.key:
            return _lastfm_error(10, 403)
        artist = self._tagged_by_name.get(query.get("artist", "").casefold())
        if artist is None:
            return _lastfm_error(6)
        names = [
            *(name.title() for name in artist.genres),
            "seen live",
            artist.name.lower(),
            "80s",
            "british",
        ]
        tags = [
            {
                "count": max(100 - 15 * rank, 0),
                "name": name,
                "url": f"https://www.last.fm/tag/{name.replace(' ', '+')}",
            }
            for rank, name in enumerate(names)
        ]
        return 200, {"toptags": {"tag": tags, "@attr": {"artist": artist.name}}}

    @staticmethod
    def lastfm_busy() -> Answer:
        """What Last.fm answers to too many requests."""
        return _lastfm_error(29)

    def _url(self, resource: str, included: list[str]) -> Answer:
        artist_id = resource.rsplit("/artist/", 1)[-1]
        artist = self.catalogue.by_id.get(artist_id)
        if artist is None or not self._is_linked(artist):
            return UNLINKED
        found: dict[str, Any] = {"id": _mbid("url", artist_id), "resource": f"{SITE}/artist/{artist_id}"}
        if "artist-rels" in included:
            found["relations"] = [
                {
                    "artist": _simple(artist),
                    "attribute-ids": {},
                    "attribute-values": {},
                    "attributes": [],
                    "begin": None,
                    "direction": "backward",
                    "end": None,
                    "ended": False,
                    "source-credit": "",
                    "target-credit": "",
                    "target-type": "artist",
                    "type": "free streaming",
                    "type-id": STREAMING,
                }
            ]
        return 200, found

    def _search(self, query: Query) -> Answer:
        asked = query.get("query", "")
        if not asked:
            return 400, {"error": "The given parameters do not match any available query type", "help": HELP}
        name = asked.removeprefix("artist:").strip('"').replace('\\"', '"').replace("\\\\", "\\")
        found = self._by_name.get(name.casefold(), [])
        near = [] if found else self._by_name.get(name.casefold().split(" ")[0], [])
        rows = [
            {**_full(artist), "score": score}
            for artists, score in ((found, 100), (near, 62))
            for artist in artists
        ]
        limit = int(query.get("limit", SEARCH_LIMIT))
        return 200, {
            "created": "2026-05-01T00:00:00.000Z",
            "count": len(rows),
            "offset": 0,
            "artists": rows[:limit],
        }

    def _lookup(self, mbid: str, included: list[str]) -> Answer:
        try:
            uuid.UUID(mbid)
        except ValueError:
            return 400, {"error": "Invalid mbid.", "help": HELP}
        artist = self._by_mbid.get(mbid)
        if artist is None:
            return 404, {"error": "Not Found", "help": HELP}
        found = _full(artist)
        has_votes = fraction("voted", artist.id) < self.voted
        if "genres" in included:
            found["genres"] = [
                {"count": votes, "disambiguation": "", "id": _mbid("genre", name), "name": name}
                for votes, name in _voted(artist.genres if has_votes else ())
            ]
        if "tags" in included:
            tags = [*_voted(artist.genres), (1, "seen live"), (0, "wrong"), (1, "british")]
            found["tags"] = [{"count": votes, "name": name} for votes, name in tags]
        return 200, found

    def _is_linked(self, artist: Artist) -> bool:
        return fraction("linked", artist.id) < self.linked

    @cached_property
    def _known(self) -> list[Artist]:
        return [
            artist
            for artist in self.catalogue.artists
            if self._is_linked(artist) or fraction("listed", artist.id) < self.listed
        ]

    @cached_property
    def _by_mbid(self) -> dict[str, Artist]:
        return {_mbid("artist", artist.id): artist for artist in self._known}

    @cached_property
    def _by_name(self) -> dict[str, list[Artist]]:
        found: dict[str, list[Artist]] = defaultdict(list)
        for artist in self._known:
            found[artist.name.casefold()].append(artist)
        return found

    @cached_property
    def _tagged_by_name(self) -> dict[str, Artist]:
        """Last.fm has one page for all artists of a name."""
        return {
            artist.name.casefold(): artist
            for artist in self.catalogue.artists
            if fraction("tagged", artist.id) < self.tagged
        }


def _mbid(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {name}"))


def _voted(names: tuple[str, ...]) -> list[tuple[int, str]]:
    """Votes fall from the first to the last; MusicBrainz lists genres by name."""
    return sorted(((len(names) - rank, name) for rank, name in enumerate(names)), key=lambda each: each[1])


def _simple(artist: Artist) -> dict[str, Any]:
    return {
        "country": None,
        "disambiguation": "",
        "id": _mbid("artist", artist.id),
        "name": artist.name,
        "sort-name": artist.name,
        "type": "Person",
        "type-id": PERSON,
    }


def _full(artist: Artist) -> dict[str, Any]:
    return {
        **_simple(artist),
        "area": None,
        "begin-area": None,
        "end-area": None,
        "gender": None,
        "gender-id": None,
        "ipis": [],
        "isnis": [],
        "life-span": {"begin": None, "end": None, "ended": False},
    }


def _lastfm_error(number: int, status: int = 200) -> Answer:
    """Errors stand in the body; the status is 200 for most of them."""
    return status, {"error": number, "message": LASTFM_ERRORS[number], "links": []}
