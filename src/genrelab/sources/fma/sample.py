"""A synthetic FMA in the official layout, for the first run of a newcomer.

Conventions: one seed gives the same bytes. An artist's tracks share a root genre and lie in one part of the
split; small is balanced over FMA's eight genres and lies within medium. Values are drawn by
`genrelab.sources.fma.sample_values` from statistics of the real archive; names are invented, and so is what artists
write of themselves (`genrelab.sources.fma.sample_texts`). Features for which there are no statistics stay empty, as
they do in partial copies of the real files.

Nobody should learn anything about real music from it: everything made from it is labelled as sample data.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genrelab.lake.schema import Table
from genrelab.runtime.files import write_atomically
from genrelab.sources.fma.layout import csv_bytes, official_columns, official_header
from genrelab.sources.fma.sample_places import draw_place
from genrelab.sources.fma.sample_texts import artist_texts
from genrelab.sources.fma.sample_values import Statistics, load_statistics
from genrelab.sources.sample.names import artist_name, track_name
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, FMA_TRACKS, SPLITS

TRACKS = 3_000
ABOVE_FMA = 1_000_000
"""Invented tracks have ids above this, which FMA's own do not reach."""
SMALL_GENRES = (
    "Electronic",
    "Experimental",
    "Folk",
    "Hip-Hop",
    "Instrumental",
    "International",
    "Pop",
    "Rock",
)
PER_SMALL_GENRE = 100
SPLIT_SHARES = (0.8, 0.1, 0.1)
MANY_ROOTS = 0.3
NO_GENRE = 0.02
IN_MEDIUM = 0.4
WITH_ECHONEST = 0.8
LONGEST_CATALOGUE = 15
LICENCES = ("Attribution", "Attribution-NonCommercial", "Attribution-NonCommercial-ShareAlike")


@dataclass(frozen=True)
class Artist:
    """One invented artist."""

    id: int
    name: str
    genre: str
    split: str


@dataclass
class Song:
    """One invented track."""

    id: int
    artist: Artist
    genres: list[int]
    genre_top: str | None
    subset: str = "large"


def write_sample(folder: Path, seed: int = 24, tracks: int = TRACKS) -> Path:
    """Write tracks.csv, genres.csv, echonest.csv, features.csv and checksums.

    Args:
        folder: Where to; made if it is not there.
        seed: Of everything random.
        tracks: How many to draw.

    Returns:
        `folder`, for `genrelab.sources.fma.open_archive`.
    """
    statistics = load_statistics()
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    songs = _songs(statistics, draw, tracks)
    small = [song for song in songs if song.subset == "small"]
    known = [song for song in songs if draw.random() < WITH_ECHONEST]
    echonest = statistics.draw("echonest", _genres(known), _artists(known), seed)
    features = statistics.draw("features", _genres(small), _artists(small), seed + 1)
    files = {
        "genres.csv": _genre_rows(statistics, songs),
        "tracks.csv": official_header(FMA_TRACKS) + csv_bytes(_track_rows(songs, statistics, draw, seed)),
        "echonest.csv": official_header(FMA_ECHONEST) + csv_bytes(_value_rows(FMA_ECHONEST, known, echonest)),
        "features.csv": official_header(FMA_FEATURES) + csv_bytes(_value_rows(FMA_FEATURES, small, features)),
    }
    stated = "".join(
        f"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}  {name}\n" for name, data in files.items()
    )
    for name, data in {**files, "checksums": stated.encode()}.items():
        write_atomically(folder / name, data)
    return folder


def _songs(statistics: Statistics, draw: random.Random, tracks: int) -> list[Song]:
    roots = sorted(statistics.roots)
    songs: list[Song] = []
    track = ABOVE_FMA
    for number, (genre, split, count) in enumerate(_catalogues(statistics, draw, tracks), start=1):
        artist = Artist(number, artist_name(draw), genre, split)
        for _ in range(count):
            track += draw.randint(1, 3)
            songs.append(_song(track, artist, statistics, draw, roots))
    _choose_subsets(songs, draw)
    return songs


def _catalogues(statistics: Statistics, draw: random.Random, tracks: int) -> list[tuple[str, str, int]]:
    """Root genre, part of the split and number of tracks of each artist, in no order.

    Small genres are drawn more often than they occur, so that a model meets each of them.
    """
    weights = {genre: count**0.5 for genre, count in statistics.tracks.items()}
    found = []
    for genre in sorted(weights):
        quota = max(1, round(tracks * weights[genre] / sum(weights.values())))
        filled = dict.fromkeys(SPLITS, 0)
        while quota > 0:
            count = min(quota, LONGEST_CATALOGUE, int(draw.expovariate(0.25)) + 1)
            split = min(SPLITS, key=lambda s: filled[s] / SPLIT_SHARES[SPLITS.index(s)])
            filled[split] += count
            quota -= count
            found.append((genre, split, count))
    draw.shuffle(found)
    return found


def _song(track: int, artist: Artist, statistics: Statistics, draw: random.Random, roots: list[str]) -> Song:
    chance = draw.random()
    if chance < NO_GENRE:
        return Song(track, artist, [], None)
    genres = [statistics.pick(artist.genre, draw)]
    if chance > 1 - MANY_ROOTS:
        other = draw.choice([root for root in roots if root != artist.genre])
        return Song(track, artist, [*genres, statistics.pick(other, draw)], None)
    return Song(track, artist, genres, artist.genre)


def _choose_subsets(songs: list[Song], draw: random.Random) -> None:
    for genre in SMALL_GENRES:
        of_genre = [song for song in songs if song.genre_top == genre]
        for song in draw.sample(of_genre, min(PER_SMALL_GENRE, len(of_genre))):
            song.subset = "small"
    for song in songs:
        if song.subset == "large" and song.genre_top and draw.random() < IN_MEDIUM:
            song.subset = "medium"


def _genres(songs: list[Song]) -> list[str]:
    return [song.artist.genre for song in songs]


def _artists(songs: list[Song]) -> list[int]:
    return [song.artist.id for song in songs]


def _track_rows(
    songs: list[Song], statistics: Statistics, draw: random.Random, seed: int
) -> Iterator[list[object]]:
    names = [column.name for column in official_columns(FMA_TRACKS)]
    places = random.Random(seed + 2)  # noqa: S311 - a sample, not a secret
    albums: dict[int, dict[str, object]] = {}
    texts: dict[int, dict[str, object]] = {}
    for song in songs:
        artist = song.artist
        if artist.id not in albums:
            albums[artist.id] = _artist_cells(artist, draw) | _place_cells(artist, places)
            texts[artist.id] = artist_texts(seed, artist.id, artist.name, artist.genre, albums[artist.id])
        cells = {
            **albums[artist.id],
            "split": artist.split,
            "subset": song.subset,
            "track_bit_rate": draw.choice((128_000, 192_000, 256_000, 320_000)),
            "track_comments": 0,
            "track_date_created": _date(draw, 2009, 2017),
            "track_date_recorded": _date(draw, 1962, 2016) if draw.random() < 0.05 else None,  # noqa: PLR2004
            "track_duration": statistics.measure("track_duration", draw),
            "track_favorites": statistics.measure("track_favorites", draw),
            "genre_top": song.genre_top,
            "genres": song.genres,
            "genres_all": sorted({*song.genres, *(statistics.parents[genre] for genre in song.genres)}),
            "track_interest": statistics.measure("track_interest", draw),
            "track_listens": statistics.measure("track_listens", draw),
            "track_license": draw.choice(LICENCES),
            "track_number": draw.randint(1, 12),
            "track_tags": [],
            "track_title": track_name(draw),
        }
        recorded = cells["track_date_recorded"]
        cells |= texts[artist.id]
        cells["track_date_recorded"] = recorded or cells["track_date_recorded"]
        yield [song.id, *(cells.get(name) for name in names)]


def _artist_cells(artist: Artist, draw: random.Random) -> dict[str, object]:
    """Cells that an artist's tracks share, with the line breaks, quotes, HTML and -1 of the real file."""
    known = draw.random() > 0.05  # noqa: PLR2004 - as many albums are unknown to the real FMA
    draws_more = draw.random() < 0.4  # noqa: PLR2004
    cells: dict[str, object] = {
        "album_comments": 0 if known else -1,
        "album_date_created": _date(draw, 2009, 2016) if known else None,
        "album_date_released": _date(draw, 1968, 2016) if known else None,
        "album_favorites": draw.randint(0, 9) if known else -1,
        "album_id": artist.id * 2 if known else -1,
        "album_information": f'<p>Recorded at home.</p>\n<p>Also known as "{artist.name}".</p>'
        if known
        else None,
        "album_listens": draw.randint(100, 50_000) if known else -1,
        "album_tags": [],
        "album_title": track_name(draw),
        "album_tracks": draw.randint(1, 20) if known else -1,
        "album_type": "Album" if known else None,
        "artist_comments": 0,
        "artist_date_created": _date(draw, 2008, 2016),
        "artist_favorites": draw.randint(0, 40),
        "artist_id": artist.id,
        "artist_name": artist.name,
        "artist_tags": [artist.name.lower()],
    }
    if draws_more:  # places came from here once: without these draws all later values would be others
        draw.random()
        draw.random()
    return cells


def _place_cells(artist: Artist, draw: random.Random) -> dict[str, object]:
    place = draw_place(artist.genre, draw)
    return {
        "artist_latitude": place.latitude,
        "artist_location": place.words,
        "artist_longitude": place.longitude,
    }


def _date(draw: random.Random, first: int, last: int) -> str:
    return f"{draw.randint(first, last)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d} 00:00:00"


def _value_rows(table: Table, songs: list[Song], values: dict[str, np.ndarray]) -> Iterator[list[object]]:
    names = [column.name for column in official_columns(table)]
    columns = {name: column.tolist() for name, column in values.items()}
    for row, song in enumerate(songs):
        yield [song.id, *(columns[name][row] if name in columns else None for name in names)]


def _genre_rows(statistics: Statistics, songs: list[Song]) -> bytes:
    counts: dict[int, int] = {}
    for song in songs:
        for genre in {*song.genres, *(statistics.parents[one] for one in song.genres)}:
            counts[genre] = counts.get(genre, 0) + 1
    rows: list[list[object]] = [["genre_id", "#tracks", "parent", "title", "top_level"]]
    for genre in sorted(statistics.titles):
        root = statistics.parents[genre]
        parent = 0 if root == genre else root
        rows.append([genre, counts.get(genre, 0), parent, statistics.titles[genre], root])
    return csv_bytes(rows)
