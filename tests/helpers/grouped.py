"""Artist groups and names of artist ids of rows in memory."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from genrelab.evaluation.groups import assign_groups
from genrelab.sources.spotify.searched_names import NamesOfIds
from genrelab.tables.spotify import MODEL_FEATURES

IDS = ("artist_id", "artist_name", "track_id")
ROWS = pa.schema([*((name, pa.string()) for name in IDS), *((name, pa.float64()) for name in MODEL_FEATURES)])


@dataclass(frozen=True)
class Grouped:
    """What `assign_groups` returns, in memory and not encoded."""

    groups: pa.Array
    parts: pa.Array
    known: pa.Table
    catch_alls: tuple[str, ...]
    linking: int
    new_keys: int


def grouped(rows: pa.Table | pd.DataFrame, known: pa.Table | None = None) -> Grouped:
    """The artist groups of rows."""
    if isinstance(rows, pd.DataFrame):
        rows = pa.Table.from_pandas(rows, ROWS, preserve_index=False)
    with tempfile.TemporaryDirectory() as folder:
        found = assign_groups(rows, known, Path(folder))
        return Grouped(
            found.groups.dictionary_decode().cast(pa.string()),
            found.parts.dictionary_decode(),
            found.known.select(found.known.column_names),
            found.catch_alls,
            found.linking,
            found.new_keys,
        )


def names_of_ids(rows: pa.Table) -> NamesOfIds:
    """How many names share the artist id of each row."""
    with tempfile.TemporaryDirectory() as folder:
        return NamesOfIds.of(rows, Path(folder))
