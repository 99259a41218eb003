"""Tracks with a place, a sound and a genre.

Conventions: the place of a track is that of its artist. The country and the continent come from the table `fma_places`
where it exists. The sound is Echo Nest's where enough artists have it, else librosa's means over a clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genrelab.analyses.inputs import Inputs
from genrelab.models.tasks import LIBROSA_FEATURES
from genrelab.tables.fma import ECHONEST_AUDIO

TABLE, PLACES = "fma_tracks", "fma_places"
COORDINATES = ("artist_latitude", "artist_longitude")
NAMED = ("country", "continent")
FEWEST_ARTISTS = 3
"""Artists with a place that a genre needs: with fewer, no fold has one to learn from and one to judge by."""
FEWEST_IN_ALL = 10
"""Artists that the comparison needs."""

SOUNDS = (
    ("Echo Nest's audio features", "fma_echonest", ECHONEST_AUDIO),
    (
        "the means of librosa's features",
        "fma_features",
        tuple(name for name in LIBROSA_FEATURES if "_mean_" in name),
    ),
)


@dataclass(frozen=True)
class Placed:
    """Tracks with coordinates.

    Args:
        read: Tracks of the table.
        off_globe: Tracks with impossible coordinates, which count as having none.
        frame: `track_id`, `artist_id`, `genre_top`, `COORDINATES`, and `NAMED` if `has_names`.
        has_names: Whether a table says country and continent.
    """

    read: int
    off_globe: int
    frame: pd.DataFrame
    has_names: bool


def read_placed(inputs: Inputs) -> Placed:
    """Return the tracks with coordinates."""
    columns = ["source", "source_row", "track_id", "artist_id", "genre_top", *COORDINATES]
    frame = inputs.read(TABLE, columns, is_ordered=True).to_pandas()
    latitude, longitude = (frame[name] for name in COORDINATES)
    stated = latitude.notna() & longitude.notna()
    on_globe = latitude.between(-90, 90) & longitude.between(-180, 180)
    placed = frame[stated & on_globe].reset_index(drop=True)
    version = inputs.find(PLACES)
    if version is not None:
        names = inputs.read(PLACES, ["artist_id", *NAMED]).to_pandas()
        placed = placed.merge(names, on="artist_id", how="left", validate="many_to_one")
    return Placed(len(frame), int((stated & ~on_globe).sum()), placed, version is not None)


def with_sound(inputs: Inputs, placed: pd.DataFrame) -> tuple[pd.DataFrame, str, list[str]]:
    """Return the tracks with a genre and a sound, the name of the sound, and its columns.

    The first sound that enough artists have is taken; the last one if none is.
    """
    labelled = placed[placed["genre_top"].notna()]
    best = labelled.iloc[:0], "no audio features", list[str]()
    for name, table, wanted in SOUNDS:
        if inputs.find(table) is None:
            continue
        data = inputs.read(table, ["track_id", *wanted])
        columns = [column for column in wanted if data[column].null_count < len(data)]
        sound = data.select(["track_id", *columns]).to_pandas().dropna()
        best = labelled.merge(sound, on="track_id", how="inner", validate="one_to_one"), name, columns
        if best[0]["artist_id"].nunique() >= FEWEST_IN_ALL:
            break
    return best


def with_frequent_genres(tracks: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the tracks of genres with at least `FEWEST_ARTISTS` artists, and the names of the other genres."""
    artists = tracks.groupby("genre_top")["artist_id"].nunique()
    small: Sequence[str] = artists.index[artists < FEWEST_ARTISTS].tolist()
    return tracks[~tracks["genre_top"].isin(small)].reset_index(drop=True), tuple(small)
