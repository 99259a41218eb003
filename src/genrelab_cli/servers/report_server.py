"""Serve the report over HTTP, because browsers block links from web pages to local files.

`python -m genrelab_cli.servers.report_server ADDRESS:PORT FOLDER` runs it as an independent service.
"""

import functools
import http.server
import sys
import threading
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

from genrelab.runtime.own_pages import OwnPagesHandler

HOST = "127.0.0.1"
NONE_YET = b"""<!doctype html><meta charset="utf-8"><title>No report yet</title>
<p>There is no report yet. Run <code>genrelab nightly</code> to write one, then reload this page.</p>
"""
NOT_FOUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>No such page</title>
<meta name="viewport" content="width=device-width">
<h1>This page is not in the report</h1>
<p>%(explain)s It may belong to a report that was removed, or to another version of genrelab.</p>
<p><a href="/latest/index.html">Open the newest report</a></p></html>
"""


def main() -> None:
    """Serve until stopped."""
    (address, _, port), folder = sys.argv[1].rpartition(":"), sys.argv[2]
    handler = functools.partial(Handler, directory=folder)
    http.server.ThreadingHTTPServer((address or HOST, int(port)), handler).serve_forever()


def serve_report(reports: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Serve the folder of all reports in a thread of this process until `shutdown`, and return the server.

    Args:
        reports: The folder; created if it does not exist.
        port: Port on loopback.
    """
    reports.mkdir(parents=True, exist_ok=True)
    server = http.server.ThreadingHTTPServer((HOST, port), functools.partial(Handler, directory=str(reports)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Handler(OwnPagesHandler, http.server.SimpleHTTPRequestHandler):
    """Serves files; redirects to the newest report, or says that there is none yet."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer an error; for a missing file, with a page that leads to the newest report."""
        if code == HTTPStatus.NOT_FOUND:
            self.error_message_format = NOT_FOUND
            explain = f"There is nothing at {unquote(self.path)}."
        super().send_error(code, message, explain)

    def do_GET(self) -> None:
        """Answer one request."""
        newest = Path(self.directory) / "latest" / "index.html"
        if self.path in {"/", "/latest", "/latest/"} and newest.is_file():
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", "/latest/index.html")
            self.end_headers()
        elif self.path in {"/", "/latest", "/latest/", "/latest/index.html"} and not newest.is_file():
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(NONE_YET)))
            self.end_headers()
            self.wfile.write(NONE_YET)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Disable the cache, so that browsers never show an old report."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Log nothing, because the terminal shows the addresses."""


if __name__ == "__main__":
    main()
