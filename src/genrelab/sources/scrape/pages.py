"""Raw pages: every answer of the APIs, kept as it came.

Conventions: pages lie in segments, `pages/<start of the run>-<number>.jsonl.gz`; each page is one gzip member
that holds one JSON line: source, time, sha256 of the body, and the body as text. A segment grows as `.part`
and gets its name when it is closed; it is never opened again. `manifest.jsonl` names each closed segment with
the number of its pages, its bytes and its sha256. A kill leaves at most one torn page at the end of a
`.part`: the next run keeps the whole pages before it.
"""

import gzip
import hashlib
import json
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genrelab.runtime.files import hash_file, write_atomically

SEGMENT_BYTES = 8 << 20
MANIFEST = "manifest.jsonl"
LEVEL = 4
"""Of gzip: a page of 4 KB takes 0.1 ms, and shrinks to a fifth."""


class Pages:
    """Writes raw pages of one run; closed by `close`.

    Args:
        folder: Where segments lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        _salvage(folder)
        self._stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._number = 0
        self._file: Any = None
        self._path = folder
        self._count = 0
        self._lock = threading.Lock()

    def add(self, source: str, body: bytes) -> str:
        """Keep one page.

        Args:
            source: Address that it came from.
            body: As it came.

        Returns:
            The sha256 of the body, in hexadecimal.
        """
        digest = hashlib.sha256(body).hexdigest()
        line = {
            "source": source,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "sha256": digest,
            "body": body.decode("utf-8", errors="surrogateescape"),
        }
        member = gzip.compress((json.dumps(line) + "\n").encode(), LEVEL)
        with self._lock:
            if self._file is None:
                self._number += 1
                self._path = self.folder / f"{self._stamp}-{self._number:04d}.jsonl.gz.part"
                self._file, self._count = self._path.open("wb"), 0
            self._file.write(member)
            self._file.flush()
            self._count += 1
            if self._file.tell() >= SEGMENT_BYTES:
                self._close()
        return digest

    def close(self) -> None:
        """Give the last segment its name."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            final = self._path.with_suffix("")
            self._path.replace(final)
            _note(final, self._count)


def read_pages(folder: Path) -> Iterator[dict[str, Any]]:
    """Every page that was kept, oldest first; a torn one at the end of a segment is left out."""
    for path in sorted([*folder.glob("*.jsonl.gz"), *folder.glob("*.part")]):
        for line in _lines(path):
            yield json.loads(line)


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as segment:
        try:
            for line in segment:
                if line.endswith(b"\n"):
                    yield line
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return  # what a kill tore off


def _salvage(folder: Path) -> None:
    """Close what a killed run left open, and note segments that it had no time to note."""
    for part in sorted(folder.glob("*.part")):
        lines = list(_lines(part))
        if lines:
            write_atomically(part, b"".join(gzip.compress(line, LEVEL) for line in lines))
            part.replace(part.with_suffix(""))
        else:
            part.unlink()
    manifest = folder / MANIFEST
    noted = manifest.read_text(encoding="utf-8") if manifest.is_file() else ""
    for segment in sorted(folder.glob("*.jsonl.gz")):
        if f'"{segment.name}"' not in noted:
            _note(segment, sum(1 for _ in _lines(segment)))


def _note(segment: Path, pages: int) -> None:
    line = {
        "segment": segment.name,
        "pages": pages,
        "bytes": segment.stat().st_size,
        "sha256": hash_file(segment),
        "closed_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with (segment.parent / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write(json.dumps(line) + "\n")
