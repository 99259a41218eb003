"""Who names the genres of an artist when Spotify names none: MusicBrainz and Last.fm.

Conventions: a service is asked by one thread, one request after the other, never closer together than its rules
allow: the pause counts from the end of an answer, and the first request of a run waits as well, so the rule holds
across restarts. A service that is busy (503, 429, Last.fm's errors 11, 16 and 29) is asked again after what its
`Retry-After` says, else after longer and longer pauses. Every answer that was used is kept among the raw pages.

| service | finds the artist | genres |
|---|---|---|
| MusicBrainz | by its link to Spotify, else by a name that one artist has | `genres` with votes, else such `tags` |
| Last.fm | by name | tags with a count of at least `LASTFM_LEAST` of 100 |

Tags pass the filter of `genrelab.sources.scrape.genre_names`.

Source: MusicBrainz API and its page on rate limiting ("never more than one call per second", a User-Agent that
names the program, its version and a contact, 503 when exceeded); Last.fm API, `artist.getTopTags` and its errors.

What an answer means for the journal does not belong here but in `genrelab.sources.scrape.genres`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote_plus

import requests

from genrelab import __version__
from genrelab.sources.scrape.client import (
    FIRST_BACKOFF,
    RETRIES,
    SERVER_ERRORS,
    ApiError,
    Session,
    UnreachableError,
    WaitTooLongError,
    retry_after,
)
from genrelab.sources.scrape.genre_names import as_genres, genres_among, is_same_name, voted
from genrelab.sources.scrape.pages import Pages
from genrelab.sources.scrape.parameters import LASTFM, MUSICBRAINZ, Parameters
from genrelab.sources.scrape.secrets import Mask

BUSY_TRIES = 6
"""Times that a busy service is asked the same again: about a minute where it does not say how long to wait."""
FIRST_BUSY_WAIT = 2.0
LASTFM_SECONDS = 0.25
"""Between requests to Last.fm, which allows about five a second."""
LASTFM_LEAST = 10
"""Last.fm counts tags relative to the artist's first, which has 100."""
NAME_SCORE = 90
"""Score of MusicBrainz's search from which a candidate counts."""
OK, UNAUTHORISED, FORBIDDEN, NOT_FOUND, TOO_MANY, UNAVAILABLE = 200, 401, 403, 404, 429, 503
UNKNOWN_ARTIST, LASTFM_BUSY, LASTFM_REFUSED = 6, (8, 11, 16, 29), (4, 10, 26)
LINKED, NAMED, AMBIGUOUS, NOT_FOUND_THERE = "link", "name", "ambiguous", "not found"
VARIOUS_ARTISTS = "89ad4ac3-39f7-470e-963a-56509c546377"
"""MusicBrainz's stand-in for compilations."""


class RefusedError(Exception):
    """The service refuses to be asked at all."""


@dataclass(frozen=True)
class Named:
    """What a service says of an artist.

    Args:
        genres: The most voted for first; empty when it knows none.
        via: How the artist was found, or why not: `link`, `name`, `ambiguous`, `not found`.
        digest: Of the raw page.
    """

    genres: list[str]
    via: str
    digest: str = ""


class Service(Protocol):
    """What can be asked for an artist's genres."""

    name: str
    requests: "Requests"

    def ask(self, artist_id: str, artist_name: str) -> Named:
        """Genres of one artist.

        Raises:
            RefusedError: The service refuses every request.
            ApiError: It refuses this one.
            UnreachableError: No usable answer came.
            WaitTooLongError: It is busy for longer than the run waits.
        """


class Requests:
    """Requests to one service, at a distance from each other.

    Args:
        parameters: Limits and the clock.
        pages: Where answers are kept.
        mask: Hides secrets.
        seconds: Between requests.
        is_busy: Whether an answer (status, body) says to come back later.
    """

    def __init__(
        self,
        parameters: Parameters,
        pages: Pages,
        mask: Mask,
        *,
        seconds: float,
        is_busy: Callable[[int, Any], bool],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.retries = self.refused = self.pauses = 0
        self.waited = 0.0
        self._parameters, self._pages, self._mask = parameters, pages, mask
        self._seconds, self._is_busy = seconds, is_busy
        self._session: Session | None = None
        self._clock = parameters.clock
        self._free_at = self._clock.now() + seconds

    def get(self, name: str, address: str, query: dict[str, str]) -> tuple[int, Any, str]:
        """Status, parsed body (None when it is no JSON object) and sha256 of an answer below 500.

        Args:
            name: Under which the request is counted.
            address: Without the query.
            query: Names and values.
        """
        if self._session is None:
            self._session = Session(address)
            self._session.headers["User-Agent"] = user_agent(self._parameters.contact)
        failures = busy = 0
        waited = 0.0
        while True:
            self._clock.sleep(self._free_at - self._clock.now())
            self.counts[name] += 1
            response, body, problem = self._try(self._session, address, query)
            self._free_at = self._clock.now() + self._seconds
            if response is not None and self._is_busy(response.status_code, body):
                self.refused += 1
                busy += 1
                wait = retry_after(response) or FIRST_BUSY_WAIT * 2.0 ** (busy - 1)
                if busy >= BUSY_TRIES or waited + wait > self._parameters.max_wait:
                    raise WaitTooLongError(wait, f"busy, status {response.status_code}")
                self._sit_out(wait)
                waited += wait
                continue
            if not problem and response is not None:
                digest = self._pages.add(self._mask.text(response.url), self._mask.bytes(response.content))
                return response.status_code, body, digest
            failures += 1
            if failures > RETRIES:
                raise UnreachableError(problem)
            self.retries += 1
            self._clock.sleep(FIRST_BACKOFF * 2.0 ** (failures - 1))

    def _try(
        self, session: Session, address: str, query: dict[str, str]
    ) -> tuple[requests.Response | None, Any, str]:
        """The answer, its parsed body, and why it cannot be used."""
        try:
            response = session.get(address, params=query, timeout=self._parameters.timeout)
        except requests.RequestException as error:
            return None, None, type(error).__name__
        try:
            body = response.json()
        except ValueError:
            body = None
        is_object = isinstance(body, dict)
        problem = f"status {response.status_code}" if response.status_code in SERVER_ERRORS else ""
        if response.status_code == OK and not is_object:
            problem = "an answer that is no JSON object"
        return response, body if is_object else None, problem

    def _sit_out(self, seconds: float) -> None:
        self._clock.sleep(seconds)
        self.pauses += 1
        self.waited += seconds


def user_agent(contact: str) -> str:
    """The User-Agent in the form that MusicBrainz asks for.

    >>> user_agent("me@example.org").removeprefix(f"genrelab/{__version__} ")
    '( me@example.org )'
    """
    return f"genrelab/{__version__} ( {contact or 'no contact set: scrape.contact'} )"


class MusicBrainz:
    """MusicBrainz, or a mirror of it.

    Args:
        parameters: Address, contact and limits.
        pages: Where answers are kept.
        mask: Hides secrets.
    """

    name = MUSICBRAINZ

    def __init__(self, parameters: Parameters, pages: Pages, mask: Mask) -> None:
        self._address = parameters.musicbrainz_api
        self.requests = Requests(
            parameters,
            pages,
            mask,
            seconds=1 / parameters.musicbrainz_per_second,
            is_busy=lambda status, _: status in (UNAVAILABLE, TOO_MANY),
        )

    def ask(self, artist_id: str, artist_name: str) -> Named:
        """By the link to the Spotify artist, else by name."""
        linked, digest = self._linked(artist_id)
        via = LINKED
        if len(linked) > 1:  # a URL of a person and of a project: the name tells which
            linked = [each for each in linked if is_same_name(each["name"], artist_name)]
            if len(linked) != 1:
                return Named([], AMBIGUOUS, digest)
        if not linked:
            via = NAMED
            linked, digest = self._of_name(artist_name)
            if len(linked) != 1:
                return Named([], AMBIGUOUS if linked else NOT_FOUND_THERE, digest)
        return self._genres(linked[0]["id"], artist_name, via)

    def _linked(self, artist_id: str) -> tuple[list[dict[str, str]], str]:
        resource = f"https://open.spotify.com/artist/{artist_id}"
        body, digest = self._get("url", resource=resource, inc="artist-rels")
        if body is None or artist_id not in str(body.get("resource", resource)):
            return [], digest
        relations = body.get("relations")
        artists = [
            relation.get("artist")
            for relation in (relations if isinstance(relations, list) else ())
            if isinstance(relation, dict)
        ]
        return _artists(artists), digest

    def _of_name(self, artist_name: str) -> tuple[list[dict[str, str]], str]:
        """Candidates with exactly this name; two of them are homonyms."""
        if not artist_name.strip():
            return [], ""
        quoted = artist_name.replace("\\", "\\\\").replace('"', '\\"')
        body, digest = self._get("artist", query=f'artist:"{quoted}"', limit="5")
        if body is None:
            raise ApiError(NOT_FOUND, "the search is not there")
        found = [
            each
            for each in body.get("artists") or ()
            if isinstance(each, dict) and _score(each.get("score")) >= NAME_SCORE
        ]
        return [each for each in _artists(found) if is_same_name(each["name"], artist_name)], digest

    def _genres(self, mbid: str, artist_name: str, via: str) -> Named:
        body, digest = self._get(f"artist/{mbid}", inc="genres tags")
        if body is None:
            return Named([], NOT_FOUND_THERE, digest)
        genres = as_genres(voted(body.get("genres")))
        return Named(genres or genres_among(voted(body.get("tags")), artist_name), via, digest)

    def _get(self, path: str, **query: str) -> tuple[dict[str, Any] | None, str]:
        """The body of an answer; None where there is nothing of that name."""
        name = f"musicbrainz/{path.split('/', maxsplit=1)[0]}" + ("/{id}" if "/" in path else "")
        status, body, digest = self.requests.get(name, self._address + path, {**query, "fmt": "json"})
        if status == NOT_FOUND:
            return None, digest
        if status in (UNAUTHORISED, FORBIDDEN):
            raise RefusedError(f"status {status}: it may refuse the User-Agent; set scrape.contact")
        if status != OK or body is None:
            raise ApiError(status, str((body or {}).get("error", ""))[:200])
        return body, digest


class LastFm:
    """Last.fm.

    Args:
        parameters: Address, key and limits.
        pages: Where answers are kept.
        mask: Hides secrets; learns the key.
    """

    name = LASTFM

    def __init__(self, parameters: Parameters, pages: Pages, mask: Mask) -> None:
        self._address, self._key = parameters.lastfm_api, parameters.lastfm_key
        mask.learn(self._key)
        mask.learn(quote_plus(self._key))
        self.requests = Requests(
            parameters,
            pages,
            mask,
            seconds=LASTFM_SECONDS,
            is_busy=lambda status, body: status in (UNAVAILABLE, TOO_MANY) or _error(body) in LASTFM_BUSY,
        )

    def ask(self, artist_id: str, artist_name: str) -> Named:  # noqa: ARG002 - Last.fm knows no Spotify ids
        """By name, which Last.fm may correct."""
        if not artist_name.strip():
            return Named([], NOT_FOUND_THERE)
        query = {"method": "artist.gettoptags", "artist": artist_name, "autocorrect": "1"}
        status, body, digest = self.requests.get(
            "lastfm/artist.gettoptags", self._address, {**query, "api_key": self._key, "format": "json"}
        )
        error = _error(body)
        if error == UNKNOWN_ARTIST:
            return Named([], NOT_FOUND_THERE, digest)
        if error in LASTFM_REFUSED or status in (UNAUTHORISED, FORBIDDEN):
            raise RefusedError(f"error {error or status}: the key is refused; check LASTFM_API_KEY")
        if error or status != OK or body is None:
            raise ApiError(status, f"error {error}" if error else "")
        toptags = body.get("toptags")
        if not isinstance(toptags, dict):
            raise ApiError(status, "an answer without tags")
        about = toptags.get("@attr")
        called = about.get("artist") if isinstance(about, dict) else None
        if isinstance(called, str) and not is_same_name(called, artist_name):
            return Named([], NOT_FOUND_THERE, digest)  # corrected into somebody else
        return Named(genres_among(voted(toptags.get("tag"), LASTFM_LEAST), artist_name), NAMED, digest)


def _artists(found: list[Any]) -> list[dict[str, str]]:
    """MusicBrainz's id and name of each artist, each once, without the one that stands for compilations."""
    artists = {
        each["id"]: {"id": each["id"], "name": str(each.get("name", ""))}
        for each in found
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    }
    artists.pop(VARIOUS_ARTISTS, None)
    return list(artists.values())


def _score(value: Any) -> int:
    """Of a candidate; it was text in earlier answers."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _error(body: Any) -> int:
    """Last.fm's error number in a body, 0 when it holds none."""
    try:
        return int(body.get("error", 0)) if isinstance(body, dict) else 0
    except (TypeError, ValueError):
        return 0
