"""A file server on loopback that breaks off, ignores ranges, or refuses."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = bytes(range(256)) * 4096
SHA1 = hashlib.sha1(BODY, usedforsecurity=False).hexdigest()


class Server(ThreadingHTTPServer):
    """A file server on loopback that can break off, ignore ranges, or refuse."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = BODY
        self.breaks_after: list[int] = []
        self.knows_ranges = True
        self.status = 0
        self.ranges: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/fma_metadata.zip"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        wanted = self.headers.get("Range")
        server.ranges.append(wanted)
        start = int(re.findall(r"\d+", wanted)[0]) if wanted and server.knows_ranges else 0
        if server.status or start >= len(server.body):
            self.send_error(server.status or 416)
            return
        body = server.body[start:]
        self.send_response(206 if start else 200)
        if start:
            end = len(server.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(server.body)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sent = server.breaks_after.pop(0) if server.breaks_after else len(body)
        self.wfile.write(body[:sent])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server that is stopped with its thread, whatever the test does."""
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
