"""A home of small published tables, for the Python interface, SQL, and the examples of docs/python.md."""

from pathlib import Path

import pyarrow as pa
from fma_files import folder_of, official_files
from frames import legal

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.tables import TABLES

TRACKS = (
    # track_name, artist_name, genres, genre_bin, energy, tempo, popularity
    ("Harbour Lights", "Ada", ["indie pop"], "pop", 0.62, 118.0, 51),
    ("Nine Trains", "Ada", ["indie pop", "art pop"], "pop", 0.55, 104.0, 44),
    ("Low Ceiling", "Bo", ["stoner rock"], "rock", 0.91, 132.0, 38),
    ("Gravel", "Bo", ["stoner rock"], "rock", 0.88, 126.0, 35),
    ("Second Shift", "Cleo", ["latin trap", "reggaeton"], "mexicano/latino", 0.74, 94.0, 63),
    ("Untitled", "Dot", ["field recording"], None, 0.12, 71.0, 2),
)
NAMES = ("track_name", "artist_name", "genres", "genre_bin", "energy", "tempo", "popularity")


def small_lake(root: Path) -> Lake:
    """Publish `spotify_binned` twice (five tracks, then six) and, as sample data, `fma_genres`."""
    lake = Lake(Home(root))
    for count in (len(TRACKS) - 1, len(TRACKS)):
        lake.publish(
            "spotify_binned", tracks(count), Counts(count + 1, count, 1), source="pulls", is_sample=False
        )
    genres = legal(TABLES["fma_genres"], 20)
    lake.publish("fma_genres", genres, Counts(20, 20), source="FMA sample", is_sample=True)
    return lake


def tracks(count: int) -> pa.Table:
    """The first rows of `TRACKS` as rows of `spotify_binned`; every other column has some legal value."""
    table = TABLES["spotify_binned"]
    rows = legal(table, count)
    for number, name in enumerate(NAMES):
        values = [track[number] for track in TRACKS[:count]]
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, pa.array(values, table[name].type))
    return rows


def small_fma(folder: Path) -> Path:
    """Write five tracks of the FMA in its own layout; the second is in the medium subset."""
    files = official_files()
    return folder_of(
        folder, **{name.replace(".csv", "_csv"): data for name, data in files.items() if name != "checksums"}
    )
