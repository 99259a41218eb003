"""Small FMA archives in the official layout: the tests break them one mutation at a time."""

import hashlib
import zipfile
from pathlib import Path

from genrelab.lake.schema import Table
from genrelab.sources.fma.ids import known_ids
from genrelab.sources.fma.layout import csv_bytes, official_columns, official_header
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, FMA_TRACKS

IDS = known_ids().tolist()
"""FMA's own track ids: 2, 3, 5, 10, 20, ..."""

GENRES = b"genre_id,#tracks,parent,title,top_level\n12,5,0,Rock,12\n25,2,12,Punk,12\n17,1,0,Folk,17\n"

TRACK = {
    "artist_id": 7,
    "artist_name": "Ada",
    "split": "training",
    "subset": "small",
    "genre_top": "Rock",
    "genres": "[25]",
    "genres_all": "[25, 12]",
    "track_duration": 100,
    "track_title": "Home",
}


def tracks_csv(*changes: dict[str, object], count: int = 5) -> bytes:
    """tracks.csv with `count` legal tracks, the first of `IDS`; `changes` are merged into the first ones."""
    rows = [{**TRACK, "track_id": IDS[number]} for number in range(count)]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    return _csv(FMA_TRACKS, rows)


def echonest_csv(*changes: dict[str, object], count: int = 5) -> bytes:
    """echonest.csv with `count` legal tracks."""
    rows = [{"track_id": IDS[n], "energy": 0.5, "tempo": 120.0, "artist_name": "Ada"} for n in range(count)]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    return _csv(FMA_ECHONEST, rows)


def features_csv(*changes: dict[str, object], count: int = 5) -> bytes:
    """features.csv with `count` legal tracks and every value present."""
    names = [column.name for column in official_columns(FMA_FEATURES)]
    rows = [
        {"track_id": IDS[n], **{name: round(place / 7 - n, 6) for place, name in enumerate(names)}}
        for n in range(count)
    ]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    return _csv(FMA_FEATURES, rows)


def _csv(table: Table, rows: list[dict[str, object]]) -> bytes:
    names = [column.name for column in official_columns(table)]
    return official_header(table) + csv_bytes(
        [[row["track_id"], *(row.get(n) for n in names)] for row in rows]
    )


def official_files() -> dict[str, bytes]:
    """A whole archive: four tables and their checksums."""
    files = {
        "tracks.csv": tracks_csv(),
        "genres.csv": GENRES,
        "echonest.csv": echonest_csv(),
        "features.csv": features_csv(),
    }
    return {**files, "checksums": checksums(files)}


def checksums(files: dict[str, bytes]) -> bytes:
    """The `checksums` member of these files."""
    lines = [
        f"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}  {name}\n" for name, data in files.items()
    ]
    return "".join(lines).encode()


def folder_of(path: Path, **files: bytes) -> Path:
    """Write files into a folder; `tracks_csv=` becomes tracks.csv."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in {"tracks_csv": tracks_csv(), **files}.items():
        (path / name.replace("_csv", ".csv")).write_bytes(data)
    return path


def zip_of(
    path: Path, files: dict[str, bytes], top: str = "fma_metadata/", method: int = zipfile.ZIP_DEFLATED
) -> Path:
    """Write files into a zip."""
    with zipfile.ZipFile(path, "w", method) as target:
        for name, data in files.items():
            target.writestr(f"{top}{name}", data)
    return path
