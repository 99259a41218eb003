"""From the journal to rows of `spotify_tracks`.

Conventions: a row is a track of an artist; its source is the artist's URI, its number the rank of the track
among those of the artist, so a row has the same name however often and in which order things were fetched. Of
each artist and track the newest record counts. A track of several artists stands under its main one; under a
guest only where that artist is not scraped, or where the guest has nothing else. A row whose values cannot be
read is rejected, never mended.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from genrelab.errors import SourceError
from genrelab.files import hash_file, whole_characters
from genrelab.ingested import Ingested, Reject, rejects_table
from genrelab.scrape.journal import NAME, Record, read_journal
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

SAMPLE = "sample"
MEASURES = (*AUDIO_FEATURES, "popularity")
LARGEST = 2**53
"""JSON numbers have no limit; up to here whole ones are exact in a float."""


def read_scraped(folder: Path) -> Ingested:
    """Everything that was scraped into a folder so far, as rows of `spotify_tracks`.

    Args:
        folder: Of the journal.

    Raises:
        SourceError: Nothing was scraped into the folder, or its journal is damaged.
    """
    artists, tracks, features = _newest(folder)
    run = artists.pop("", None)
    if run is None:
        raise SourceError(
            f"{folder} holds nothing that was scraped",
            found=f"no {NAME}",
            allowed="the folder of an earlier scrape",
            do="run `genrelab scrape` first",
        )
    rows: list[Record] = []
    rejects: list[Reject] = []
    empty = 0
    chosen = {name: tracks.get(name, [])[: run["tracks_per_artist"]] for name in artists}
    main = {track["id"] for wanted in chosen.values() for track in wanted if not track["guest"]}
    for artist_id, artist in artists.items():
        empty += not chosen[artist_id]
        for rank, track in _each_once(chosen[artist_id], main):
            row = _row(artist, track, features.get(track["id"], {}), rank, is_sample=run["is_sample"])
            problems = dict(_problems(row))
            if problems:
                rejects.append(Reject(row["source"], rank, tuple(problems), tuple(problems.values()), row))
            else:
                rows.append(row)
    path = folder / NAME
    notes = [f"{empty:,} artists without tracks"] if empty else []
    lacking = sum(row["features_source"] is None for row in rows)
    notes += [f"{lacking:,} tracks without audio features so far"] if lacking else []
    return Ingested(
        data=pa.Table.from_pylist(rows, schema=SPOTIFY_TRACKS.schema),
        rejected=rejects_table(rejects),
        read=len(rows) + len(rejects),
        notes=tuple(notes),
        sources=({"name": NAME, "bytes": path.stat().st_size, "sha256": hash_file(path)},),
    )


def _each_once(tracks: list[Record], main: set[str]) -> list[tuple[int, Record]]:
    """Ranked tracks without those that stand under their main artist, unless nothing would be left."""
    ranked = list(enumerate(tracks, start=1))
    kept = [(rank, track) for rank, track in ranked if not (track["guest"] and track["id"] in main)]
    return kept or ranked[:1]


def _newest(folder: Path) -> tuple[dict[str, Record], dict[str, list[Record]], dict[str, Record]]:
    """The newest records: artists by id (the run itself under no id), their tracks, and features by track."""
    artists: dict[str, Record] = {}
    tracks: dict[str, list[Record]] = {}
    features: dict[str, Record] = {}
    for record in read_journal(folder):
        match record["kind"]:
            case "run":
                artists[""] = record
            case "artist":
                artists.pop(record["id"], None)
                artists[record["id"]] = record
            case "tracks":
                tracks[record["id"]] = record["tracks"]
            case "features":
                features[record["id"]] = {"origin": record["origin"], "values": record["values"]}
    return artists, tracks, features


def _row(artist: Record, track: Record, features: Record, rank: int, *, is_sample: bool) -> Record:
    values = features.get("values", {})
    origin = features.get("origin")
    return {
        "source": f"spotify:artist:{artist['id']}",
        "source_row": rank,
        "artist_id": artist["id"],
        "artist_name": _whole_text(artist["name"]),
        "track_id": track["id"],
        "track_name": _whole_text(track["name"]),
        "genres": [_whole_text(genre) for genre in artist["genres"] or []],
        "genres_source": (SAMPLE if is_sample else "spotify") if artist["genres"] else None,
        "genres_fetched_at": datetime.fromisoformat(artist["at"]) if artist["genres"] else None,
        **{name: _whole(name, values.get(name)) for name in AUDIO_FEATURES},
        "popularity": track.get("popularity"),
        "features_source": SAMPLE if origin and is_sample else origin,
        "fetched_at": datetime.fromisoformat(artist["at"]),
    }


def _whole_text(value: Any) -> Any:
    return whole_characters(value) if isinstance(value, str) else value


def _whole(name: str, value: Any) -> Any:
    """`5.0` for a whole number is 5: JSON knows one kind of number."""
    is_whole = pa.types.is_integer(SPOTIFY_TRACKS[name].type)
    return int(value) if is_whole and isinstance(value, float) and value.is_integer() else value


def _problems(row: Record) -> Iterator[tuple[str, str]]:
    """Values that are not of the declared type: the rule they break, and the same in words."""
    for name in MEASURES:
        value = row[name]
        if value is None:
            continue
        is_whole = pa.types.is_integer(SPOTIFY_TRACKS[name].type)
        rule = f"{name}: a whole number" if is_whole else f"{name}: a number"
        is_number = isinstance(value, int if is_whole else (int, float)) and not isinstance(value, bool)
        if not is_number or not abs(value) <= LARGEST:  # infinite, no number at all, or without end
            yield rule, f"{rule}; found {value!r}"
    for name in ("artist_name", "track_name"):
        if not isinstance(row[name], str):
            yield f"{name}: text", f"{name}: text; found {row[name]!r}"
