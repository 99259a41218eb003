"""Correct the artifact addresses in MLflow's database after a home was moved, copied or restored.

Conventions: MLflow stores an absolute address with every experiment, run, model and version; all of ours contain
`mlruns/artifacts`. Addresses in the database of a home must point inside that home. Others are corrected in one
transaction whenever MLflow is opened, before anything is read or written. Nothing else in the database changes, and no
file is touched. Records on the server of MLFLOW_TRACKING_URI are never changed.

MLflow is not imported here, because `genrelab doctor` uses this too. Reasons: docs/decisions/0022-moved-home.md.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from genrelab.lake.databases import BUSY_SECONDS
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import lies_below
from genrelab.runtime.home import Home
from tasks.tracking.place import database, is_there

ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
"""Columns of MLflow's database with artifact addresses."""
BELOW = "/mlruns/artifacts"
UNUSED = (
    "SELECT rowid, artifact_location FROM experiments WHERE experiment_id = 0 "
    "AND NOT EXISTS (SELECT 1 FROM runs WHERE experiment_id = 0)"
)
"""MLflow creates an experiment Default, whose folder is below the current folder of the first run."""


@dataclass(frozen=True)
class Stray:
    """An address that points outside the home.

    Args:
        table: Table of MLflow's database.
        column: Column of the table.
        row: SQLite's row id.
        address: The stored address.
        instead: The corrected address inside the home.
    """

    table: str
    column: str
    row: int
    address: str
    instead: str

    @property
    def is_ours(self) -> bool:
        """Whether it is an address of genrelab's artifacts, not that of MLflow's own experiment."""
        return BELOW in f"{self.address}/"


def local_path(address: str) -> Path | None:
    """Return the path of an address on this machine; None for any other address."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return Path(address) if not parts.scheme else None


def is_own(home: Home, path: Path | None) -> bool:
    """Whether a path is in the artifact folder of this home, the only place where artifacts are written or deleted."""
    return path is not None and lies_below(path, home.mlruns / "artifacts")


def below(home: Home, address: str) -> str:
    """Return the corrected address inside a home; empty if the address is right or not one of ours.

    Args:
        home: The home.
        address: The address in MLflow's database.
    """
    path = local_path(address)
    if path is None or lies_below(path / "any", home.mlruns / "artifacts"):
        return ""
    _, found, rest = f"{os.path.abspath(path)}/".rpartition(f"{BELOW}/")  # noqa: PTH100 - no links are followed
    instead = home.mlruns / "artifacts" / rest
    return instead.as_uri() if found else ""


def strays(home: Home) -> list[Stray]:
    """Return our addresses that point outside the home; none if MLflow's database is elsewhere or damaged.

    Raises:
        sqlite3.Error: The database cannot be read.
    """
    path = database(home)
    if path is None or not is_there(home):
        return []
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
        return list(_strays(opened, home))


def correct_addresses(home: Home) -> str:
    """Correct our addresses to point inside the home, and report it in the progress output.

    Returns:
        A sentence about the correction; empty if there was none.

    Raises:
        GenrelabError: The database with wrong addresses cannot be written to.
    """
    found = strays(home)
    path = database(home)
    if path is None or not found:
        return ""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as opened, opened:
            opened.execute("BEGIN IMMEDIATE")
            for one in (found := list(_strays(opened, home))):  # another process may have corrected them
                opened.execute(
                    f"UPDATE {one.table} SET {one.column} = ? WHERE rowid = ?",  # noqa: S608 - names from ADDRESSES
                    (one.instead, one.row),
                )
    except sqlite3.OperationalError as error:
        if not in_words(found):
            return ""
        raise GenrelabError(
            f"{path} has addresses outside this home, and cannot be corrected",
            found=f"{in_words(found)}; {error}",
            do="stop other programs that use the database, or make it writable, then run the same command again",
        ) from error
    if not (said := in_words(found)):
        return ""
    message = f"this home was moved or copied: {said} now point inside {home.root}"
    progress.say(f"{'':<22} {message}")
    return message


def in_words(found: list[Stray]) -> str:
    """Describe how many of our addresses point where; empty if there are none."""
    ours = [one for one in found if one.is_ours]
    if not ours:
        return ""
    places = sorted({_root(one.address) for one in ours})
    others = f" and {len(places) - 1} more folders" if len(places) > 1 else ""
    return f"{len(ours)} artifact addresses in {places[0]}{others}"


def _root(address: str) -> str:
    """The home in an address."""
    return str(local_path(address)).rpartition(BELOW)[0] or address


def _strays(opened: sqlite3.Connection, home: Home) -> Iterator[Stray]:
    for table, column in ADDRESSES:
        for row, address in _ask(opened, f"SELECT rowid, {column} FROM {table}"):  # noqa: S608 - names from above
            if address and (instead := below(home, str(address))):
                yield Stray(table, column, row, str(address), instead)
    instead = (home.mlruns / "artifacts" / "0").as_uri()
    for row, address in _ask(opened, UNUSED):
        if (path := local_path(str(address))) is not None and not is_own(home, path):
            yield Stray("experiments", "artifact_location", row, str(address), instead)


def _ask(opened: sqlite3.Connection, question: str) -> list[tuple[int, str]]:
    try:
        return opened.execute(question).fetchall()
    except sqlite3.OperationalError as error:
        if "no such" in str(error):  # a database of an older MLflow, which is migrated when opened
            return []
        raise
