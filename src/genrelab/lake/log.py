"""Reads versions, counts and files of tables from the lake's logs, without Arrow.

`genrelab tables` is fast because of it. Rows are read and published by `genrelab.lake.lake`.
"""

import re
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from genrelab.lake.storage import storage_of
from genrelab.lake.version import METADATA, TableVersion, from_commit
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, hash_file
from genrelab.runtime.home import Home


class LakeLog:
    """The versions of the tables of one home.

    Args:
        home: Where they lie.
    """

    def __init__(self, home: Home) -> None:
        self.home, self.storage = home, storage_of(home)

    def path(self, table: str) -> Path:
        """Folder of a table on this machine; of a lake in a bucket, its cached copy."""
        return self.storage.path(f"lake/{table}")

    def files(self, table: str, version: int | None = None) -> list[Path]:
        """Return the Parquet files of the newest (or a given) version; none if there is no such version."""
        delta = self._open(table, version)
        return self._files(table, delta) if delta else []

    def missing(self, table: str) -> list[str]:
        """Return the names of the files that the newest version needs and that are not there."""
        delta = self._open(table, None)
        there = self.storage.sizes(f"lake/{table}")
        return [name for name in self._names(table, delta) if name not in there] if delta else []

    def content(self, version: TableVersion) -> str:
        """Return a digest of the bytes of a version's Parquet files, whatever they are called."""
        return digest(sorted(hash_file(file) for file in self.files(version.table, version.version)))

    def tables(self) -> list[str]:
        """Return the names of the published tables; a log without a commit (left by a full disk) does not count."""
        return self.storage.tables()

    def newest(self, *only: str) -> dict[str, TableVersion | None]:
        """The newest version of every published table, or of some; None for one that cannot be opened."""
        found: dict[str, TableVersion | None] = {}
        for table in [name for name in self.tables() if not only or name in only]:
            try:
                found[table] = self.find(table)
            except GenrelabError:
                found[table] = None
        return found

    def find(self, table: str, version: int | None = None) -> TableVersion | None:
        """The newest (or a given) version of a table, or None when there is none."""
        found = self.versions(table)
        return next((each for each in found if version in {None, each.version}), None)

    def versions(self, table: str) -> list[TableVersion]:
        """Return every version in the log, newest first; commits that published nothing are skipped."""
        delta = self._open(table, None)
        try:
            commits = delta.history() if delta else []
        except DeltaError as error:
            raise self._damaged(table, error) from error
        return [from_commit(table, each["version"], each) for each in commits if METADATA in each]

    def columns(self, table: str, version: int) -> list[str]:
        """Return the column names of a version; none if there is no such version."""
        delta = self._open(table, version)
        return [field.name for field in delta.schema().fields] if delta else []

    def current(self, table: str) -> TableVersion:
        """The newest version of a table.

        Raises:
            GenrelabError: It was never published.
        """
        found = self.find(table)
        if found is None:
            raise GenrelabError(
                f"the table {table} has not been published",
                found=", ".join(self.tables()) or "an empty lake",
                do="run `genrelab nightly`, or the flow that creates it",
            )
        return found

    def _files(self, table: str, delta: DeltaTable) -> list[Path]:
        return [self.storage.fetch(name) for name in self._names(table, delta)]

    def _names(self, table: str, delta: DeltaTable) -> list[str]:
        # Nothing is partitioned: every file lies in the table's own folder, and its name needs no decoding.
        # Names begin with the number of the file in its version, so that rows are read in the order they were written.
        return sorted(f"lake/{table}/{uri.rpartition('/')[2]}" for uri in delta.file_uris())

    def _open(self, table: str, version: int | None) -> DeltaTable | None:
        self.storage.refresh(table)
        if not (self.path(table) / "_delta_log").is_dir():
            return None
        try:
            return DeltaTable(str(self.path(table)), version=version)
        except TableNotFoundError:
            return None
        except DeltaError as error:
            if version is not None and re.search(r"version", str(error), re.IGNORECASE):
                return None
            raise self._damaged(table, error) from error

    def _damaged(self, table: str, error: Exception) -> GenrelabError:
        return GenrelabError(
            f"the table {table} cannot be opened",
            found=str(error).splitlines()[0],
            do=f"move {self.path(table)} away and run `genrelab nightly` again",
        )
