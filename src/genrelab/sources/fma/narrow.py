"""Reads the tables that fit in memory: tracks with their genres, the genre tree, Echo Nest.

Conventions: nothing is repaired. HTML stays as it is, -1 stays -1, an unknown genre id has no name. What is
odd in the real files is counted in `notes`; docs/fma.md says where it comes from.

Ranges and closed sets do not belong here: the suites check them.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.ingested import Ingested, Reject
from genrelab.lake.schema import Table
from genrelab.sources.fma.archive import Archive
from genrelab.sources.fma.data_quirks import note_tracks
from genrelab.sources.fma.ids import judge_genre_ids
from genrelab.sources.fma.reading import Reading
from genrelab.sources.fma.tree import GenreTree
from genrelab.tables.fma import FMA_ECHONEST, FMA_GENRES, FMA_TRACKS
from genrelab.tables.fma_raw import RAW_TABLES

MOST_UNKNOWN = 0.5
"""Share of unknown genre ids in tracks.csv above which genres.csv seems to be of another tree."""


def read_tracks(archive: Archive) -> Ingested:
    """Return tracks.csv as `fma_tracks`, with genre names from genres.csv if the archive has it.

    Raises:
        SourceError: The member is missing, damaged, or has another header.
    """
    data, reading = _read(archive, "tracks.csv", FMA_TRACKS, 2)
    notes, caveats = list(reading.notes), list(reading.caveats)
    if "genres.csv" in archive:
        titles = GenreTree.from_table(read_genres(archive).data).titles
        for column, names in (("genres", "genre_names"), ("genres_all", "genre_all_names")):
            data = _set(data, names, _titles(data[column].combine_chunks(), titles))
        used = set(pc.unique(pc.list_flatten(data["genres"])).to_pylist())
        if unknown := used - set(titles):
            (caveats if len(unknown) > MOST_UNKNOWN * len(used) else notes).append(
                f"{len(unknown)} genre ids of {reading.source} are not in genres.csv: {sorted(unknown)[:5]}"
            )
    return Ingested(
        data,
        reading.rejected,
        reading.read,
        (*archive.notes, *notes, *note_tracks(data)),
        caveats=tuple(caveats),
    )


def read_genres(archive: Archive) -> Ingested:
    """Return genres.csv as `fma_genres`, each genre with its root and its path.

    Raises:
        SourceError: The member is missing, damaged, or has another header or other ids.
    """
    data, reading = _read(archive, "genres.csv", FMA_GENRES, 1)
    judge_genre_ids(data, reading.source)
    tree = GenreTree.from_table(data)
    ids = data["genre_id"].to_pylist()
    roots = data["top_level_id"].to_pylist()
    data = _set(data, "top_level_title", pa.array([tree.titles.get(root) for root in roots], pa.string()))
    data = _set(data, "path", pa.array([tree.path(one) for one in ids], pa.list_(pa.string())))
    notes = list(reading.notes)
    broken = [one for one, root in zip(ids, roots, strict=True) if tree.root(one) != root]
    if broken:
        notes.append(f"{len(broken)} genres state another root than their parents: {broken[:5]}")
    return Ingested(data, reading.rejected, reading.read, tuple(notes), caveats=reading.caveats)


def read_echonest(archive: Archive) -> Ingested:
    """Return echonest.csv as `fma_echonest`, in memory; `stage_echonest` also checks it.

    Raises:
        SourceError: The member is missing, damaged, or has another header.
    """
    data, reading = _read(archive, "echonest.csv", FMA_ECHONEST, 3)
    return Ingested(data, reading.rejected, reading.read, reading.notes, caveats=reading.caveats)


def read_raw(archive: Archive, name: str) -> Ingested:
    """Return a raw file unchanged, e.g. raw_tracks.csv as `fma_raw_tracks`; every column but the id is text.

    Args:
        archive: The archive.
        name: A key of `RAW_TABLES`.

    Raises:
        SourceError: The member is missing, damaged, or has another header.
    """
    data, reading = _read(archive, raw_member(name), RAW_TABLES[name], 1)
    return Ingested(data, reading.rejected, reading.read, reading.notes, caveats=reading.caveats)


def raw_member(name: str) -> str:
    """Return the file name of a raw table.

    >>> raw_member("fma_raw_tracks")
    'raw_tracks.csv'
    """
    return f"{name.removeprefix('fma_')}.csv"


def _read(archive: Archive, name: str, table: Table, levels: int) -> tuple[pa.Table, Reading]:
    reading = Reading(archive, name, table, levels)
    parts = [part.table.append_column("source_row", pa.array(part.numbers)) for part in reading]
    if not parts or reading.header.without_ids:
        return table.schema.empty_table(), reading
    data = _unique(pa.concat_tables(parts), table, reading)
    del parts
    pa.default_memory_pool().release_unused()
    columns = [_column(data, column.name, column.type, reading.source) for column in table]
    return pa.table(columns, schema=table.schema), reading


def _column(data: pa.Table, name: str, kind: pa.DataType, source: str) -> pa.ChunkedArray | pa.Array:
    if name == "source":
        return pa.repeat(pa.scalar(source), len(data))
    return data[name] if name in data.column_names else pa.nulls(len(data), kind)


def _unique(data: pa.Table, table: Table, reading: Reading) -> pa.Table:
    """Return the rows with a key that no earlier row has; the others are quarantined."""
    key = table.key[0]
    keys = data[key].combine_chunks()
    first = np.zeros(len(data), dtype=bool)
    present = np.flatnonzero(np.asarray(keys.is_valid()))
    first[present[np.unique(np.asarray(keys.drop_null()), return_index=True)[1]]] = True
    rejects = []
    for row in np.flatnonzero(~first).tolist():
        record = {k: v for k, v in data.slice(row, 1).to_pylist()[0].items() if v is not None}
        number, found = record.pop("source_row"), record.get(key)
        rule = f"{key}: present" if found is None else f"{key}: unique"
        why = f"{key} is missing" if found is None else f"{key} {found} occurs in an earlier record"
        rejects.append(Reject(reading.source, number, (rule,), (why,), record))
    reading.reject(rejects)
    return data.filter(pa.array(first)) if rejects else data


def _titles(ids: pa.ListArray, titles: dict[int, str]) -> pa.ListArray:
    """Return the titles of genre ids, list by list; an unknown id has no title."""
    known = pa.array(list(titles), pa.int64())
    names = pa.array(list(titles.values()), pa.string())
    found = names.take(pc.index_in(ids.flatten(), known))
    lengths = pc.fill_null(pc.list_value_length(ids), 0)
    offsets = np.concatenate([[0], np.cumsum(np.asarray(lengths))]).astype(np.int32)
    mask = ids.is_null()
    return pa.ListArray.from_arrays(pa.array(offsets), found, mask=mask if ids.null_count else None)


def _set(data: pa.Table, name: str, values: pa.Array) -> pa.Table:
    place = data.column_names.index(name)
    return data.set_column(place, data.schema.field(place), values)
