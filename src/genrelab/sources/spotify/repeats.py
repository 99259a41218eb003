"""Tracks that stand in several rows of a file: once for each of their genres, or once for each export.

Conventions
    - Which of the two it is, if any, is declared by the layout (`genrelab.sources.spotify.layouts.Repeats`). Rows of
      earlier pulls are left as they are: a track that was pulled for two artists counts twice.
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

from genrelab.sources.codes import pair_codes, value_codes
from genrelab.sources.spotify.layouts import Repeats
from genrelab.sources.spotify.parsing import DATE, FileRead
from genrelab.tables.spotify import SPOTIFY_TRACKS

KEPT = ("source", "source_row")


def merge_repeats(reads: Sequence[FileRead]) -> tuple[list[pa.Table], dict[str, int]]:
    """Rows of every file, with equal values where they are of one track.

    Args:
        reads: The files, in order; their tables are taken from them, since no memory holds both.

    Returns:
        Their tables in the same order, and for each title of a layout how many rows repeat another one in it that
        they differed from.
    """
    tables = [read.table for read in reads]
    for read in reads:
        read.table = SPOTIFY_TRACKS.schema.empty_table()
    merged: dict[str, int] = {}
    for layout in {read.found.layout.name: read.found.layout for read in reads}.values():
        if layout.repeats == Repeats.ROWS:
            continue
        of_layout = [index for index, read in enumerate(reads) if read.found.layout.name == layout.name]
        rows = [len(tables[index]) for index in of_layout]
        columns = _joined([tables.pop(index) for index in reversed(of_layout)][::-1])
        added_at = pa.chunked_array(
            [chunk for index in of_layout for chunk in reads[index].added_at.chunks], pa.string()
        )
        changed = _merge(columns, added_at, is_by_genre=layout.repeats == Repeats.GENRES)
        merged |= {layout.title: changed} if changed else {}
        equal, start = pa.table(columns, schema=SPOTIFY_TRACKS.schema), 0
        for index, count in zip(of_layout, rows, strict=True):
            tables.insert(index, equal.slice(start, count))
            start += count
    return tables, merged


def _joined(tables: Sequence[pa.Table]) -> dict[str, Any]:
    joined = pa.concat_tables([table.select(table.column_names) for table in tables])
    return {name: joined[name] for name in joined.column_names}


def _merge(columns: dict[str, Any], added_at: Any, *, is_by_genre: bool) -> int:
    """Give each row the values of the newest row of its track, column by column; how many rows differed from it."""
    tracks = pair_codes(value_codes(columns["track_id"]), value_codes(columns["artist_id"]))
    rows = np.flatnonzero(np.bincount(tracks)[tracks] > 1)
    if not len(rows):
        return 0
    codes = pd.factorize(tracks[rows])[0]
    newest = _newest(codes, added_at.take(rows))[codes]
    differs = np.zeros(codes.max() + 1, dtype=bool)
    for name in [name for name in columns if name not in (*KEPT, "genres_source")]:
        if columns[name].null_count == len(columns[name]):
            continue
        before = columns[name].take(rows)
        values = value_codes(before)
        is_other = values != values[newest]
        if not is_other.any():
            continue
        differs[codes[is_other]] = True
        is_joined = is_by_genre and name == "genres"
        after = _all_genres(before, codes) if is_joined else before.take(newest)
        columns[name] = _with_rows(columns[name], rows, after)
    has_any = pc.greater(pc.list_value_length(columns["genres"]), 0)
    columns["genres_source"] = pc.if_else(has_any, "pulls", pa.scalar(None, pa.string()))
    return int((np.bincount(codes)[differs] - 1).sum())


def _with_rows(column: Any, rows: npt.NDArray[np.int64], values: Any) -> Any:
    """The column with other values in some rows."""
    places = np.arange(len(column))
    places[rows] = len(column) + np.arange(len(rows))
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    return pa.chunked_array([*column.chunks, *chunks]).take(places)


def _newest(codes: npt.NDArray[np.int64], added_at: Any) -> npt.NDArray[np.int64]:
    """Position of the newest row of each track."""
    is_date = pc.match_substring_regex(added_at, DATE)
    dates = pc.if_else(is_date, pc.utf8_trim_whitespace(added_at), "").to_numpy(zero_copy_only=False)
    rank = pd.factorize(pd.Series(dates, dtype=object), sort=True)[0]
    order = np.lexsort((np.arange(len(codes)), rank))
    newest = np.empty(codes.max() + 1, dtype=np.int64)
    newest[codes[order]] = order
    return newest


def _all_genres(genres: Any, codes: npt.NDArray[np.int64]) -> Any:
    """All genres of each row's track, in the order in which they came."""
    lists = genres.combine_chunks()
    frame = pd.DataFrame(
        {
            "code": codes[np.asarray(pc.list_parent_indices(lists))],
            "genre": pc.list_flatten(lists).to_numpy(zero_copy_only=False),
        }
    ).drop_duplicates()
    of_track = frame.groupby("code", sort=False)["genre"].agg(list)
    every = of_track.reindex(np.arange(codes.max() + 1))
    lists_of = pa.array([value if isinstance(value, list) else [] for value in every], pa.list_(pa.string()))
    return lists_of.take(pa.array(codes))
