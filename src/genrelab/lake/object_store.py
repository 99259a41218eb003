"""Calls of an object store (S3): list, read, write, and write on a condition, each with a bounded wait.

Conventions: names are below the prefix of a location, `s3://bucket/prefix`. Every error of the store becomes one of
`genrelab.lake.bucket_errors`. Address, region and credentials are found the way of AWS.

What a table or a cache is does not belong here but in `genrelab.lake.bucket`.
"""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from genrelab.lake.bucket_errors import StorageError, explained

CONNECT_SECONDS = 5
READ_SECONDS = 30
TRIES = 3
"""A server that hangs is given up after `TRIES` times `READ_SECONDS`."""
THREADS = 8
EXISTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""Content types without which a browser does not show a report's files."""


@dataclass(frozen=True)
class StoredFile:
    """A small file of the store.

    Args:
        content: Its bytes.
        etag: ETag of this content, which changes with it.
        age: Seconds since it was written, by the clock of the store.
    """

    content: bytes
    etag: str
    age: float


class ObjectStore:
    """The files below a prefix of a bucket.

    Args:
        location: `s3://bucket/prefix`.

    Raises:
        StorageError: boto3 is not installed, or the profile does not exist.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._bucket, _, prefix = location.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client, self._session = _connect(location)

    def __str__(self) -> str:
        return f"{self.location}{f' at {self.endpoint}' if self.endpoint else ''}"

    @property
    def endpoint(self) -> str:
        """Address of the server; empty for that of AWS."""
        found = str(self._client.meta.endpoint_url)
        return "" if ".amazonaws.com" in found else found

    @property
    def options(self) -> dict[str, str]:
        """What Delta Lake needs to open a table of this store."""
        with self.explained():
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

    def files(self, folder: str) -> Iterator[tuple[str, str, int]]:
        """Yield name, ETag and bytes of each file in a folder."""
        with self.explained():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{folder}/"
            )
            for page in pages:
                for each in page.get("Contents", ()):
                    yield each["Key"].removeprefix(self._prefix), each["ETag"], each["Size"]

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        start = f"{self._prefix}{folder}/"
        with self.explained():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=start, Delimiter="/"
            )
            found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
        return [each.removeprefix(start).rstrip("/") for each in found]

    def get(self, name: str) -> StoredFile | None:
        """Return a small file, or None if there is none."""
        with self.explained(missing_ok=True):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            now = _server_time(answer) or answer["LastModified"]
            age = (now - answer["LastModified"]).total_seconds()
            return StoredFile(answer["Body"].read(), str(answer["ETag"]), age)
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
        with self.explained(exists_ok=True):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=self._prefix + name, Body=data, **condition
            )
            return str(answer["ETag"])
        return None

    def put(self, name: str, data: bytes) -> None:
        """Write a small file."""
        with self.explained():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=data)

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone already is no error."""
        with self.explained(missing_ok=True):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def download(self, files: Mapping[str, Path]) -> None:
        """Copy files, by name, to paths of this machine; each appears complete, one that is missing not at all."""
        if not files:
            return
        with self.explained(), ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(self._download, files.keys(), files.values()))

    def upload(self, files: Iterable[tuple[str, Path]]) -> None:
        """Copy files of this machine to names of the store."""
        with self.explained(), ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda each: self._upload(*each), files))

    def check(self) -> float:
        """Ask the store for one name; return how far its clock is ahead of this machine's, in seconds.

        Raises:
            StorageError: It cannot be read.
        """
        with self.explained():
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
        now = _server_time(answer)
        return (now - datetime.now(now.tzinfo)).total_seconds() if now else 0.0

    def require_conditions(self) -> None:
        """Raise an error if the store lets two writers put the same file.

        Raises:
            StorageError: It ignores `If-None-Match` or `If-Match`, or cannot be written to.
        """
        name = f"probe/{uuid.uuid4()}"
        try:
            first = self.put_if(name, b"first", None)
            second = self.put_if(name, b"second", None)
            third = self.put_if(name, b"third", '"0123456789abcdef0123456789abcdef"')
        finally:
            with contextlib.suppress(StorageError):
                self.delete(name)
        if first is None or second or third:
            ignored = "If-None-Match" if second else "If-Match"
            raise StorageError(
                "two runs could overwrite each other on the object store of the lake, so nothing is published",
                found=f"{self} ignores {ignored}",
                allowed="a store with conditional puts: AWS S3, SeaweedFS, MinIO, Ceph, Cloudflare R2",
                do="put the lake on such a store, or remove lake.location to keep it on this machine",
            )

    def explain(self, error: BaseException) -> StorageError:
        """Return the message for an error, without the secrets of this store."""
        credentials = self._session.get_credentials()
        secrets = (credentials.secret_key, credentials.access_key, credentials.token) if credentials else ()
        return explained(error, self.location, self.endpoint, secrets)

    @contextmanager
    def explained(self, *, missing_ok: bool = False, exists_ok: bool = False) -> Iterator[None]:
        """Give errors of the store their message."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 - boto3 is an extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

        try:
            yield
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if (missing_ok and code in MISSING) or (exists_ok and code in EXISTS):
                return
            raise self.explain(error) from None
        except (BotoCoreError, Boto3Error) as error:
            raise self.explain(error) from None

    def _download(self, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        os.close(descriptor)
        try:
            with self.explained(missing_ok=True):
                self._client.download_file(self._bucket, self._prefix + name, part)
                Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)

    def _upload(self, name: str, file: Path) -> None:
        more = {"ContentType": KINDS[file.suffix]} if file.suffix in KINDS else {}
        self._client.upload_file(str(file), self._bucket, self._prefix + name, ExtraArgs=more)


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
        region = os.environ.get("AWS_REGION") or session.region_name or "us-east-1"
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
