"""Tracks that stand in several rows of a file: once for each of their genres, or once for each export.

Conventions
    - Which of the two it is, if any, is declared by the layout (`genrelab.spotify.layouts.Repeats`). Rows of earlier
      pulls are left as they are: a track that was pulled for two artists counts twice.
    - Rows of one track and one artist take the values of the newest among them: the one added last, and of those added
      at once the last in the order of the files. Its popularity stays. A track once per genre takes all its genres.
    - No row is removed here. Afterwards the rows are equal, so `exact_duplicates` finds them, and the counts add up.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.spotify.layouts import Repeats
from genrelab.spotify.parsing import DATE, FileRead

KEPT = ("source", "source_row")


def merge_repeats(reads: Sequence[FileRead]) -> tuple[list[pa.Table], dict[str, int]]:
    """Rows of every file, with equal values where they are of one track.

    Args:
        reads: The files, in order.

    Returns:
        Their tables in the same order, and for each title of a layout how many rows repeat another one in it that
        they differed from.
    """
    tables = [read.table for read in reads]
    merged: dict[str, int] = {}
    for layout in {read.found.layout.name: read.found.layout for read in reads}.values():
        if layout.repeats == Repeats.ROWS:
            continue
        of_layout = [index for index, read in enumerate(reads) if read.found.layout.name == layout.name]
        joined = pa.concat_tables([tables[index] for index in of_layout])
        added_at = pa.chunked_array(
            [chunk for index in of_layout for chunk in reads[index].added_at.chunks], pa.string()
        )
        equal, changed = _merged(joined, added_at, is_by_genre=layout.repeats == Repeats.GENRES)
        merged |= {layout.title: changed} if changed else {}
        start = 0
        for index in of_layout:
            tables[index] = equal.slice(start, len(tables[index]))
            start += len(tables[index])
    return tables, merged


def _merged(table: pa.Table, added_at: Any, *, is_by_genre: bool) -> tuple[pa.Table, int]:
    """The table with the values of the newest row of each track, and how many rows that changed."""
    keys = pd.MultiIndex.from_arrays([table["track_id"].to_pandas(), table["artist_id"].to_pandas()])
    codes, tracks = pd.factorize(keys)
    if len(tracks) == len(table):
        return table, 0
    newest = _newest(codes, added_at)
    values = table.drop_columns(list(KEPT)).take(pa.array(newest[codes]))
    if is_by_genre:
        genres, sources = _all_genres(table, codes)
        values = values.set_column(
            values.schema.get_field_index("genres"), values.schema.field("genres"), genres
        )
        place = values.schema.get_field_index("genres_source")
        values = values.set_column(place, values.schema.field("genres_source"), sources)
    merged = pa.table({name: table[name] if name in KEPT else values[name] for name in table.column_names})
    merged = merged.cast(table.schema)
    counts = np.bincount(codes)
    differing = _differing(table, codes)
    return merged, int((counts[differing] - 1).sum())


def _newest(codes: npt.NDArray[np.int64], added_at: Any) -> npt.NDArray[np.int64]:
    """Position of the newest row of each track."""
    is_date = pc.match_substring_regex(added_at, DATE)
    dates = pc.if_else(is_date, pc.utf8_trim_whitespace(added_at), "").to_numpy(zero_copy_only=False)
    rank = pd.factorize(pd.Series(dates, dtype=object), sort=True)[0]
    order = np.lexsort((np.arange(len(codes)), rank))
    newest = np.empty(codes.max() + 1, dtype=np.int64)
    newest[codes[order]] = order
    return newest


def _all_genres(table: pa.Table, codes: npt.NDArray[np.int64]) -> tuple[Any, Any]:
    """All genres of each row's track, in the order in which they came, and who named them."""
    lists = table["genres"].combine_chunks()
    frame = pd.DataFrame(
        {
            "code": codes[np.asarray(pc.list_parent_indices(lists))],
            "genre": pc.list_flatten(lists).to_numpy(zero_copy_only=False),
        }
    ).drop_duplicates()
    of_track = frame.groupby("code", sort=False)["genre"].agg(list)
    every = of_track.reindex(np.arange(codes.max() + 1))
    lists_of = pa.array([value if isinstance(value, list) else [] for value in every], pa.list_(pa.string()))
    genres = lists_of.take(pa.array(codes))
    has_any = pc.greater(pc.list_value_length(genres), 0)
    return genres, pc.if_else(has_any, "pulls", pa.scalar(None, pa.string()))


def _differing(table: pa.Table, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which tracks have rows that differ in more than their place."""
    lists = table["genres"].combine_chunks()
    values = {
        name: table[name].to_pandas()
        for name in table.column_names
        if name not in (*KEPT, "genres") and not pa.types.is_timestamp(table.schema.field(name).type)
    }
    values["genres"] = pc.binary_join(lists, "\x1f").to_pandas()
    frame = pd.DataFrame(values)
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    first = np.zeros(codes.max() + 1, dtype=hashes.dtype)
    first[codes[::-1]] = hashes[::-1]
    differs = np.zeros(codes.max() + 1, dtype=bool)
    differs[codes[hashes != first[codes]]] = True
    return differs
