"""A small S3 server in memory that fails in the ways in which stores fail; a stand-in, where no real one would."""

import hashlib
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

KEY, SECRET, TOKEN = "hostile-key-id", "hostile-secret-unseen", "hostile-session-token"
FAULTS = {
    "answers 500": (500, "InternalError", "We encountered an internal error."),
    "expired": (400, "ExpiredToken", f"The provided token {TOKEN} has expired."),
    "wrong key": (403, "InvalidAccessKeyId", f"The key {KEY} does not exist in our records."),
    "wrong secret": (403, "SignatureDoesNotMatch", "The request signature does not match."),
    "clock": (403, "RequestTimeTooSkewed", "The difference between the request time and ours is too large."),
    "no bucket": (404, "NoSuchBucket", "The specified bucket does not exist."),
    "region": (400, "AuthorizationHeaderMalformed", "The region 'us-east-1' is wrong; expecting 'eu-west-3'"),
    "denied": (403, "AccessDenied", "Access Denied."),
    "full": (507, "XMinioStorageFull", "Storage backend has reached its minimum free drive threshold."),
}
"""Status, code and message of each fault; `full` concerns writing only."""


class HostileS3(ThreadingHTTPServer):
    """The server.

    Attributes:
        fault: Key of `FAULTS`, `hangs`, or empty while it works.
        knows_conditions: Whether it obeys If-None-Match and If-Match.
        ahead: Seconds by which its clock is ahead.
        stopped_at: Time at which its clock stands; 0 while it runs.
        stamps: When each key was written, by its clock.
        objects: Content by key, with the bucket's name.
        released: Set when a hanging answer should end.
        asked: Method and address of each request.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = ""
        self.knows_conditions = True
        self.ahead = 0.0
        self.stopped_at = 0.0
        self.stamps: dict[str, float] = {}
        self.objects: dict[str, bytes] = {}
        self.guard = threading.Lock()
        self.released = threading.Event()
        self.asked: list[str] = []

    @property
    def now(self) -> float:
        """Time of its clock, in seconds since 1970."""
        return self.stopped_at or time.time() + self.ahead

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to use it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server_address[1]}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": TOKEN,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "GENRELAB_LAKE": "s3://bucket/lake",
        }


class _Handler(BaseHTTPRequestHandler):
    server: HostileS3
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._fails():
            return
        key, _, query = self.path.lstrip("/").partition("?")
        asked = urllib.parse.parse_qs(query)
        if "list-type" in asked:
            self._list(asked)
            return
        body = self.server.objects.get(urllib.parse.unquote(key))
        if body is None:
            self._refuse(404, "NoSuchKey", "The specified key does not exist.")
            return
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        start, _, end = wanted.partition("-")
        part = body[int(start) : int(end) + 1 if end else None] if start else body
        more = {"Content-Range": f"bytes {start}-{int(start) + len(part) - 1}/{len(body)}"} if start else {}
        self._answer(206 if start else 200, part, {"ETag": _etag(body), **more})

    do_HEAD = do_GET  # noqa: N815 - named by http.server

    def do_PUT(self) -> None:
        body = self._body()
        if self._fails(writes=True):
            return
        key, server = urllib.parse.unquote(self.path.lstrip("/").partition("?")[0]), self.server
        with server.guard:
            there = server.objects.get(key)
            if server.knows_conditions and (
                (self.headers.get("If-None-Match") and there is not None)
                or (
                    self.headers.get("If-Match")
                    and (there is None or self.headers["If-Match"] != _etag(there))
                )
            ):
                self._refuse(412, "PreconditionFailed", "A condition does not hold.")
                return
            server.objects[key], server.stamps[key] = body, server.now
        self._answer(200, b"", {"ETag": _etag(body)})

    def do_DELETE(self) -> None:
        if not self._fails():
            self.server.objects.pop(urllib.parse.unquote(self.path.lstrip("/")), None)
            self._answer(204, b"")

    def _list(self, asked: dict[str, list[str]]) -> None:
        bucket = self.path.lstrip("/").partition("?")[0].strip("/")
        prefix, delimiter = asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
        keys = [key.removeprefix(f"{bucket}/") for key in sorted(self.server.objects)]
        keys = [key for key in keys if key > asked.get("start-after", [""])[0]]
        found, folders = [], set()
        for key in keys:
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
                continue
            body = self.server.objects[f"{bucket}/{key}"]
            found.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                f"<ETag>{escape(_etag(body))}</ETag><Size>{len(body)}</Size></Contents>"
            )
        common = [f"<CommonPrefixes><Prefix>{each}</Prefix></CommonPrefixes>" for each in sorted(folders)]
        body = (
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(found + common)}</ListBucketResult>"
        )
        self._answer(200, body.encode(), {"Content-Type": "application/xml"})

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _fails(self, *, writes: bool = False) -> bool:
        self.server.asked.append(f"{self.command} {self.path}")
        fault = self.server.fault
        if fault == "hangs":
            self.server.released.wait()
            self.close_connection = True
            return True
        if not fault or (fault == "full" and not writes):
            return False
        self._refuse(*FAULTS[fault])
        return True

    def _refuse(self, status: int, code: str, message: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())

    def _answer(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        key = urllib.parse.unquote(self.path.lstrip("/").partition("?")[0])
        self.send_header("Date", formatdate(self.server.now, usegmt=True))
        stamp = self.server.stamps.get(key, self.server.now)
        self.send_header("Last-Modified", formatdate(stamp, usegmt=True))
        for name, value in {"Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


@contextmanager
def serving() -> Iterator[HostileS3]:
    """A server that is stopped with its threads, whatever the test does."""
    running = HostileS3()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.released.set()
        running.shutdown()
        running.server_close()
        thread.join()
