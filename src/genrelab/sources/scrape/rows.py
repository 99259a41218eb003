"""Turns the journal into rows of `spotify_tracks`.

Conventions: a row is a track of an artist. Its source is the artist's URI and its number the track's rank among the
artist's tracks, so the order of requests does not change it. The newest record of each artist and track counts. Known
micro-genres and audio features are kept if a service stops returning them; a new list that is not empty replaces the
old one. A track of several artists belongs to its main artist; it belongs to a guest only if the main artist is not
scraped, or if the guest has no other track. A row whose values cannot be read is rejected, never repaired.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import hash_file, whole_characters
from genrelab.sources.scrape.journal import NAME, Record, read_journal
from genrelab.sources.scrape.parameters import GENRE_ORIGINS, SPOTIFY, TITLES
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

SAMPLE = "sample"
MEASURES = (*AUDIO_FEATURES, "popularity")
LARGEST = 2**53
"""JSON numbers have no limit; integers up to this one are exact as floats."""


def read_scraped(folder: Path) -> Ingested:
    """Return everything that was scraped into a folder so far, as rows of `spotify_tracks`.

    Args:
        folder: Folder of the journal.

    Raises:
        SourceError: Nothing was scraped into the folder, or its journal is damaged.
    """
    newest = _newest(folder)
    run, artists, tracks, features = newest.run, newest.artists, newest.tracks, newest.features
    if run is None:
        raise SourceError(
            f"{folder} contains no scraped data",
            found=f"no {NAME}",
            allowed="the folder of an earlier scrape",
            do="run `genrelab scrape` first",
        )
    order = tuple(run.get("genres", GENRE_ORIGINS))
    genres = {name: found for name in artists if (found := _known(newest.genres.get(name, {}), order))}
    rows: list[Record] = []
    rejects: list[Reject] = []
    empty = 0
    chosen = {name: tracks.get(name, [])[: run["tracks_per_artist"]] for name in artists}
    main = {track["id"] for wanted in chosen.values() for track in wanted if not track["guest"]}
    for artist_id, artist in artists.items():
        empty += not chosen[artist_id]
        for rank, track in _each_once(chosen[artist_id], main):
            row = _row(
                artist,
                genres.get(artist_id),
                track,
                features.get(track["id"], {}),
                rank,
                is_sample=run["is_sample"],
            )
            problems = dict(_problems(row))
            if problems:
                rejects.append(Reject(row["source"], rank, tuple(problems), tuple(problems.values()), row))
            else:
                rows.append(row)
    path = folder / NAME
    notes = [f"{empty:,} artists without tracks"] if empty else []
    lacking = sum(row["features_source"] is None for row in rows)
    notes += [f"{lacking:,} tracks without audio features so far"] if lacking else []
    shown = [name for name in artists if chosen[name]]
    notes += _who_named({name: genres[name] for name in shown if name in genres}, len(shown))
    return Ingested(
        data=pa.Table.from_pylist(rows, schema=SPOTIFY_TRACKS.schema),
        rejected=rejects_table(rejects),
        read=len(rows) + len(rejects),
        notes=tuple(notes),
        caveats=tuple(_caveats(shown, genres, newest, order)),
        sources=({"name": NAME, "bytes": path.stat().st_size, "sha256": hash_file(path)},),
    )


def _each_once(tracks: list[Record], main: set[str]) -> list[tuple[int, Record]]:
    """Return ranked tracks without those that belong to their main artist, unless none would be left."""
    ranked = list(enumerate(tracks, start=1))
    kept = [(rank, track) for rank, track in ranked if not (track["guest"] and track["id"] in main)]
    return kept or ranked[:1]


@dataclass(frozen=True)
class Genres:
    """Genres of an artist from one service.

    Args:
        origin: The service.
        names: The genres.
        at: When the service named them.
    """

    origin: str
    names: list[Any]
    at: str


@dataclass
class Newest:
    """The newest records of a journal.

    Args:
        run: Parameters of the last run.
        artists: By id.
        tracks: Of each artist.
        features: By track.
        genres: Of each artist, by service, the newest list that was not empty.
        asked: When each artist's genres were last asked for, by service.
        popularity: The newest popularity of each track, and when it was fetched.
    """

    run: Record | None = None
    artists: dict[str, Record] = field(default_factory=dict)
    tracks: dict[str, list[Record]] = field(default_factory=dict)
    features: dict[str, Record] = field(default_factory=dict)
    genres: dict[str, dict[str, Genres]] = field(default_factory=lambda: defaultdict(dict))
    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    popularity: dict[str, tuple[Any, str]] = field(default_factory=dict)

    def with_popularity(self, track: Record, at: str) -> Record:
        """Return the track with its last known popularity, and the time of that value."""
        if track.get("popularity") is not None:
            self.popularity[track["id"]] = track["popularity"], at
        elif track["id"] in self.popularity:
            value, since = self.popularity[track["id"]]
            return {**track, "popularity": value, "popularity_since": since}
        return track

    def name_genres(self, origin: str, record: Record) -> None:
        """Record a service's genres of an artist; an empty list keeps the earlier genres."""
        self.asked[record["id"], origin] = record["at"]
        if record["genres"]:
            self.genres[record["id"]][origin] = Genres(origin, record["genres"], record["at"])


def _newest(folder: Path) -> Newest:
    newest = Newest()
    for record in read_journal(folder):
        match record["kind"]:
            case "run":
                newest.run = record
            case "artist":
                newest.artists.pop(record["id"], None)
                newest.artists[record["id"]] = record
                newest.name_genres(SPOTIFY, record)
            case "genres":
                newest.name_genres(record["origin"], record)
            case "tracks":
                newest.tracks[record["id"]] = [
                    newest.with_popularity(each, record["at"]) for each in record["tracks"]
                ]
            case "features":
                newest.features[record["id"]] = record
    return newest


def _known(by_origin: Mapping[str, Genres], order: Sequence[str]) -> Genres | None:
    """Return the genres of the first service in the order that named any."""
    return next((by_origin[origin] for origin in order if origin in by_origin), None)


def _who_named(genres: Mapping[str, Genres], total: int) -> list[str]:
    """Return how many artists have genres from each service, if Spotify is not the only one."""
    counts = Counter(found.origin for found in genres.values())
    if set(counts) <= {SPOTIFY}:
        return []
    named = ", ".join(f"{counts[origin]:,} from {TITLES[origin]}" for origin in TITLES if counts[origin])
    return [f"genres of {len(genres):,} of {total:,} artists: {named}"]


def _caveats(
    artists: Sequence[str], genres: Mapping[str, Genres], newest: Newest, order: Sequence[str]
) -> Iterator[str]:
    """Yield caveats about genres and popularities that are old or missing."""
    kept: dict[str, list[str]] = defaultdict(list)
    for name in artists:
        found = genres.get(name)
        if found and found.at != newest.asked[name, found.origin]:
            kept[found.origin].append(name)
    for origin, names in kept.items():
        since = _days(genres[name].at for name in names)
        asked = _days(newest.asked[name, origin] for name in names)
        yield f"{len(names):,} artists: genres of {since} kept, because {TITLES[origin]} named none on {asked}"
    count = newest.run["tracks_per_artist"] if newest.run else 0
    shown = {track["id"]: track for name in artists for track in newest.tracks[name][:count]}
    old = [track["popularity_since"] for track in shown.values() if "popularity_since" in track]
    if old:
        yield f"{len(old):,} tracks: popularity of {_days(old)} kept, because Spotify has given none since"
    if artists and not genres.keys() & set(artists):
        asked = ", ".join(TITLES[origin] for origin in order) or "no service"
        yield f"none of {len(artists):,} artists has a genre; services asked (scrape.genres): {asked}"


def _days(moments: Iterable[str]) -> str:
    """Return the day of these times, or the first and the last day."""
    days = sorted({moment[:10] for moment in moments})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _row(
    artist: Record,
    genres: Genres | None,
    track: Record,
    features: Record,
    rank: int,
    *,
    is_sample: bool,
) -> Record:
    values = features.get("values", {})
    origin = features.get("origin")
    return {
        "source": f"spotify:artist:{artist['id']}",
        "source_row": rank,
        "artist_id": artist["id"],
        "artist_name": _whole_text(artist["name"]),
        "track_id": track["id"],
        "track_name": _whole_text(track["name"]),
        "genres": [_whole_text(genre) for genre in genres.names] if genres else [],
        "genres_source": (SAMPLE if is_sample else genres.origin) if genres else None,
        "genres_fetched_at": datetime.fromisoformat(genres.at) if genres else None,
        **{name: _whole(name, values.get(name)) for name in AUDIO_FEATURES},
        "popularity": track.get("popularity"),
        "features_source": SAMPLE if origin and is_sample else origin,
        "features_fetched_at": datetime.fromisoformat(features["at"]) if origin else None,
        "fetched_at": datetime.fromisoformat(artist["at"]),
    }


def _whole_text(value: Any) -> Any:
    return whole_characters(value) if isinstance(value, str) else value


def _whole(name: str, value: Any) -> Any:
    """Return 5 for `5.0` in an integer column: JSON has only one number type."""
    is_whole = pa.types.is_integer(SPOTIFY_TRACKS[name].type)
    return int(value) if is_whole and isinstance(value, float) and value.is_integer() else value


def _problems(row: Record) -> Iterator[tuple[str, str]]:
    """Yield the rule and the reason of every value that is not of the declared type."""
    for name in MEASURES:
        value = row[name]
        if value is None:
            continue
        is_whole = pa.types.is_integer(SPOTIFY_TRACKS[name].type)
        rule = f"{name}: a whole number" if is_whole else f"{name}: a number"
        is_number = isinstance(value, int if is_whole else (int, float)) and not isinstance(value, bool)
        if not is_number or not abs(value) <= LARGEST:  # infinite, NaN, or too large
            yield rule, f"{rule}; found {value!r}"
    for name in ("artist_name", "track_name"):
        if not isinstance(row[name], str):
            yield f"{name}: text", f"{name}: text; found {row[name]!r}"
