"""Where MLflow's database says that artifacts lie, and the correction of a home that was moved, copied or restored.

Conventions: MLflow keeps a whole address with every experiment, run, model and version; all of ours end in
`mlruns/artifacts/...`. Those of the database in the home lead below that home, or they are corrected: in one
transaction, whenever MLflow is opened, before anything is read or written. Nothing else of the database changes, and
no file is touched. The records of a server that MLFLOW_TRACKING_URI names are its own business.

MLflow is not imported here: `genrelab doctor` asks too. docs/decisions/0022-moved-home.md says why it is done so.
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
"""Columns of MLflow's database that hold addresses of artifacts."""
BELOW = "/mlruns/artifacts"
UNUSED = (
    "SELECT rowid, artifact_location FROM experiments WHERE experiment_id = 0 "
    "AND NOT EXISTS (SELECT 1 FROM runs WHERE experiment_id = 0)"
)
"""MLflow makes an experiment called Default, with a place below the current folder of whoever ran first."""


@dataclass(frozen=True)
class Stray:
    """An address that leads out of the home.

    Args:
        table: Of MLflow's database.
        column: Of the table.
        row: SQLite's number of the row.
        address: What stands there.
        instead: The address below the home.
    """

    table: str
    column: str
    row: int
    address: str
    instead: str

    @property
    def is_ours(self) -> bool:
        """Whether something of ours lies there, or did: not so with the place of MLflow's own experiment."""
        return BELOW in f"{self.address}/"


def local_path(address: str) -> Path | None:
    """The path of an address of this machine; None for any other."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return Path(address) if not parts.scheme else None


def is_own(home: Home, path: Path | None) -> bool:
    """Whether files lie where this home keeps artifacts; nowhere else does anything of it write or delete them."""
    return path is not None and lies_below(path, home.mlruns / "artifacts")


def below(home: Home, address: str) -> str:
    """The address below a home that an address of ours should be; empty where it is right, or none of ours.

    Args:
        home: The home.
        address: As it stands in MLflow's database.
    """
    path = local_path(address)
    if path is None or lies_below(path / "any", home.mlruns / "artifacts"):
        return ""
    _, found, rest = f"{os.path.abspath(path)}/".rpartition(f"{BELOW}/")  # noqa: PTH100 - no links are followed
    instead = home.mlruns / "artifacts" / rest
    return instead.as_uri() if found else ""


def strays(home: Home) -> list[Stray]:
    """Every address of ours that leads out of the home; none where MLflow's database lies elsewhere or is damaged.

    Raises:
        sqlite3.Error: The database cannot be read.
    """
    path = database(home)
    if path is None or not is_there(home):
        return []
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
        return list(_strays(opened, home))


def correct_addresses(home: Home) -> str:
    """Let the addresses of ours lead below the home, and say so where progress is shown.

    Returns:
        What was done, in a sentence; empty when nothing was wrong.

    Raises:
        GenrelabError: They are wrong and the database cannot be written to.
    """
    found = strays(home)
    path = database(home)
    if path is None or not found:
        return ""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as opened, opened:
            opened.execute("BEGIN IMMEDIATE")
            for one in (found := list(_strays(opened, home))):  # whoever came first has done it
                opened.execute(
                    f"UPDATE {one.table} SET {one.column} = ? WHERE rowid = ?",  # noqa: S608 - names from ADDRESSES
                    (one.instead, one.row),
                )
    except sqlite3.OperationalError as error:
        if not in_words(found):
            return ""
        raise GenrelabError(
            f"{path} names places outside of this home, and cannot be corrected",
            found=f"{in_words(found)}; {error}",
            do="end what uses the database, or make it writable, then run the same command again",
        ) from error
    if not (said := in_words(found)):
        return ""
    message = f"this home was moved or copied: {said} now lead below {home.root}"
    progress.say(f"{'':<22} {message}")
    return message


def in_words(found: list[Stray]) -> str:
    """How many addresses of ours lead where, for a person; empty when there is none."""
    ours = [one for one in found if one.is_ours]
    if not ours:
        return ""
    places = sorted({_root(one.address) for one in ours})
    others = f" and {len(places) - 1} more places" if len(places) > 1 else ""
    return f"{len(ours)} addresses of artifacts in {places[0]}{others}"


def _root(address: str) -> str:
    """The home that an address names."""
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
        if "no such" in str(error):  # an older MLflow, which migrates it when it opens it
            return []
        raise
