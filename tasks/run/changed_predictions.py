"""Predictions that differ between two versions of the table, found with little memory.

Conventions: keys and genres are compared by hashes (`genrelab.sources.codes`); only the rows that are named are read as
text. What is kept of a comparison, and when there is one, belongs to `tasks.run.flips`.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.run_history.changes import MOST_NAMED
from genrelab.analyses.run_history.result import Flip
from genrelab.lake.lake import Lake
from genrelab.lake.stored_rows import StoredRows
from genrelab.sources.codes import MISSING, SHARES, row_hashes, share_of
from tasks.run.flips import TABLE, Flips

KEY = ["task", "source_table", "track_id"]
NAMES = {"spotify_binned": ("track_name", "artist_name"), "fma_tracks": ("track_title", "artist_name")}
"""Columns of a track's title and artist, by table."""


def compare(lake: Lake, before: int, after: int) -> Flips:
    """Compare two versions of the predictions.

    Args:
        lake: The lake.
        before: The earlier version.
        after: The later version.

    Raises:
        GenrelabError: A version does not exist.
        OSError: Its files were removed.
    """
    earlier, later = lake.stored(TABLE, before), lake.stored(TABLE, after)
    is_changed = _changed(earlier, later)
    if not is_changed.any():
        return Flips({}, ())
    found: list[pd.DataFrame] = []
    by_task = []
    for part in filter(len, _genres(later, is_changed)):
        changed = part.to_pandas()
        by_task.append(changed.groupby("task")["probability"].agg(["size", "max"]))
        found = [_most_probable(pd.concat([*found, changed]))]
    tasks = pd.concat(by_task).groupby("task").agg({"size": "sum", "max": "max"}).reset_index()
    tasks = tasks.sort_values(["max", "task"], ascending=[False, True])
    [named] = found
    was = _of_tracks(_genres(earlier), named["track_id"]).to_pandas().drop_duplicates(KEY)
    named = named.merge(was, on=KEY, suffixes=("_after", "_before"))
    names = {
        str(table): _names(lake, str(table), rows["track_id"])
        for table, rows in named.groupby("source_table")
    }
    columns = (named[column].astype(str) for column in (*KEY, "genre_before", "genre_after"))
    return Flips(
        {str(task): int(count) for task, count in zip(tasks["task"], tasks["size"], strict=True)},
        tuple(
            Flip(task, key, *names[table].get(key, (f"track {key}", "")), old, new)
            for task, table, key, old, new in zip(*columns, strict=True)
        ),
    )


def _changed(earlier: StoredRows, later: StoredRows) -> npt.NDArray[np.bool_]:
    """Mark the rows of the later version whose genre differs: 35 bytes a row of both versions are held.

    Of rows with one key the first counts; a row without a genre has not changed.
    """
    both = (earlier, later)
    keys = [row_hashes(rows, KEY) for rows in both]
    genres = [_genre_hashes(rows) for rows in both]
    shares = [share_of(hashes) for hashes in keys]
    marked = np.zeros(len(later), dtype=bool)
    for number in range(SHARES):
        rows = [np.flatnonzero(share == number) for share in shares]
        (old_keys, old), (new_keys, new) = (
            np.unique(hashes[own], return_index=True) for hashes, own in zip(keys, rows, strict=True)
        )
        _, of_old, of_new = np.intersect1d(old_keys, new_keys, assume_unique=True, return_indices=True)
        places = rows[1][new[of_new]]
        before, after = genres[0][rows[0][old[of_old]]], genres[1][places]
        marked[places] = (before != after) & (before != MISSING) & (after != MISSING)
    return marked


def _genre_hashes(rows: StoredRows) -> npt.NDArray[np.uint64]:
    hashes = (row_hashes(part, ["genre"]) for part in _genres(rows))
    return np.concatenate([np.zeros(0, np.uint64), *hashes])


def _genres(rows: StoredRows, mask: npt.NDArray[np.bool_] | None = None) -> Iterator[pa.Table]:
    """Yield the genre of each prediction, or its genres where several are named; of the rows of a mask, if given."""
    several = [name for name in ("all_genres",) if name in rows.column_names]
    wanted = [*KEY, "genre", "probability", *several]
    for part in rows.batches(wanted) if mask is None else rows.filtered(mask, wanted):
        genres = part["genre"].combine_chunks()
        if several:
            is_named = pc.and_(genres.is_null(), part["all_genres"].is_valid().combine_chunks())
            titles = [_titles(each) for each in part["all_genres"].filter(is_named).to_pylist()]
            genres = pc.replace_with_mask(genres, is_named, pa.array(titles, genres.type))
        yield part.select(["probability", *KEY]).append_column("genre", genres)


def _titles(genres: Iterable[Mapping[str, str]]) -> str:
    """The titles of several genres, in the order of the alphabet."""
    return ", ".join(sorted(genre["genre"] for genre in genres)) or "no genre"


def _most_probable(changed: pd.DataFrame) -> pd.DataFrame:
    return changed.sort_values(["probability", *KEY], ascending=[False, True, True, True]).head(MOST_NAMED)


def _of_tracks(parts: Iterable[pa.Table], ids: Iterable[str]) -> pa.Table:
    """The rows of a few tracks."""
    wanted = pa.array(set(ids), pa.string())
    return pa.concat_tables(
        part.filter(pc.is_in(part["track_id"].cast(pa.string()), wanted)) for part in parts
    )


def _names(lake: Lake, table: str, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and artist of tracks, by id; of tracks that the newest version of their table still holds."""
    version = lake.find(table)
    columns = ["track_id", *NAMES.get(table, ())]
    if version is None or not set(columns) <= set(lake.columns(table, version.version)):
        return {}
    rows = _of_tracks(lake.stored(table).batches(columns), ids).to_pydict()
    return {
        str(key): (str(track or f"track {key}"), str(artist or ""))
        for key, track, artist in zip(*(rows[column] for column in columns), strict=True)
    }
