"""Made-up rows of spotify_tracks: shared artists, repeated ids and features, missing features."""

import numpy as np
import pyarrow as pa

from genrelab.evaluation.groups import VARIOUS_ARTISTS
from genrelab.tables.spotify import AUDIO_COLUMNS, AUDIO_FEATURES, SPOTIFY_TRACKS

GENRES = ("dance pop", "Pop Rap", "art rock", "delta blues", "norteño", "lo-fi", "케이팝", "no such genre")


def made_tracks(rows: int, first: int = 0, seed: int = 24) -> pa.Table:
    """Rows of spotify_tracks, from record number `first` + 1 on; four tracks of an artist, in the mean.

    Args:
        rows: How many.
        first: Number of the first one; other numbers have other ids.
        seed: Of the random numbers.
    """
    draw = np.random.default_rng([seed, first])
    numbers = np.arange(first, first + rows)
    artists = first // 4 + draw.integers(0, max(rows // 4, 1), rows)
    ids = [f"{artist:022d}" if artist % 50 else VARIOUS_ARTISTS for artist in artists.tolist()]
    columns: dict[str, object] = {
        "source": ["made.csv"] * rows,
        "source_row": numbers + 1,
        "artist_id": ids,
        "artist_name": [
            f"Artist {artist} {number % 2}" for artist, number in zip(artists, numbers, strict=True)
        ],
        "track_id": [f"{number - (number % 20 == 19):022d}" for number in numbers.tolist()],
        "track_name": [
            f"Song of Artist {artist} {number % 2}" if number % 9 == 0 else f"Song {number}"
            for artist, number in zip(artists, numbers, strict=True)
        ],
        "genres": [
            [GENRES[place] for place in draw.choice(len(GENRES), draw.integers(0, 4), replace=False)]
            for _ in range(rows)
        ],
        "genres_source": ["pulls"] * rows,
        "features_source": ["pulls"] * rows,
        "popularity": draw.integers(0, 101, rows),
    }
    for column in AUDIO_COLUMNS:
        low, high = (0, 1) if column.choices else (column.low, column.high)
        values = draw.uniform(low, high, rows)
        values[1::30] = values[::30][: len(values[1::30])]  # the features of another track
        is_missing = (numbers % 31 == 0) & (column.name == "time_signature")
        columns[column.name] = pa.array(values.round(6), mask=is_missing).cast(column.type, safe=False)
    missing = {
        name: pa.nulls(rows, SPOTIFY_TRACKS[name].type)
        for name in SPOTIFY_TRACKS.names
        if name not in columns
    }
    return pa.table({**columns, **missing}).select(SPOTIFY_TRACKS.names).cast(SPOTIFY_TRACKS.schema)


def as_pull(tracks: pa.Table) -> pa.Table:
    """The rows with the columns of an earlier pull, as they stand in its CSV file."""
    columns = {"artist_uri": tracks["artist_id"], "genre": list(map(str, tracks["genres"].to_pylist()))}
    return pa.table(
        columns | {name: tracks[name] for name in ("artist_name", "track_id", "track_name", *AUDIO_FEATURES)}
    )
