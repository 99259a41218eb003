"""Small made tables of tracks with several genres, whose features say something about each genre."""

import numpy as np
import pyarrow as pa

from genrelab.models.tasks import LIBROSA_FEATURES
from genrelab.tables.fma import ECHONEST_AUDIO

TREE = {
    12: (0, "Rock"),
    25: (12, "Punk"),
    15: (0, "Electronic"),
    181: (15, "Techno"),
    38: (0, "Experimental"),
}
"""Parent and title by id."""

UNLABELLED = 6
"""Tracks without any genre; all but the last have features."""


def genre_table(**parents: int) -> pa.Table:
    """The table `fma_genres`; `parents` changes those of some ids: `_12=25`."""
    changed = {int(name.lstrip("_")): parent for name, parent in parents.items()}
    return pa.table(
        {
            "genre_id": list(TREE),
            "parent_id": [changed.get(genre, parent) for genre, (parent, _) in TREE.items()],
            "title": [title for _, title in TREE.values()],
        }
    )


def genre_set_tables(rows: int = 360, columns: int = 59, *, artists: int = 90) -> dict[str, pa.Table]:
    """Tracks with FMA's own split by artist, librosa features of which some columns are filled, and Echo Nest's.

    The last `UNLABELLED` tracks have no genre; the very last one has no features either.
    """
    rng = np.random.default_rng(11)
    artist = rng.integers(artists, size=rows) + 1
    taste = rng.normal(size=(artists + 1, 3))[artist] + rng.normal(0, 0.4, (rows, 3))
    given = [
        [leaf for leaf, likes in zip((25, 181, 38), track > 0.4, strict=True) if likes]
        or [int([12, 15, 38][track.argmax()])]
        for track in taste
    ]
    everything = [
        sorted({one for leaf in leaves for one in (leaf, TREE[leaf][0]) if one}) for leaves in given
    ]
    for one in (given, everything):
        one[rows - UNLABELLED :] = [[] for _ in range(UNLABELLED)]
    part = np.array(["training", "training", "training", "validation", "test"])[artist % 5]
    ids = list(range(1, rows + 1))
    tracks = {
        "source": ["tracks.csv"] * rows,
        "source_row": ids,
        "track_id": ids,
        "artist_id": artist.tolist(),
        "artist_name": [f"artist {one}" for one in artist],
        "track_title": [f"track {one}" for one in ids],
        "split": part.tolist(),
        "genres": pa.array(given, pa.list_(pa.int64())),
        "genres_all": pa.array(everything, pa.list_(pa.int64())),
    }
    known = rows - 1
    mixed = taste @ rng.normal(size=(3, columns)) + rng.normal(0, 0.3, (rows, columns))
    librosa = {
        name: pa.array(mixed[:known, column], pa.float32())
        if column < columns
        else pa.nulls(known, pa.float32())
        for column, name in enumerate(LIBROSA_FEATURES)
    }
    share = 1 / (1 + np.exp(-mixed[:known]))
    echonest = {name: share[:, column % columns].tolist() for column, name in enumerate(ECHONEST_AUDIO)}
    return {
        "fma_tracks": pa.table(tracks),
        "fma_features": pa.table({"track_id": ids[:known], **librosa}),
        "fma_echonest": pa.table({"track_id": ids[:known], **echonest}),
        "fma_genres": genre_table(),
    }


def with_genres(tables: dict[str, pa.Table], changes: dict[int, list[int]]) -> dict[str, pa.Table]:
    """The tables with other genres of some tracks, by position."""
    tracks = tables["fma_tracks"]
    for name in ("genres", "genres_all"):
        values = tracks[name].to_pylist()
        for row, genres in changes.items():
            values[row] = genres
        place = tracks.column_names.index(name)
        tracks = tracks.set_column(place, name, pa.array(values, pa.list_(pa.int64())))
    return {**tables, "fma_tracks": tracks}
