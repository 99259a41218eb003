"""Staging: the folder of files that will become part of a table, and how they are added to the table's log.

Conventions: staging is on the disk of the lake, so a file is added by renaming it. A folder's name ends in the id of
the process that writes it and a random part; folders of dead processes are removed.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from genrelab.lake.storage import Storage
from genrelab.runtime.processes import is_alive

ROW_GROUP = 16_384
"""Rows of a row group, which is held while it is written."""
FILE_ROWS = 64 * ROW_GROUP
"""Rows of a file: about 100 MB of spotify_tracks, whose list of row groups is read in milliseconds."""


def fresh_folder(root: Path, table: str) -> Path:
    """An empty folder below `root` for the files of one table.

    Args:
        root: Where all staging of a lake lies; made if it is not there.
        table: Name of the table.
    """
    for left in root.glob("*-*-*"):
        process = left.name.rsplit("-", 2)[1]
        if process.isdecimal() and not is_alive(int(process)):  # another name is not ours to remove
            shutil.rmtree(left, ignore_errors=True)
    folder = root / f"{table}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    return folder


def write_rows(folder: Path, schema: pa.Schema, parts: Iterable[pa.Table]) -> list[Path]:
    """Write rows to Parquet files of `FILE_ROWS` rows and return the files; at most one part is held.

    Args:
        folder: Where; see `fresh_folder`.
        schema: The columns; a part may have others.
        parts: The rows, in order.
    """
    files: list[Path] = []
    with ExitStack() as opened:
        left = 0
        for part in parts:
            rows = part.select(schema.names).cast(schema)
            while len(rows) or not files:
                if not left:
                    opened.close()
                    files.append(folder / f"{len(files):05}.parquet")
                    writer = opened.enter_context(pq.ParquetWriter(files[-1], schema, compression="snappy"))
                    left = FILE_ROWS
                writer.write_table(rows.slice(0, left), row_group_size=ROW_GROUP)
                written = min(left, len(rows))
                rows, left = rows.slice(written), left - written
    return files


def discard(files: Iterable[Path]) -> None:
    """Remove staged files that are not published, with their folders."""
    for folder in {file.parent for file in files}:
        shutil.rmtree(folder, ignore_errors=True)


def rows_of(file: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(pq.read_metadata(file).num_rows)


def adopt(file: Path, storage: Storage, table: str, rows: int) -> Any:
    """Move a file under a name of its own into a table's folder; returns the entry for the log."""
    name = f"part-{file.stem}-{uuid.uuid4()}.parquet"
    storage.keep(f"lake/{table}/{name}", file)
    facts = storage.path(f"lake/{table}/{name}").stat()
    return AddAction(
        path=name,
        size=facts.st_size,
        partition_values={},
        modification_time=int(facts.st_mtime * 1000),
        data_change=True,
        stats=json.dumps({"numRecords": rows}),
    )
