"""What is known so far: read from the journal, and kept in step with it while a run goes on.

Conventions: times are POSIX seconds. Only what decides about further requests is kept in memory: ids, ages
and which of an artist's tracks lack features; names and values stay in the journal.

| what | holds |
|---|---|
| artist, tracks | until it is older than `refresh_days` |
| audio features | for ever |
| genres that a service named | for ever, and asked for again as an artist |
| a service named no genres | as an artist |
| unknown artist | as an artist |
| no service had the features | until a later run: `ANOTHER_NIGHT` |
| a call is closed | as long |
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from genrelab.sources.scrape.input import ID
from genrelab.sources.scrape.journal import Record
from genrelab.sources.scrape.parameters import SPOTIFY

ANOTHER_NIGHT = 12 * 3600.0


@dataclass(slots=True)
class Known:
    """What is known of an artist.

    Args:
        at: When the artist was fetched.
        name: As Spotify writes it.
        tracks: Ids of the tracks that the artist is on, best first; None when not fetched.
    """

    at: float
    name: str = ""
    tracks: tuple[str, ...] | None = None


class State:
    """What is known so far.

    Args:
        records: Of the journal.
        now: POSIX seconds.
        refresh_days: Age from which an artist counts as not fetched; None for never.
        tracks_per_artist: Tracks wanted of each artist.

    Attributes:
        named: By service, the artists for whom it has ever named a genre.
        asked_for_genres: By service, the artists for whom it was asked, as far as that still holds.
    """

    def __init__(
        self, records: Iterable[Record], now: float, refresh_days: float | None, tracks_per_artist: int
    ) -> None:
        self.now, self.tracks_per_artist = now, tracks_per_artist
        self._oldest = float("-inf") if refresh_days is None else now - refresh_days * 86_400
        self.artists: dict[str, Known] = {}
        self.unknown: set[str] = set()
        self.has_features: set[str] = set()
        self.missing: set[str] = set()
        self.named: dict[str, set[str]] = defaultdict(set)
        self.asked_for_genres: dict[str, set[str]] = defaultdict(set)
        self.terms: dict[str, tuple[str, ...]] = {}
        self.closed: set[str] = set()
        self.wait_until, self.wait_of = 0.0, ""
        for record in records:
            self.apply(record)

    def apply(self, record: Record) -> None:
        """Take one record in."""
        at = datetime.fromisoformat(record["at"]).timestamp()
        is_recent, is_tonight = at >= self._oldest, at >= self.now - ANOTHER_NIGHT
        if record["kind"] in ("artist", "genres"):
            self._take_genres(record, is_recent=is_recent)
        match record["kind"]:
            case "artist" if is_recent:
                self.artists[record["id"]] = Known(at, record["name"])
                self.unknown.discard(record["id"])
            case "tracks" if record["id"] in self.artists:
                self._take_tracks(self.artists[record["id"]], record)
            case "unknown" if is_recent:
                self.unknown.add(record["id"])
            case "features":
                self.has_features.add(record["id"])
                self.missing.discard(record["id"])
            case "missing" if is_tonight:
                self.missing.add(record["id"])
            case "term" if is_recent:
                self.terms[record["term"]] = tuple(record["ids"])
            case "closed" if is_tonight:
                self.closed.add(record["call"])
            case "wait":
                # never longer than was asked for: the clock may have been set back since
                self.wait_until = min(record["until"], self.now + max(record["until"] - at, 0.0))
                self.wait_of = record["who"]

    def wanted(self, artist_id: str) -> tuple[str, ...]:
        """Tracks of an artist that become rows, as far as they are known."""
        known = self.artists.get(artist_id)
        return (known.tracks or ())[: self.tracks_per_artist] if known else ()

    def has_no_tracks(self, artist_id: str) -> bool:
        """Whether the artist's tracks were asked for and there are none."""
        known = self.artists.get(artist_id)
        return known is not None and known.tracks == ()

    def lacks_features(self, artist_id: str) -> list[str]:
        """Return those without features that were not requested in this run."""
        return [
            track
            for track in self.wanted(artist_id)
            if track not in self.has_features and track not in self.missing
        ]

    def _take_genres(self, record: Record, *, is_recent: bool) -> None:
        """What a service says of an artist's genres; Spotify says it with the artist."""
        origin = record.get("origin", SPOTIFY)
        if record.get("genres"):
            self.named[origin].add(record["id"])
        if is_recent:
            self.asked_for_genres[origin].add(record["id"])

    def _take_tracks(self, known: Known, record: Record) -> None:
        ids = tuple(track["id"] for track in record["tracks"])
        if record.get("has_more") and len(ids) < self.tracks_per_artist:
            return  # an earlier run wanted fewer tracks than this one
        known.tracks = ids


def is_object(row: Any) -> bool:
    """Whether an entry of an answer is an object with an id that can be asked for."""
    return isinstance(row, dict) and isinstance(row.get("id"), str) and bool(ID.fullmatch(row["id"]))


def own_tracks(tracks: Iterable[Any], artist_id: str, most: int | None = None) -> list[Record]:
    """Of the tracks in an answer those that the artist is on: as main artist first, else in Spotify's order.

    Args:
        tracks: Track objects; anything else is left out.
        artist_id: Whose tracks.
        most: How many of them at most, the first ones; None for all.

    Returns:
        Id, name, popularity and whether the artist is only a guest; each track once.
    """
    found: dict[str, Record] = {}
    for track in tracks:
        if not is_object(track):
            continue
        artists = [artist.get("id") for artist in track.get("artists") or () if isinstance(artist, dict)]
        if artist_id in artists:
            found.setdefault(
                track["id"],
                {
                    "id": track["id"],
                    "name": track.get("name") or "",
                    "popularity": track.get("popularity"),
                    "guest": artists[0] != artist_id,
                },
            )
    return sorted(list(found.values())[:most], key=lambda track: bool(track["guest"]))
