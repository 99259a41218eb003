"""Staging: the folder of files that will become part of a table, and how they are added to the table's log.

Conventions: staging is on the disk of the lake, so a file is added by renaming it. A folder's name ends in the id of
the process that writes it and a random part; folders of dead processes are removed.
"""

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from genrelab.lake.storage import Storage
from genrelab.runtime.processes import is_alive


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


def rows_of(file: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(pq.read_metadata(file).num_rows)


def adopt(file: Path, storage: Storage, table: str, rows: int) -> Any:
    """Move a file under a name of its own into a table's folder; returns the entry for the log."""
    name = f"part-{uuid.uuid4()}.parquet"
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
