"""Requests genres from further services: which service for which artist, and what is remembered.

Conventions: services are asked in the order of `scrape.genres`, and only about artists with tracks for whom no earlier
service has ever named a genre. Spotify's place in the order stands for the list that came with the artist. An answer
without genres is remembered too and requested again when it is older than `refresh_days`. A service that fails does not
end the run: its remaining artists are left for a later run and reported.
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
"""Consecutive artists without a usable answer, after which a service is not asked again in this run."""


@dataclass
class Asked:
    """The result of one service.

    Args:
        title: Its display name.
        found: Artists whose genres it named.
        none: Artists that it does not know, or knows no genres of.
        ambiguous: Artists skipped because several have the same name.
        left: Artists left for a later run.
        why: Why they are left, or why the service was skipped.
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
            parts.append(f"{self.found:,} artists with genres, {self.none:,} without")
        if self.ambiguous:
            parts.append(f"{self.ambiguous:,} skipped as ambiguous: several artists have this name")
        if self.left:
            parts.append(f"{self.left:,} left for a later run")
        if self.why:
            parts.append(self.why)
        return "; ".join(parts)


@dataclass
class GenreRun:
    """The part of a scrape that requests genres from further services.

    Args:
        parameters: Services, credentials and limits.
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
                    self.asked[name].why = "skipped: LASTFM_API_KEY is not set"
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
        """Request the genres of every artist that needs them.

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
        """Return the next service to ask about an artist; empty if there is none."""
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
        """Ask one service; return False if the artist is left for a later run."""
        asked = self.asked[name]
        try:
            found = self._services[name].ask(artist_id, self.state.artists[artist_id].name)
        except WaitTooLongError as error:
            self._close(name, f"asks to wait {spell(error.seconds)} ({error.reason})")
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
        say(f"{TITLES[name]} {why}: the remaining artists are left for a later run")
