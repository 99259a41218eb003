"""SQLite files of MLflow and Prefect: integrity checks, backups, and moving damaged files aside.

Conventions: a backup uses SQLite's online backup, so the database may be in use; it appears complete or not at all. A
damaged file is never deleted: it is renamed to `<name>.corrupt-<time>`.
"""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

SIDES = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside a database; they belong to it."""
BUSY_SECONDS = 5.0


def is_sound(path: Path) -> bool:
    """Whether a database can be read completely; one that does not exist yet counts as sound.

    A database that another process keeps locked counts as sound.
    """
    if not path.is_file():
        return True
    try:
        with contextlib.closing(_open(path)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError as error:
        # "unable to open database file" is a permission error, reported when the database is opened
        return not _says(error, "malformed", "not a database", "disk I/O error")
    except sqlite3.DatabaseError:
        return False


def back_up(path: Path, to: Path) -> None:
    """Copy a database while others may write to it.

    Args:
        path: The database.
        to: File of the copy.

    Raises:
        sqlite3.Error: It cannot be read.
        OSError: The copy cannot be written.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        with contextlib.closing(_open(path)) as source, contextlib.closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Rename a damaged database and the files beside it; return the new path of the database."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{number}")
    path.replace(aside)
    for side in SIDES:
        beside = path.with_name(path.name + side)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + side))
    return aside


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def _says(error: Exception, *words: str) -> bool:
    return any(word in str(error) for word in words)
