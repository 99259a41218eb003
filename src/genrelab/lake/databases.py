"""SQLite files that others write (MLflow, Prefect): whether they are sound, backups, and putting damaged ones aside.

Conventions: a backup is made by SQLite's own online backup, so that a writer at work does no harm; it appears at
once or not at all. A damaged file is never deleted: it is renamed to `<name>.corrupt-<time>`.
"""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

SIDES = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside a database; they belong to it."""
BUSY_SECONDS = 5.0


def is_sound(path: Path) -> bool:
    """Whether a database can be read from end to end; one that is not there yet is sound.

    A database that another process keeps locked is taken for sound.
    """
    if not path.is_file():
        return True
    try:
        with contextlib.closing(_open(path)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError as error:
        # "unable to open database file" is a matter of rights, told by whoever opens it next
        return not _says(error, "malformed", "not a database", "disk I/O error")
    except sqlite3.DatabaseError:
        return False


def back_up(path: Path, to: Path) -> None:
    """Copy a database while others may write to it.

    Args:
        path: The database.
        to: Where the copy appears.

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
    """Rename a damaged database and the files beside it; returns the new name of the database."""
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
