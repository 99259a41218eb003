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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genrelab.lake import s3_connection
from genrelab.lake.bucket_errors import StorageError, explained
from genrelab.lake.s3_connection import server_time
from genrelab.lake.storage import PROBES

THREADS = 8
EXISTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
MISSING = frozenset({"NoSuchKey", "NoSuchUpload", "404", "NotFound"})
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
        self._client, self._session = s3_connection.connect(location)

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
            **s3_connection.delta_waits(),
        }
        if frozen.token:
            options["aws_session_token"] = frozen.token
        if self.endpoint:
            options |= {"aws_endpoint": self.endpoint, "allow_http": "true"}
        return options

    def files(self, folder: str, after: str = "") -> Iterator[tuple[str, str, int]]:
        """Yield name, ETag and bytes of each file in a folder whose name sorts behind `after`."""
        behind = {"StartAfter": f"{self._prefix}{after}"} if after else {}
        for page in self._pages("list_objects_v2", f"{folder}/", **behind):
            for each in page.get("Contents", ()):
                yield each["Key"].removeprefix(self._prefix), each["ETag"], each["Size"]

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        pages = self._pages("list_objects_v2", f"{folder}/", Delimiter="/")
        found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
        return [each.removeprefix(f"{self._prefix}{folder}/").rstrip("/") for each in found]

    def old(self, folder: str, seconds: float) -> dict[str, int]:
        """Return the bytes of each file in a folder that was written that long ago, by the clock of the store."""
        return {
            each["Key"].removeprefix(self._prefix): int(each["Size"])
            for page in self._pages("list_objects_v2", f"{folder}/")
            for each in page.get("Contents", ())
            if _age(page, each["LastModified"]) > seconds
        }

    def unfinished_uploads(self, seconds: float) -> list[tuple[str, str]]:
        """Return name and id of each upload that was begun that long ago and never finished.

        A killed run leaves them. No listing of files shows them, and the store keeps their parts.
        """
        return [
            (each["Key"].removeprefix(self._prefix), each["UploadId"])
            for page in self._pages("list_multipart_uploads")
            for each in page.get("Uploads", ())
            if _age(page, each["Initiated"]) > seconds
        ]

    def abandon(self, uploads: Iterable[tuple[str, str]]) -> None:
        """Remove the parts of unfinished uploads; one that is gone already is no error."""
        for name, upload in uploads:
            with self.explained(missing_ok=True):
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=self._prefix + name, UploadId=upload
                )

    def get(self, name: str) -> StoredFile | None:
        """Return a small file, or None if there is none."""
        with self.explained(missing_ok=True):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            now = server_time(answer) or answer["LastModified"]
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

    def delete(self, *names: str) -> None:
        """Delete files; one that is gone already is no error."""
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(self._delete, names))

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
        now = server_time(answer)
        return (now - datetime.now(now.tzinfo)).total_seconds() if now else 0.0

    def require_conditions(self) -> None:
        """Raise an error if the store lets two writers put the same file.

        Raises:
            StorageError: It ignores `If-None-Match` or `If-Match`, or cannot be written to.
        """
        name = f"{PROBES}/{uuid.uuid4()}"
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

    def bound_other_clients(self) -> None:
        """Give the clients that other libraries make of boto3 the waits, tries and credentials of this store.

        MLflow has no setting for them: its own client would wait a minute for each answer, five times for each file.
        """
        s3_connection.share(self._session)

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

    def _pages(self, operation: str, name: str = "", **more: str) -> Iterator[Mapping[str, Any]]:
        """Yield the answers of a listing of what begins with a name."""
        with self.explained():
            yield from self._client.get_paginator(operation).paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{name}", **more
            )

    def _delete(self, name: str) -> None:
        with self.explained(missing_ok=True):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

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


def _age(answer: Mapping[str, Any], written: datetime) -> float:
    """Seconds since a time of the store, by its own clock at its answer if it says it."""
    return ((server_time(answer) or datetime.now(UTC)) - written).total_seconds()
