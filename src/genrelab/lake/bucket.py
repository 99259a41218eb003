"""A lake in a bucket of an object store (S3), with a cache in the home.

Conventions: the cache is `data/cache/<digest of the location>`. A table's folder in it holds the log of the table and
the files that were read. Commits and Parquet files never change under their name, so a table that is read again is
only asked for its new commits. Delta Lake itself commits, by a conditional put (`If-None-Match: *`), without a
database for locks. If the store cannot be reached, what is cached is read and a message says so; nothing is written.

How the store is called does not belong here but in `genrelab.lake.object_store`.
"""

import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from deltalake.exceptions import DeltaError

from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.object_store import ObjectStore
from genrelab.lake.storage import Storage
from genrelab.runtime.files import digest, hash_file, read_json, write_json
from genrelab.runtime.home import Home

log = logging.getLogger("genrelab")
AWAY_SECONDS = 30.0
"""For this long a store that failed is not asked again for what is cached."""
COMMIT_TRIES = 30
CONFLICT = re.compile(r"concurrent|already exists|Failed to commit transaction: \d+$", re.IGNORECASE)
ETAGS = "etags.json"


class Bucket(Storage):
    """The files of a lake in a bucket.

    Args:
        home: The home; its folder `data/cache` holds what was read.
        location: `s3://bucket/prefix`.

    Raises:
        StorageError: boto3 is not installed, or the profile does not exist.
    """

    commit_retries = 0
    """A repeated commit would keep the rows of another writer's first version beside its own; `commit` starts anew."""

    def __init__(self, home: Home, location: str) -> None:
        super().__init__(home)
        self.location = location
        self.root = home.root / "data" / "cache" / digest(location)
        self.store = ObjectStore(location)
        self._is_safe = False
        self._away_until = 0.0
        self._is_ours = False
        self._writes = 0
        self._asked_at: dict[str, int] = {}
        self._names: tuple[int, list[str]] = (-1, [])

    @property
    def options(self) -> dict[str, str]:
        """What Delta Lake needs to open a table of this bucket."""
        return self.store.options

    def uri(self, name: str) -> str:
        """Return the address of a file or folder, as Delta Lake takes it."""
        return f"{self.location}/{name}"

    def name_of(self, uri: str) -> str:
        """Return the name of an address that `uri` made; empty for any other."""
        start = f"{self.location}/"
        return uri.removeprefix(start) if uri.startswith(start) else ""

    def link(self, name: str) -> str:
        """Return the address of a file or folder as a URL."""
        return self.uri(name)

    def fetch(self, name: str) -> Path:
        """Return the path of a file that never changes, after fetching it; one that is not there has no file."""
        path = self.path(name)
        if not path.is_file():
            self.store.download({name: path})
        return path

    def refresh(self, table: str) -> None:
        """Fetch the commits of a table that are not cached yet.

        Raises:
            StorageError: The store cannot be read, and nothing is cached.
        """
        folder = self.path(f"lake/{table}")
        is_cached, writes = (folder / "_delta_log").is_dir(), self._writes
        if is_cached and self._is_ours and self._asked_at.get(table) == writes:
            return
        if self._is_asked(is_cached=is_cached):
            with self._or_cached(is_cached=is_cached):
                self._refresh(folder, f"lake/{table}/_delta_log")
                self._asked_at[table] = writes

    def _refresh(self, folder: Path, commits: str) -> None:
        known: dict[str, str] = read_json(folder / ETAGS) or {}
        newest = max(known, default="")
        # Without its last letter, so that the newest one is listed too.
        found = self._commits(commits, after=newest[:-1])
        if newest and found.get(newest) != known[newest]:  # the table was deleted and made again
            shutil.rmtree(folder, ignore_errors=True)
            known, found = {}, self._commits(commits)
        new = sorted(found.keys() - known.keys())
        self.store.download({name: self.path(name) for name in new})
        if new:
            write_json(folder / ETAGS, known | found)

    def _commits(self, folder: str, after: str = "") -> dict[str, str]:
        """Return the ETag of each commit in the log of a table, by name."""
        return {name: etag for name, etag, _ in self.store.files(folder, after) if name.endswith(".json")}

    def tables(self) -> list[str]:
        """Return the names of the published tables.

        Raises:
            StorageError: The store cannot be read, and nothing is cached.
        """
        cached, writes = super().tables(), self._writes
        if self._is_ours and self._names[0] == writes:
            return self._names[1]
        if self._is_asked(is_cached=bool(cached)):
            with self._or_cached(is_cached=bool(cached)):
                there = self.store.folders("lake")
                for name in set(there) - set(cached):
                    self.refresh(name)
                found = sorted({*there} & {*super().tables()})
                self._names = writes, found
                return found
        return cached

    def hold(self, *, is_held: bool) -> None:
        """Begin or end the time in which nobody else writes, because this run holds the lease of the lake.

        What was asked once is then asked again only after this run has written.
        """
        self._is_ours = is_held
        self._writes += 1

    def keep(self, name: str, file: Path) -> None:
        """Upload a file and move it into the cache."""
        self.store.upload([(name, file)])
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        file.replace(self.path(name))

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder, by name."""
        return {name: size for name, _, size in self.store.files(folder)}

    def delete(self, names: Iterable[str]) -> None:
        """Delete files, and their copies in the cache."""
        gone = list(names)
        self.store.delete(*gone)
        self._writes += 1
        for name in gone:
            self.path(name).unlink(missing_ok=True)

    def old(self, folder: str, seconds: float) -> dict[str, int]:
        """Return the bytes of each file in a folder that was written that long ago, by name."""
        return self.store.old(folder, seconds)

    def unfinished_uploads(self, seconds: float) -> list[tuple[str, str]]:
        """Return name and id of each upload that was begun that long ago and never finished."""
        try:
            return self.store.unfinished_uploads(seconds)
        except StorageError:
            return []  # it is a right of its own, and not every store has this list

    def abandon(self, uploads: Iterable[tuple[str, str]]) -> None:
        """Remove what unfinished uploads left."""
        self.store.abandon(uploads)

    def read(self, name: str) -> bytes | None:
        """Return a small file that may change, or None if there is none."""
        found = self.store.get(name)
        return found.content if found else None

    def write(self, name: str, data: bytes) -> None:
        """Replace a small file."""
        self.store.put(name, data)

    def send(self, folder: str) -> None:
        """Upload the files of a folder in `data/` that the bucket lacks or that have changed."""
        there = {name: etag.strip('"') for name, etag, _ in self.store.files(folder)}
        local = self.home.root / "data"
        changed = [
            (name, file)
            for file in sorted((local / folder).rglob("*"))
            if file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(local).parts)
            and there.get(name := file.relative_to(local).as_posix()) != hash_file(file, "md5")
        ]
        self.store.upload(changed)

    def bring(self, folder: str) -> None:
        """Download the files of a folder below `data/` that this home lacks, or that have grown since."""
        local = self.home.root / "data"
        sizes = self.sizes(folder)
        missing = [
            name
            for name, size in sizes.items()
            if not (local / name).exists() or (local / name).stat().st_size < size
        ]
        self.store.download({name: local / name for name in missing})

    def forget(self, folder: str, names: Iterable[str]) -> None:
        """Remove cached files of a folder other than these: another home removed them from the bucket."""
        kept = set(names)
        for file in self.path(folder).glob("*.parquet"):
            if file.relative_to(self.root).as_posix() not in kept:
                file.unlink(missing_ok=True)

    def require_safe(self) -> None:
        """Raise an error if the store lets two writers put the same commit, or another run holds the lake.

        Raises:
            StorageError: It ignores conditions, or cannot be used.
            LostLeaseError: Another run took the lease of this process's run.
        """
        from genrelab.lake.lease import require_held  # noqa: PLC0415 - it imports this module

        require_held()
        self.store.check()
        self._away_until = 0.0
        if not self._is_safe:
            self.store.require_conditions()
            self._is_safe = True

    def commit(self, write: Callable[[], None]) -> None:
        """Write a new version of a table, which replaces all its rows; again if another writer was faster.

        Raises:
            StorageError: It cannot be written.
        """
        for left in reversed(range(COMMIT_TRIES)):
            try:
                return self._write(write)
            except (DeltaError, OSError) as error:
                if left and CONFLICT.search(str(error)):
                    continue
                self.store.check()  # botocore's error says more than a text that went through three libraries
                raise self.store.explain(error) from None
        return None

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        finally:
            self._writes += 1

    def _is_asked(self, *, is_cached: bool) -> bool:
        """Whether the store is asked: not for what is cached, soon after it has failed."""
        return not is_cached or time.monotonic() >= self._away_until

    @contextmanager
    def _or_cached(self, *, is_cached: bool) -> Iterator[None]:
        """Do without the store where it fails and something is cached."""
        try:
            yield
        except StorageError as error:
            if not is_cached:
                raise
            if self._away_until == 0:
                log.warning("the copy of the lake in %s is read, because %s", self.root, error)
            self._away_until = time.monotonic() + AWAY_SECONDS


def bucket_storage(home: Home, location: str) -> Bucket:
    """Return the storage of a location, the same one for all calls in a process.

    Raises:
        StorageError: boto3 is not installed, or the profile does not exist.
    """
    return _bucket_of(home, location, _identity(os.environ), os.getpid())


@lru_cache(maxsize=4)
def _bucket_of(home: Home, location: str, _identity: tuple[str, ...], _process: int) -> Bucket:
    # A connection is not shared with a forked process.
    return Bucket(home, location)


def _identity(environment: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}={value}" for name, value in sorted(environment.items()) if name.startswith("AWS_"))
