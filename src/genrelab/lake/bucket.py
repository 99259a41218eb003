"""A lake in a bucket of an object store (S3), with a cache in the home.

Conventions: the cache is `data/cache/<digest of the location>`. A table's folder in it holds the log of the table and
the files that were read. Commits and Parquet files never change under their name, so a table that is read again is
only asked for its new commits. Delta Lake itself commits, by a conditional put (`If-None-Match: *`), without a
database for locks. If the store cannot be reached, what is cached is read and a message says so; nothing is written.

Which error means what does not belong here but in `genrelab.lake.bucket_errors`.
"""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from deltalake.exceptions import DeltaError

from genrelab.lake.bucket_errors import StorageError, UnreachableError, explained
from genrelab.lake.storage import Storage
from genrelab.runtime import progress
from genrelab.runtime.files import digest, read_json, write_json
from genrelab.runtime.home import Home

CONNECT_SECONDS = 5
READ_SECONDS = 30
TRIES = 3
"""A server that hangs is given up after `TRIES` times `READ_SECONDS`."""
THREADS = 8
COMMIT_TRIES = 30
CONFLICT = re.compile(r"concurrent|already exists|Failed to commit transaction: \d+$", re.IGNORECASE)
EXISTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
ETAGS = "etags.json"


class Bucket(Storage):
    """The files of a lake in a bucket.

    Args:
        home: The home; its folder `data/cache` holds what was read.
        location: `s3://bucket/prefix`.
    """

    commit_retries = 0
    """A repeated commit would keep the rows of another writer's first version beside its own; `commit` starts anew."""

    def __init__(self, home: Home, location: str) -> None:
        super().__init__(home)
        self.location = location
        self.root = home.root / "data" / "cache" / digest(location)
        self._bucket, _, prefix = location.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client, self._session = _connect(location)
        self._is_safe = False
        self._lost_at: set[str] = set()
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """Address of the server; empty for that of AWS."""
        found = str(self._client.meta.endpoint_url)
        return "" if ".amazonaws.com" in found else found

    @property
    def options(self) -> dict[str, str]:
        """What Delta Lake needs to open a table of this bucket."""
        with self._explained():
            credentials = self._session.get_credentials()
            if credentials is None:
                raise explained(ValueError("no credentials"), self.location, self.endpoint)
            frozen = credentials.get_frozen_credentials()
        options = {
            "aws_access_key_id": frozen.access_key,
            "aws_secret_access_key": frozen.secret_key,
            "aws_region": str(self._client.meta.region_name or "us-east-1"),
            "aws_conditional_put": "etag",
            "connect_timeout": f"{CONNECT_SECONDS}s",
            "timeout": f"{READ_SECONDS}s",
            "max_retries": str(TRIES),
            "retry_timeout": f"{TRIES * READ_SECONDS}s",
        }
        if frozen.token:
            options["aws_session_token"] = frozen.token
        if self.endpoint:
            options |= {"aws_endpoint": self.endpoint, "allow_http": "true"}
        return options

    def uri(self, name: str) -> str:
        """Return the address of a file or folder, as Delta Lake takes it."""
        return f"{self.location}/{name}"

    def link(self, name: str) -> str:
        """Return the address of a file or folder as a URL."""
        return self.uri(name)

    def fetch(self, name: str) -> Path:
        """Return the path of a file that never changes, after fetching it; one that is not there has no file."""
        path = self.path(name)
        if not path.is_file():
            with self._explained(missing_ok=True):
                self._download(name, path)
        return path

    def refresh(self, table: str) -> None:
        """Fetch the commits of a table that are not cached yet.

        Raises:
            StorageError: The store cannot be read, and nothing is cached.
        """
        folder, log = self.path(f"lake/{table}"), f"lake/{table}/_delta_log/"
        try:
            found = {name: etag for name, etag, _ in self._list(log) if name.endswith(".json")}
        except StorageError as error:
            if not (folder / "_delta_log").is_dir():
                raise
            if str(error) not in self._lost_at:
                self._lost_at.add(str(error))
                progress.say(f"{table}: the cached copy is read, because {error}")
            return
        known: dict[str, str] = read_json(folder / ETAGS) or {}
        if found == known:
            return
        if any(
            found.get(name) != etag for name, etag in known.items()
        ):  # the table was deleted and made again
            shutil.rmtree(folder, ignore_errors=True)
            known = {}
        new = sorted(found.keys() - known.keys())
        with self._explained(), ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda name: self._download(name, self.path(name)), new))
        if found:
            write_json(folder / ETAGS, found)

    def tables(self) -> list[str]:
        """Return the names of the published tables.

        Raises:
            StorageError: The store cannot be read, and nothing is cached.
        """
        try:
            with self._explained():
                pages = self._client.get_paginator("list_objects_v2").paginate(
                    Bucket=self._bucket, Prefix=f"{self._prefix}lake/", Delimiter="/"
                )
                found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
        except StorageError:
            cached = super().tables()
            if not cached:
                raise
            return cached
        names = [each.removeprefix(f"{self._prefix}lake/").rstrip("/") for each in found]
        return sorted(
            name for name in names if any(name for name, _, _ in self._list(f"lake/{name}/_delta_log/"))
        )

    def keep(self, name: str, file: Path) -> None:
        """Upload a file and move it into the cache."""
        with self._explained():
            self._client.upload_file(str(file), self._bucket, self._prefix + name)
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        file.replace(self.path(name))

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder, by name."""
        return {name: size for name, _, size in self._list(f"{folder}/")}

    def delete(self, names: Iterable[str]) -> None:
        """Delete files, and their copies in the cache."""
        for name in names:
            with self._explained(missing_ok=True):
                self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)
            self.path(name).unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """Return a small file that may change, or None if there is none."""
        found = self.get(name)
        return found[0] if found else None

    def write(self, name: str, data: bytes) -> None:
        """Replace a small file."""
        with self._explained():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=data)

    def get(self, name: str) -> tuple[bytes, str, float] | None:
        """Return the content of a small file, its ETag, and its age in seconds by the clock of the store."""
        with self._explained(missing_ok=True):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            now = _server_time(answer) or answer["LastModified"]
            age = (now - answer["LastModified"]).total_seconds()
            return answer["Body"].read(), str(answer["ETag"]), age
        return None

    def put_if(self, name: str, data: bytes, etag: str | None) -> str | None:
        """Write a small file if nobody else has in the meantime.

        Args:
            name: Of the file.
            data: Its content.
            etag: ETag of the content that is replaced; None if there must be none.

        Returns:
            The new ETag; None if it was written by someone else.
        """
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        with self._explained(exists_ok=True):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=self._prefix + name, Body=data, **condition
            )
            return str(answer["ETag"])
        return None

    def send(self, folder: str) -> None:
        """Upload the files of a folder in `data/` that the bucket lacks or that have changed."""
        there = {name: etag.strip('"') for name, etag, _ in self._list(f"{folder}/")}
        local = self.home.root / "data"
        changed = [
            (name, file)
            for file in sorted((local / folder).rglob("*"))
            if file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(local).parts)
            and there.get(name := file.relative_to(local).as_posix()) != _md5(file)
        ]
        with self._explained(), ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda each: self._upload(*each), changed))

    def bring(self, folder: str) -> None:
        """Download the files of a folder below `data/` that this home lacks, or that have grown since."""
        local = self.home.root / "data"
        sizes = self.sizes(folder)
        missing = [
            name
            for name, size in sizes.items()
            if not (local / name).exists() or (local / name).stat().st_size < size
        ]
        with self._explained(), ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda name: self._download(name, local / name), missing))

    def forget(self, folder: str, names: Iterable[str]) -> None:
        """Remove cached files of a folder other than these: another home removed them from the bucket."""
        kept = set(names)
        for file in self.path(folder).glob("*.parquet"):
            if file.relative_to(self.root).as_posix() not in kept:
                file.unlink(missing_ok=True)

    def require_safe(self) -> None:
        """Raise an error if the store lets two writers put the same commit, or another run holds the lake.

        Raises:
            StorageError: It ignores `If-None-Match` or `If-Match`, or cannot be written to.
            LostLeaseError: Another run took the lease of this process's run.
        """
        from genrelab.lake.lease import require_held  # noqa: PLC0415 - it imports this module

        require_held()
        self.check()
        if self._is_safe:
            return
        name = f"probe/{uuid.uuid4()}"
        try:
            first = self.put_if(name, b"first", None)
            second = self.put_if(name, b"second", None)
            third = self.put_if(name, b"third", '"0123456789abcdef0123456789abcdef"')
        finally:
            with contextlib.suppress(StorageError):
                self.delete([name])
        if first is None or second or third:
            ignored = "If-None-Match" if second else "If-Match"
            raise StorageError(
                "two runs could overwrite each other on the object store of the lake, so nothing is published",
                found=f"{self.location}{f' at {self.endpoint}' if self.endpoint else ''} ignores {ignored}",
                allowed="a store with conditional puts: AWS S3, SeaweedFS, MinIO, Ceph, Cloudflare R2",
                do="put the lake on such a store, or remove lake.location to keep it on this machine",
            )
        self._is_safe = True

    def check(self) -> float:
        """Ask the store for one name; return how far its clock is ahead of this machine's, in seconds.

        Raises:
            StorageError: It cannot be read.
        """
        with self._explained():
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
        now = _server_time(answer)
        return (now - datetime.now(now.tzinfo)).total_seconds() if now else 0.0

    def commit(self, table: str, write: Callable[[], None]) -> None:
        """Write a new version of a table, which replaces all its rows; again if another writer was faster.

        Raises:
            StorageError: It cannot be written.
        """
        for left in reversed(range(COMMIT_TRIES)):
            try:
                return write()
            except (DeltaError, OSError) as error:
                if left and CONFLICT.search(str(error)):
                    continue
                self.check()  # botocore's error says more than a text that went through three libraries
                raise self._explain(error, table) from None
        return None

    def _explain(self, error: BaseException, what: str = "") -> StorageError:
        credentials = self._session.get_credentials()
        secrets = (credentials.secret_key, credentials.access_key, credentials.token) if credentials else ()
        found = explained(error, self.location, self.endpoint, secrets)
        if what and isinstance(found, UnreachableError):
            found = UnreachableError(
                f"{what} could not be written", found=found.found, allowed=found.allowed, do=found.do
            )
        return found

    @contextmanager
    def _explained(self, *, missing_ok: bool = False, exists_ok: bool = False) -> Iterator[None]:
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 - boto3 is an extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

        try:
            yield
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if (missing_ok and code in MISSING) or (exists_ok and code in EXISTS):
                return
            raise self._explain(error) from None
        except (BotoCoreError, Boto3Error) as error:
            raise self._explain(error) from None

    def _list(self, folder: str) -> Iterator[tuple[str, str, int]]:
        with self._explained():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + folder
            )
            for page in pages:
                for each in page.get("Contents", ()):
                    yield each["Key"].removeprefix(self._prefix), each["ETag"], each["Size"]

    def _download(self, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        os.close(descriptor)
        try:
            self._client.download_file(self._bucket, self._prefix + name, part)
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)

    def _upload(self, name: str, file: Path) -> None:
        kind = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
        more = {"ContentType": kind[file.suffix]} if file.suffix in kind else {}
        self._client.upload_file(str(file), self._bucket, self._prefix + name, ExtraArgs=more)


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


def _connect(location: str) -> tuple[Any, Any]:
    try:
        import boto3  # noqa: PLC0415 - an extra
        from botocore.config import Config  # noqa: PLC0415 - as above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above
    except ImportError:
        raise StorageError(
            f"the lake is at {location}, and boto3 is not installed",
            do="install it: pip install --require-hashes -r requirements-s3.lock",
        ) from None
    try:
        session = boto3.Session()
        region = session.region_name or "us-east-1"
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            max_pool_connections=THREADS * 2,
        )
        client = session.client("s3", region_name=region, config=config)
        if ".amazonaws.com" not in str(client.meta.endpoint_url):
            # Others know buckets by path, and checksums only where S3 had them from the beginning.
            others = Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
            client = session.client("s3", region_name=region, config=config.merge(others))
    except (BotoCoreError, ValueError) as error:
        raise explained(error, location, "") from None
    return client, session


def _server_time(answer: Mapping[str, Any]) -> datetime | None:
    """Return the time of the server at its answer, or None if it does not say."""
    with contextlib.suppress(KeyError, ValueError, TypeError):
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    return None


def _md5(file: Path) -> str:
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
