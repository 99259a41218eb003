"""A synthetic FMA archive of full size in the official layout, for speed and memory work.

    python benchmarks/fma_archive.py FOLDER [--tracks 106574] [--method deflate|bzip2]

writes FOLDER/fma_metadata/*.csv and a zip beside it. Values are random; what is kept of the real files is
what costs time: number of rows and columns, digits per feature, long HTML texts with line breaks and
quotes, lists, dates. For a sample that models can learn from see `genrelab.sources.fma.sample`.
"""

import argparse
import csv
import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from genrelab.lake.schema import Column
from genrelab.sources.fma.layout import official_columns, official_header
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, FMA_TRACKS

TRACKS, ECHONEST = 106_574, 13_129
CHUNK = 4096
DECIMALS = 14  # as many bytes per value as the official features.csv: 951 MB
METHODS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "stored": zipfile.ZIP_STORED}
WORDS = ("loop", "drum", "tape", "home", "noise", "guitar", "slow", "field", "live", "set", "winter", "folk")


def write_numbers(path: Path, head: bytes, ids: np.ndarray, columns: int, rng: np.random.Generator) -> None:
    """A file of random numbers under a header."""
    options = pacsv.WriteOptions(include_header=False)
    with path.open("wb") as file:
        file.write(head)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            values = np.round(rng.normal(0, 3, (columns, len(part))), DECIMALS)
            arrays = [pa.array(part), *(pa.array(row) for row in values)]
            names = [str(number) for number in range(columns + 1)]
            pacsv.write_csv(pa.table(arrays, names=names), file, options)


def write_tracks(path: Path, ids: np.ndarray, rng: np.random.Generator) -> None:
    """tracks.csv: 52 columns with long texts, as many bytes as the official one."""
    columns = official_columns(FMA_TRACKS)
    artists = np.sort(rng.integers(1, 24_357, len(ids)))
    texts = [
        "<p>" + " ".join(rng.choice(WORDS, int(rng.integers(20, 400)))) + '</p>\n<p class="a">"quoted"</p>'
        for _ in range(2_000)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(official_header(FMA_TRACKS).decode())
        writer = csv.writer(file, lineterminator="\n")
        for number, (track, artist) in enumerate(zip(ids.tolist(), artists.tolist(), strict=True)):
            writer.writerow([track, *(track_cell(column, number, artist, texts) for column in columns)])


def track_cell(column: Column, number: int, artist: int, texts: list[str]) -> object:
    """A legal cell of tracks.csv that looks like the real one."""
    word = WORDS[artist % len(WORDS)]
    special = {
        "artist_id": artist,
        "artist_bio": texts[artist % len(texts)],
        "album_information": texts[artist * 7 % len(texts)],
        "genre_top": ("Rock", "Folk", "")[artist % 3],
        "artist_latitude": (artist % 890) / 10,
        "artist_longitude": (artist % 890) / 10,
    }
    if column.name in special:
        return special[column.name]
    if column.choices:
        return column.choices[artist % len(column.choices)]
    if column.is_number:
        return number * 7 % 5000
    if pa.types.is_timestamp(column.type):
        return f"20{artist % 17:02d}-0{artist % 9 + 1}-1{number % 9} 01:44:45"
    if pa.types.is_list(column.type):
        return (
            f"['{word}', 'tag {artist % 500}']"
            if column.name.endswith("tags")
            else f"[{artist % 90 + 1}, 12]"
        )
    return f"{WORDS[number % len(WORDS)]} {word} {artist}"


def make(folder: Path, tracks: int = TRACKS, method: str = "deflate", seed: int = 24) -> Path:
    """Write the folder and the zip; returns the path of the zip."""
    rng = np.random.default_rng(seed)
    ids = np.sort(rng.choice(np.arange(2, int(tracks * 1.5) + 2), tracks, replace=False))
    unpacked = folder / "fma_metadata"
    unpacked.mkdir(parents=True, exist_ok=True)
    write_tracks(unpacked / "tracks.csv", ids, rng)
    features = official_columns(FMA_FEATURES)
    write_numbers(unpacked / "features.csv", official_header(FMA_FEATURES), ids, len(features), rng)
    some = ids[: max(1, tracks * ECHONEST // TRACKS)]
    write_echonest(unpacked / "echonest.csv", some, rng)
    titles = "".join(f"{number},10,0,Genre {number},{number}\n" for number in range(1, 164))
    (unpacked / "genres.csv").write_text(
        "genre_id,#tracks,parent,title,top_level\n" + titles, encoding="utf-8"
    )
    lines = [
        f"{hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.name}\n"
        for file in sorted(unpacked.glob("*.csv"))
    ]
    (unpacked / "checksums").write_text("".join(lines), encoding="utf-8")
    archive = folder / f"fma_metadata_{method}.zip"
    with zipfile.ZipFile(archive, "w", METHODS[method]) as target:
        for file in sorted(unpacked.iterdir()):
            target.write(file, f"fma_metadata/{file.name}")
    return archive


def write_echonest(path: Path, ids: np.ndarray, rng: np.random.Generator) -> None:
    """echonest.csv: numbers in the legal ranges and seven columns of text."""
    columns = official_columns(FMA_ECHONEST)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(official_header(FMA_ECHONEST).decode())
        writer = csv.writer(file, lineterminator="\n")
        for track in ids.tolist():
            values = np.round(rng.random(len(columns)), 10).tolist()
            writer.writerow(
                [
                    track,
                    *(
                        x if c.is_number else f"{c.name} {track % 97}"
                        for c, x in zip(columns, values, strict=True)
                    ),
                ]
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tracks", type=int, default=TRACKS)
    parser.add_argument("--method", choices=sorted(METHODS), default="deflate")
    options = parser.parse_args()
    print(make(options.folder, options.tracks, options.method))
