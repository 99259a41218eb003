"""Synthetic files in the layouts of the real ones, made by the project's own samples."""

import csv
from pathlib import Path

from genrelab.sources.fma import write_sample as write_fma
from genrelab.sources.origin.reader import write_sample as write_origin
from genrelab.sources.sample import catalogue
from genrelab.tables.spotify import AUDIO_FEATURES

SEED = 7
PULLS = 4
PULL_COLUMNS = {
    "artist_name": "artist_name",
    "artist_uri": "artist_id",
    "genre": "genres",
    "track_id": "track_id",
    "track_name": "track_name",
    "popularity": "popularity",
}
"""Columns of a pull by the columns of spotify_tracks; those of audio features have one name in both."""


def write_files(folder: Path) -> Path:
    """Write `spotify/pulls`, `fma_metadata` and `origin`, as the folder of real files has them."""
    rows = catalogue(300, SEED).table(tracks_per_artist=2).to_pylist()
    rows = [row for row in rows if row["energy"] is not None]
    columns = PULL_COLUMNS | {name: name for name in AUDIO_FEATURES}
    pulls = folder / "spotify" / "pulls"
    pulls.mkdir(parents=True)
    for number in range(PULLS):
        with (pulls / f"info_{number + 1}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["", *columns])
            writer.writeheader()
            for at, row in enumerate(rows[number::PULLS]):
                writer.writerow({"": at} | {name: row[column] for name, column in columns.items()})
    write_fma(folder / "fma_metadata", seed=SEED)
    (folder / "origin").mkdir()
    write_origin(folder / "origin" / "default_features_1059_tracks.txt", SEED, tracks=1059)
    return folder
