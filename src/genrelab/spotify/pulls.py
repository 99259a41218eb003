"""Earlier pulls from the Spotify Web API, saved as CSV.

Dataset: one track a row, the micro-genres of its artist as a list in text, the twelve audio features.
Source: any file of that layout; the 35 pulls behind the project's documents are the model.
License: Spotify Developer Terms, which forbid training models on Spotify content.

Conventions: files are read in natural numeric order; `source` is the file's name, `source_row` counts its
records from 1. A record that cannot be parsed is rejected with its reason and never repaired; a blank feature
is a missing value. Whether a parsed value is legal (an energy of 7) is not judged here: the suite does that.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from genrelab.errors import SourceError
from genrelab.files import hash_file, name_of
from genrelab.ingested import QUARANTINE, Ingested
from genrelab.lake import natural_key
from genrelab.progress import track
from genrelab.spotify.genre_cells import FormFinder
from genrelab.spotify.parsing import parse_records
from genrelab.spotify.records import Layout, PullFile
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

CHUNK_RECORDS = 50_000
SHOWN = 8
"""Names in a message."""
NEEDED = {
    "artist_name": ("artist_name",),
    "artist_id": ("artist_uri", "artist_id"),
    "track_id": ("track_id",),
    "track_name": ("track_name",),
    "genres": ("genre", "genres"),
    **{name: (name,) for name in AUDIO_FEATURES},
}
"""Columns of the table, each with the names it may have in a pull, best first."""
OPTIONAL = {"popularity": ("popularity",)}


def read_pulls(path: Path) -> Ingested:
    """Read a folder of earlier pulls, or one of them.

    Args:
        path: A folder with CSV files, or a CSV file.

    Returns:
        Rows of `spotify_tracks`, rejected records, and what was noted.

    Raises:
        SourceError: There is no such path, no CSV file in it, no record in any file, or a file is no text,
            or lacks a column that is needed.
    """
    path = Path(path)
    files = pull_files(path)
    data: list[pa.Table] = []
    rejected: list[pa.Table] = []
    notes: list[str] = []
    caveats: list[str] = []
    extra: dict[str, list[str]] = {}
    without_popularity: list[str] = []
    with track(f"reading pulls from {name_of(path)}", len(files), "files") as advance:
        for done, file in enumerate(files, start=1):
            pull = PullFile(file)
            layout = pull.layout(NEEDED, OPTIONAL)
            if layout is None:
                notes.append(f"{name_of(file)}: an empty pull, passed over")
                continue
            for name in layout.extra:
                extra.setdefault(name, []).append(name_of(file))
            if "popularity" not in layout.positions:
                without_popularity.append(name_of(file))
            kept, refused, caveat = _read_file(pull, layout)
            caveats += [f"{name_of(file)}: {caveat}"] if caveat else []
            data += kept
            rejected += refused
            if pull.repaired_lines:
                notes.append(
                    f"{name_of(file)}: bytes that are not UTF-8 replaced in lines: {pull.repaired_lines:,}"
                )
            advance(done)
    notes += [
        f"extra column {name or 'without a name'} in {_files(names)}, passed over"
        for name, names in extra.items()
    ]
    if without_popularity:
        notes.append(f"no column popularity in {_files(without_popularity)}: left missing")
    if others := _passed_over(path):
        shown = ", ".join(others[:SHOWN]) + (", ..." if len(others) > SHOWN else "")
        notes.append(f"{len(others):,} other entries of {name_of(path)} passed over: {shown}")
    table = pa.concat_tables([SPOTIFY_TRACKS.schema.empty_table(), *data])
    refused_table = pa.concat_tables([QUARANTINE.empty_table(), *rejected])
    read = len(table) + len(refused_table)
    if read == 0:
        raise SourceError(
            f"there is no record in {path}",
            found=f"{len(files)} CSV file{'s' if len(files) > 1 else ''} without records",
            do="name a folder or file with earlier pulls",
        )
    sources = tuple(
        {"name": name_of(file), "bytes": file.stat().st_size, "sha256": hash_file(file)} for file in files
    )
    return Ingested(
        table.combine_chunks(), refused_table.combine_chunks(), read, tuple(notes), sources, tuple(caveats)
    )


def pull_files(path: Path) -> list[Path]:
    """The CSV files of a folder in natural numeric order, or the one file itself.

    Raises:
        SourceError: There is none.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise SourceError(
            f"there are no earlier pulls at {path}",
            found="no such file or folder",
            allowed="a CSV file, or a folder with CSV files",
            do="check the path given as the Spotify source",
        )
    files = [entry for entry in path.iterdir() if _is_pull(entry)]
    if not files:
        names = _passed_over(path)
        raise SourceError(
            f"the folder {path} holds no CSV file",
            found=", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "") or "an empty folder",
            allowed="files whose names end in .csv",
            do="name the folder that holds the pulls; unpack what is compressed",
        )
    return sorted(files, key=lambda file: natural_key(file.name))


def _is_pull(entry: Path) -> bool:
    return entry.is_file() and entry.suffix.lower() == ".csv" and not entry.name.startswith(".")


def _passed_over(path: Path) -> list[str]:
    """Names of what lies in a folder beside its pulls, hidden files aside; a compressed pull is read by nobody."""
    if not path.is_dir():
        return []
    others = [entry for entry in path.iterdir() if not _is_pull(entry) and not entry.name.startswith(".")]
    return sorted((name_of(entry) + "/" * entry.is_dir() for entry in others), key=natural_key)


def _read_file(pull: PullFile, layout: Layout) -> tuple[list[pa.Table], list[pa.Table], str]:
    """Rows, rejected records, and the caveat of the column of micro-genres."""
    genres = FormFinder()
    while True:
        data, rejected, forms = [], [], set()
        row = 0
        for records in pull.chunks(layout, CHUNK_RECORDS):
            kept, refused = parse_records(
                records, layout, source=name_of(pull.path), first_row=row + 1, genres=genres
            )
            row += len(records)
            data.append(kept)
            rejected.append(refused)
            forms.add(genres.form())
        if len(forms) <= 1:
            return data, rejected, genres.form().caveat
        # a later chunk tells what separates the names of the first ones: once more, with the whole column known


def _files(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} files ({names[0]} to {names[-1]})"
