"""Reads tables of Spotify tracks: earlier pulls, playlist exports, public data sets.

Dataset: one track a row, the micro-genres of its artist, the audio features, in one of the known layouts
(`genrelab.sources.spotify.known_layouts`) or with the columns that a mapping names.
Source: any such file, such as the 35 pulls of the capstone project.
License: Spotify Developer Terms, which forbid training models on Spotify content.

Conventions: files are read in natural numeric order; `source` is the file's name, `source_row` counts its records from
1. A record that cannot be parsed is rejected with its reason and never repaired; a blank feature is a missing value, as
are features that are all 0. Whether a parsed value is legal (an energy of 7) is not judged here: the suite does that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from genrelab.lake.ingested import QUARANTINE, Ingested
from genrelab.lake.stored_rows import Rows, spill, spilled
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import hash_file, name_of
from genrelab.runtime.progress import track
from genrelab.sources.column_mapping import ColumnChoice
from genrelab.sources.csv_look import Look, look
from genrelab.sources.spotify.duplicates import exact_duplicates
from genrelab.sources.spotify.folder import passed_over, shortened, table_files, unread_tables
from genrelab.sources.spotify.known_layouts import LAYOUTS, SPELLINGS
from genrelab.sources.spotify.layouts import Found, fold_name, is_foreign, place_of, recognise
from genrelab.sources.spotify.names import shared_ids
from genrelab.sources.spotify.parsing import FileRead, read_file
from genrelab.sources.spotify.remarks import remarks
from genrelab.sources.spotify.repeats import merge_repeats
from genrelab.sources.spotify.size import require_memory
from genrelab.tables.spotify import SPOTIFY_TRACKS

Mapped = Mapping[str, ColumnChoice]
Keep = Callable[[Iterable[pa.Table]], Rows]


def in_memory(parts: Iterable[pa.Table]) -> pa.Table:
    """Join rows of `spotify_tracks` to a table in memory."""
    return pa.concat_tables([SPOTIFY_TRACKS.schema.empty_table(), *parts]).combine_chunks()


def read_pulls(
    path: Path,
    mapping: Mapped | None = None,
    *,
    is_distinct: bool = False,
    scratch: Path | None = None,
    keep: Keep = in_memory,
) -> Ingested:
    """Return the rows of `spotify_tracks`, rejected records and remarks of a table of tracks or a folder of tables.

    Args:
        path: A folder with CSV files, or a CSV file.
        mapping: Columns of the files that the user named.
        is_distinct: Whether to leave out rows that repeat an earlier one exactly (`exact_duplicates`).
        scratch: A folder for rows that wait, about as large as the files; None for that of the system.
        keep: Takes the rows in parts, one after the other, and returns them: in memory, or in files of the lake.

    Raises:
        SourceError: See `read_files`.
    """
    return read_files(path, mapping, is_distinct=is_distinct, scratch=scratch, keep=keep)[0]


def read_files(
    path: Path,
    mapping: Mapped | None = None,
    *,
    is_distinct: bool = False,
    scratch: Path | None = None,
    keep: Keep = in_memory,
) -> tuple[Ingested, list[FileRead]]:
    """Return what `read_pulls` returns, and how each file was read; only the first holds the rows.

    Raises:
        SourceError: There is no such path, no CSV file in it, no record in any file, or a file is no text, is of no
            known layout or of two, or they do not fit into memory.
    """
    path = Path(path)
    files = table_files(path)
    looks, notes, caveats = look_at_files(path, files, mapping or {})
    require_memory(path, looks)
    with TemporaryDirectory(dir=scratch) as folder:
        reads = []
        with track(f"reading pulls from {name_of(path)}", len(looks), "files") as advance:
            for done, (seen, found) in enumerate(looks, start=1):
                reads.append(read_file(seen, found, Path(folder) / f"{done}.arrow"))
                advance(done)
        shared = _share_ids(reads)
        tables, merged = merge_repeats(reads)
        rows = sum(map(len, tables))
        rejected = pa.concat_tables([QUARANTINE.empty_table(), *(read.rejected for read in reads)])
        if rows + len(rejected) == 0:
            raise SourceError(
                f"{path} contains no records",
                found=f"{len(files)} CSV file{'s' if len(files) > 1 else ''} without records",
                do="pass a folder or file with earlier pulls",
            )
        table = keep(_distinct(tables, Path(folder), is_distinct=is_distinct))
    notes_of_files, caveats_of_files = remarks(reads, merged)
    if shared:
        notes_of_files.append(f"rows whose artist id was taken from another file: {shared:,}")
    if unread := unread_tables(path):
        caveats_of_files.append(f"tables in {name_of(path)} that were not read: {shortened(unread)}")
    if others := passed_over(path):
        entries = "other entry" if len(others) == 1 else "other entries"
        notes_of_files.append(f"{len(others):,} {entries} of {name_of(path)} ignored: {shortened(others)}")
    sources = tuple(
        {"name": name_of(file), "bytes": file.stat().st_size, "sha256": hash_file(file)} for file in files
    )
    ingested = Ingested(
        table,
        rejected.combine_chunks(),
        rows + len(rejected),
        (*notes, *notes_of_files),
        sources,
        (*caveats, *caveats_of_files),
        rows - len(table),
    )
    return ingested, reads


def _distinct(tables: list[Rows], folder: Path, *, is_distinct: bool) -> Iterator[pa.Table]:
    """Yield the rows of all files in parts, without exact duplicates; the list is emptied."""
    schema = SPOTIFY_TRACKS.schema
    for number, table in enumerate(tables):
        if isinstance(table, pa.Table):
            tables[number] = spill(folder / f"{number}.merged", schema, [table])
    files = [file for table in tables for file in table.files]
    tables.clear()
    if files:
        rows = spilled(files, schema)
        stays = ~exact_duplicates(rows) if is_distinct else np.ones(len(rows), dtype=bool)
        yield from rows.filtered(stays)


def _share_ids(reads: Sequence[FileRead]) -> int:
    """Give an artist the same id in files with ids and files with names only; return the number of changed rows."""
    has_ids = {"artist_id" in read.found.positions for read in reads}
    if len(has_ids) == 1:
        return 0
    tables, found = shared_ids([read.table for read in reads])
    for read, table in zip(reads, tables, strict=True):
        read.table = table
    return found


def look_at_files(
    path: Path, files: Sequence[Path], mapping: Mapped
) -> tuple[list[tuple[Look, Found]], list[str], list[str]]:
    """Return the dialect and layout of each file, and notes and caveats about skipped files.

    A file of a folder that is not a table of tracks is skipped with a caveat if another file is one. A damaged table of
    tracks is an error.

    Raises:
        SourceError: A file cannot be read as a table of tracks.
    """
    taken: list[tuple[Look, Found]] = []
    notes, left_out = [], []
    for file in files:
        try:
            seen = look(file, lambda name: _is_known(name, mapping))
        except SourceError as error:
            left_out.append(error)
            continue
        if seen.is_empty:
            notes.append(f"{name_of(file)}: an empty file, ignored")
            continue
        of_file = (
            mapping
            if any(place_of(each.column, seen.header) is not None for each in mapping.values())
            else {}
        )
        try:
            found = recognise(file, seen.header, LAYOUTS, of_file)
        except SourceError as error:
            if of_file or not is_foreign(seen.header, LAYOUTS):
                raise
            left_out.append(error)
            continue
        taken.append((seen, choose_genres(seen, found)))
    if left_out and not taken:
        raise left_out[0]
    if mapping and taken and not any(found.mapped for _, found in taken):
        names = ", ".join(choice.column for choice in mapping.values())
        raise SourceError(
            f"no file in {path} has a column named in your mapping",
            found=f"{name_of(taken[0][0].path)}: {shortened([name.strip() for name in taken[0][0].header], 30)}",
            allowed=names,
            do="correct --map, or [columns] in genrelab.toml",
        )
    return (
        taken,
        notes,
        [
            f"skipped, because it is not a table of tracks: {error.what}; found: {error.found}"
            for error in left_out
        ],
    )


def choose_genres(seen: Look, found: Found) -> Found:
    """Choose the genre column that holds lists, where several columns may hold the genres.

    Raises:
        SourceError: No column or more than one holds lists.
    """
    if not found.doubtful:
        return found
    names = [found.header[place].strip() for place in found.doubtful]
    cells = {place: [record[place] for record in seen.sample] for place in found.doubtful}
    if not any(sum(bool(text.strip()) for text in row) > 1 for row in zip(*cells.values(), strict=True)):
        first, *others = found.doubtful
        return replace(
            found,
            positions={**found.positions, "genres": first},
            others={**found.others, "genres": tuple(others)},
        )
    with_lists = [place for place, texts in cells.items() if _are_lists(texts)]
    if len(with_lists) != 1:
        raise SourceError(
            f"{seen.path} has several genre columns: {', '.join(names)}",
            found="; ".join(
                f"{found.header[place].strip()}: {next((text for text in texts if text.strip()), '')[:60]!r}"
                for place, texts in cells.items()
            ),
            allowed="one column with the micro-genres of the artist",
            do=f"choose one: --map genres={names[-1]}",
        )
    return replace(found, positions={**found.positions, "genres": with_lists[0]})


def _are_lists(texts: Sequence[str]) -> bool:
    filled = [text.strip() for text in texts if text.strip()]
    lists = sum(text[0] in "[({" or text.startswith("c(") for text in filled)
    return lists > len(filled) / 2


def _is_known(name: str, mapping: Mapped) -> bool:
    folded = fold_name(name)
    return folded in SPELLINGS or any(folded == fold_name(choice.column) for choice in mapping.values())
