"""Genres from elsewhere: who is asked for which artist, and what is remembered.

Conventions: services are asked in the order of `scrape.genres`, and only for artists with tracks for whom no
service before has ever named a genre; Spotify's place in the order is the list that came with the artist. An
answer without genres is remembered as well and asked for again when it is older than `refresh_days`, as artists
are. A service that fails ends nothing: the artists that wait for it are left for another run, and said.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field

from genrelab.runtime.progress import say, track
from genrelab.sources.scrape.client import ApiError, Client, UnreachableError, WaitTooLongError
from genrelab.sources.scrape.genre_services import AMBIGUOUS, LastFm, MusicBrainz, RefusedError, Service
from genrelab.sources.scrape.journal import Journal
from genrelab.sources.scrape.parameters import LASTFM, MUSICBRAINZ, TITLES, Parameters
from genrelab.sources.scrape.state import State
from genrelab.sources.scrape.summary import spell

log = logging.getLogger(__name__)

IN_A_ROW = 3
"""Artists in succession without a usable answer, after which a service is left alone for this run."""


@dataclass
class Asked:
    """What became of one service.

    Args:
        title: Its name for people.
        found: Artists whose genres it named.
        none: Artists that it does not know, or without genres.
        ambiguous: Artists refused because several have their name.
        left: Artists left for another run.
        why: Why they are left, or why the service was passed over.
    """

    title: str
    found: int = 0
    none: int = 0
    ambiguous: int = 0
    left: int = 0
    why: str = ""

    def __str__(self) -> str:
        parts = []
        if self.found or self.none or self.ambiguous:
            parts.append(f"{self.found:,} artists, {self.none:,} without any there")
        if self.ambiguous:
            parts.append(f"{self.ambiguous:,} refused as ambiguous: several artists have the name")
        if self.left:
            parts.append(f"{self.left:,} left for another night")
        if self.why:
            parts.append(self.why)
        return "; ".join(parts)


@dataclass
class GenreRun:
    """The part of a scrape that asks for genres elsewhere.

    Args:
        parameters: Whom to ask, and with what.
        state: What is known so far; kept in step.
        journal: Where answers go.
        client: Whose pages and mask are used.
    """

    parameters: Parameters
    state: State
    journal: Journal
    client: Client
    asked: dict[str, Asked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._services: dict[str, Service] = {}
        self._closed: set[str] = set()
        self._in_a_row: Counter[str] = Counter()
        makers: dict[str, type[MusicBrainz | LastFm]] = {MUSICBRAINZ: MusicBrainz, LASTFM: LastFm}
        for name in self.parameters.genres:
            if name in makers:
                self.asked[name] = Asked(TITLES[name])
                if name == LASTFM and not self.parameters.lastfm_key:
                    self.asked[name].why = "passed over: LASTFM_API_KEY is not set"
                else:
                    self._services[name] = makers[name](self.parameters, self.client.pages, self.client.mask)
        self._order = [
            name for name in self.parameters.genres if name not in makers or name in self._services
        ]

    @property
    def services(self) -> list[Service]:
        """The services that can be asked."""
        return list(self._services.values())

    def execute(self, artist_ids: list[str]) -> None:
        """Ask for every artist that needs it.

        Args:
            artist_ids: The artists of this scrape.
        """
        waiting = [each for each in artist_ids if self._next_service(each)]
        if not waiting:
            return
        titles = " and ".join(TITLES[name] for name in self._services)
        say(f"asking {titles} for the genres of {len(waiting):,} artists")
        with track("asking for genres", total=len(waiting), unit="artists") as advance:
            for number, artist_id in enumerate(waiting, start=1):
                self._ask_for(artist_id)
                advance(number, note="")

    def _next_service(self, artist_id: str) -> str:
        """Who is to be asked for an artist; empty when nobody is."""
        known = self.state.artists.get(artist_id)
        if known is None or not known.tracks:
            return ""
        for name in self._order:
            has_named = artist_id in self.state.named[name]
            is_old = name in self._services and artist_id not in self.state.asked_for_genres[name]
            if is_old:
                return name
            if has_named:
                return ""
        return ""

    def _ask_for(self, artist_id: str) -> None:
        while name := self._next_service(artist_id):
            if name in self._closed or not self._ask(name, artist_id):
                self.asked[name].left += 1
                return

    def _ask(self, name: str, artist_id: str) -> bool:
        """Ask one service; False when the artist is left for another run."""
        asked = self.asked[name]
        try:
            found = self._services[name].ask(artist_id, self.state.artists[artist_id].name)
        except WaitTooLongError as error:
            self._close(name, f"{error.reason}, asks to wait {spell(error.seconds)}")
        except RefusedError as error:
            self._close(name, f"refuses to answer ({error})")
        except (ApiError, UnreachableError, AttributeError, KeyError, TypeError) as error:
            log.debug("%s: no usable answer for %s", name, artist_id, exc_info=True)
            self._in_a_row[name] += 1
            if self._in_a_row[name] >= IN_A_ROW:
                self._close(name, f"gives no usable answer ({error})")
        else:
            self._in_a_row[name] = 0
            asked.found += bool(found.genres)
            asked.ambiguous += found.via == AMBIGUOUS
            asked.none += not found.genres and found.via != AMBIGUOUS
            self.state.apply(
                self.journal.add(
                    "genres", id=artist_id, origin=name, genres=found.genres, via=found.via, page=found.digest
                )
            )
            return True
        return False

    def _close(self, name: str, why: str) -> None:
        self._closed.add(name)
        self.asked[name].why = why
        say(f"{TITLES[name]} {why}: the other artists are left for another night")
