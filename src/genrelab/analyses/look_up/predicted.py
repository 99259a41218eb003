"""Typical and surprising tracks of each genre: those that a champion is most certain of, read in batches.

Conventions: a list has the tracks of one task and one genre, the most certain first. Whether a track is named depends
only on those before it, so the first rows of a list are enough if they name `OF_GENRE` tracks: only these rows are
held, and more of them are read if they are not.
"""

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.look_up.result import GenreTracks, PredictedExample
from genrelab.analyses.look_up.tracks import artists_of, named
from genrelab.lake.stored_rows import Rows, batches_of

OF_GENRE = 5
"""Tracks named in each list of a genre."""
HELD = 200
"""Rows that are read of each list; ten times as many if they are not enough."""
PLACE = ("source", "source_row")
COLUMNS = ("task", "source_table", *PLACE, "track_id", "label", "genre", "probability", "was_fitted_on")
SOURCES = {
    "spotify_binned": ("spotify", "artist_name", "track_name"),
    "fma_tracks": ("fma", "artist_name", "track_title"),
}
"""Source, and columns of artist and title, by table of the tracks."""
TYPICAL, MISSED, ALIKE = "typical", "missed", "alike"
SEPARATOR = "\x1f"


def tracks_of_genres(predictions: Rows, tables: Mapping[str, Rows]) -> list[GenreTracks]:
    """Return typical and surprising tracks of each genre of each task, none of which the champion was fitted on.

    Args:
        predictions: Rows with the columns `COLUMNS`.
        tables: The tracks, by the names of `SOURCES`; tasks of other tables are left out.
    """
    found: dict[str, tuple[PredictedExample, ...]] = {}
    held, left = HELD, None
    while left is None or left:
        rows = _with_names(_first_rows(predictions, tables, held, left), tables)
        members = {str(key): own for key, own in rows.groupby("list", sort=False)}
        found |= {key: _named(own) for key, own in members.items()}
        left = {key for key, own in members.items() if len(found[key]) < OF_GENRE and len(own) >= held}
        held *= 10
    genres = {tuple(key.split(SEPARATOR)[:3]) for key in found if not key.endswith(SEPARATOR + ALIKE)}
    return [
        GenreTracks(
            task,
            SOURCES[table][0],
            genre,
            *(found.get(SEPARATOR.join((task, table, genre, kind)), ()) for kind in (TYPICAL, MISSED, ALIKE)),
        )
        for task, table, genre in sorted(genres)
    ]


def _first_rows(
    predictions: Rows, tables: Collection[str], held: int, lists: Collection[str] | None
) -> pd.DataFrame:
    """Return the first rows of each list.

    Args:
        predictions: Rows with the columns `COLUMNS`.
        tables: Names of the tables whose tracks have names.
        held: Rows of a list.
        lists: The lists; None for all.
    """
    first, least = pd.DataFrame(columns=[*COLUMNS, "list"]), dict[str, float]()
    for batch in batches_of(predictions, COLUMNS):
        is_held_out = pc.and_(batch["label"].is_valid(), batch["genre"].is_valid())
        is_held_out = pc.and_(is_held_out, pc.invert(batch["was_fitted_on"]))
        is_held_out = pc.and_(is_held_out, pc.is_in(batch["source_table"], pa.array(tables, pa.string())))
        for rows in _in_lists(batch.filter(is_held_out)):
            encoded = rows["list"].combine_chunks().dictionary_encode()
            names = encoded.dictionary.to_pylist()
            needed = [
                least.get(name, -np.inf) if lists is None or name in lists else np.inf for name in names
            ]
            certain = np.nan_to_num(rows["probability"].to_numpy(), nan=-np.inf)
            is_near = certain >= np.array(needed)[np.asarray(encoded.indices)]
            near = rows.filter(pa.array(is_near)).to_pandas()
            ranked = pd.concat([first, near]) if len(first) else near
            ranked = ranked.sort_values(
                ["probability", "track_id"], ascending=[False, True], kind="stable", ignore_index=True
            )
            first = ranked.groupby("list", sort=False).head(held)
            last = first[first.groupby("list").cumcount() == held - 1]
            least = dict(zip(last["list"], np.nan_to_num(last["probability"], nan=-np.inf), strict=True))
    return first


def _in_lists(tracks: pa.Table) -> Iterator[pa.Table]:
    """Yield tracks with the list that they are in; one that is predicted wrong is in two lists."""
    agrees = pc.equal(tracks["label"], tracks["genre"])
    for kind, is_in, genre in (
        (TYPICAL, agrees, "label"),
        (MISSED, pc.invert(agrees), "label"),
        (ALIKE, pc.invert(agrees), "genre"),
    ):
        rows = tracks.filter(is_in)
        key = pc.binary_join_element_wise(rows["task"], rows["source_table"], rows[genre], kind, SEPARATOR)
        yield rows.append_column("list", key)


def _with_names(rows: pd.DataFrame, tables: Mapping[str, Rows]) -> pd.DataFrame:
    """Return tracks with artist and title; no other track's are held."""
    if rows.empty:
        return rows
    found = []
    for table, own in rows.groupby("source_table", sort=False):
        columns, tracks = [*PLACE, *SOURCES[str(table)][1:]], tables[str(table)]
        places = pa.array(own["source_row"].unique())
        parts = (part.filter(pc.is_in(part["source_row"], places)) for part in batches_of(tracks, columns))
        few = pa.concat_tables([tracks.slice(0, 0).select(columns), *parts])
        few = few.rename_columns([*PLACE, "artist", "title"])
        found.append(own.merge(few.to_pandas(), on=list(PLACE), how="left"))
    return pd.concat(found)


def _named(ranked: pd.DataFrame) -> tuple[PredictedExample, ...]:
    """Return the first tracks of a list, one of an artist."""
    once = ranked[~artists_of(ranked).duplicated()].drop_duplicates("track_id").head(OF_GENRE)
    return tuple(
        PredictedExample(
            named(row), str(row["label"]), str(row["genre"]), round(float(row["probability"]), 4)
        )
        for row in once.to_dict("records")
    )
