"""Small made tables for the tests of models: genres that can be told apart, with duplicates and gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from genrelab.evaluation.groups import part_of
from genrelab.tables.fma import ECHONEST_AUDIO
from genrelab.tables.spotify import MODEL_FEATURES

GENRES = ("classical", "dance", "pop", "rock")


@dataclass(frozen=True)
class Quick:
    """Training settings for tests."""

    seed: int = 24
    cores: int = 1
    budget: str = "quick"


def spotify_binned(rows: int = 400, *, duplicates: int = 40, unbinned: int = 10, gaps: int = 5) -> pa.Table:
    """Tracks of four genres whose features differ in the mean, in no particular order."""
    generator = np.random.default_rng(3)
    genre = generator.choice(len(GENRES), rows, p=[0.2, 0.2, 0.4, 0.2])
    features = genre[:, None] * 0.15 + generator.normal(0, 0.15, (rows, len(MODEL_FEATURES)))
    features[:duplicates] = features[duplicates : 2 * duplicates]
    groups = [f"artist:{number}" for number in generator.integers(rows // 3, size=rows)]
    groups[:duplicates] = groups[duplicates : 2 * duplicates]
    labels: list[str | None] = [GENRES[number] for number in genre]
    labels[rows - unbinned :] = [None] * unbinned
    table = {
        "source": ["info_10.csv" if row % 2 else "info_2.csv" for row in range(rows)],
        "source_row": list(range(1, rows + 1)),
        "artist_group": groups,
        "part": [part_of(group) for group in groups],
        "bin_classic": labels,
        "bin_reviewed": labels,
        **{name: features[:, column].tolist() for column, name in enumerate(MODEL_FEATURES)},
        "key": generator.integers(12, size=rows).tolist(),
        "popularity": generator.integers(100, size=rows).tolist(),
        "track_name": [f"{GENRES[number]} song" if row % 3 else None for row, number in enumerate(genre)],
    }
    for row in range(gaps):
        table["tempo"][rows - unbinned - 1 - row] = None  # type: ignore[index]
    order = generator.permutation(rows)
    return pa.table(table).take(order)


def lacking(
    data: pa.Table, names: str | Sequence[str], rows: slice | Sequence[int] = slice(None)
) -> pa.Table:
    """The table without some features, in some rows or in all."""
    for name in [names] if isinstance(names, str) else names:
        values = np.array(data[name].to_pylist(), dtype=object)
        values[rows] = None
        place = data.column_names.index(name)
        data = data.set_column(place, name, pa.array(values.tolist(), data[name].type))
    return data


def fma_tables(rows: int = 300) -> dict[str, pa.Table]:
    """Tracks with FMA's own split; two in three have Echo Nest features, one in ten lacks a genre."""
    generator = np.random.default_rng(4)
    genre = generator.integers(3, size=rows)
    names = ("Rock", "Electronic", "Folk")
    tracks = {
        "source": ["tracks.csv"] * rows,
        "source_row": list(range(1, rows + 1)),
        "track_id": list(range(1, rows + 1)),
        "artist_id": (generator.integers(rows // 3, size=rows) + 1).tolist(),
        "split": generator.choice(["training", "validation", "test"], rows, p=[0.6, 0.2, 0.2]).tolist(),
        "genre_top": [None if row % 10 == 0 else names[number] for row, number in enumerate(genre)],
    }
    known = [row for row in range(rows) if row % 3]
    echonest = {
        "track_id": [row + 1 for row in reversed(known)],
        **{
            name: [float(genre[row] * 0.3 + generator.normal(0, 0.2)) for row in reversed(known)]
            for name in ECHONEST_AUDIO
        },
    }
    return {"fma_tracks": pa.table(tracks), "fma_echonest": pa.table(echonest)}
