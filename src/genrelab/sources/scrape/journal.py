"""The journal: every result of every run, one JSON line each, append-only.

Conventions: the journal is the whole state of a scrape. A later line overrides an earlier one about the same artist or
track. A line is written with a single call, so a kill truncates at most the last line, which the next run removes; it
reaches the disk within `SYNC_SECONDS`.

Records, by their `kind`:

| kind | content |
|---|---|
| `run` | start of a run: tracks per artist, services for genres, sample or not |
| `artist` | name, micro-genres and popularity of an artist |
| `tracks` | the tracks that the artist is on, best first |
| `features` | audio features of a track, and where they came from |
| `genres` | an artist's genres from a service other than Spotify; an empty list if it knows none |
| `missing` | a track whose audio features no source had |
| `unknown` | an artist that Spotify does not know |
| `term` | the artists that a search term found |
| `closed` | a call that the credentials may not make |
| `wait` | time until which Spotify asks for a pause |

How the next run uses the lines does not belong here but in `genrelab.sources.scrape.state`.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.home import Home

NAME, LOCK = "journal.jsonl", "lock"
SYNC_SECONDS = 2.0
CHUNK = 1 << 16

Record = dict[str, Any]


def folder_of(home: Home, sample_seed: int | None = None) -> Path:
    """Return the folder of a scrape: one for Spotify, one for each seed of the sample catalogue."""
    return home.raw / "spotify" / ("api" if sample_seed is None else f"sample-{sample_seed}")


class Journal:
    """The journal for appending; as a context manager it locks the folder against other runs.

    Args:
        folder: Folder of the journal; created if it does not exist.

    Raises:
        GenrelabError: Another run is using the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._synced = 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> "Journal":  # noqa: PYI034 - a name is plainer than Self
        self.folder.mkdir(parents=True, exist_ok=True)
        self._guard = (self.folder / LOCK).open("w")
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._guard.close()
            raise GenrelabError(
                "another scrape is running",
                found=f"{self.folder} is in use",
                allowed="one scrape at a time",
                do="wait for it to end, or stop it",
            ) from None
        path = self.folder / NAME
        _cut_torn_line(path)
        self._file = path.open("ab")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._guard.close()  # closing releases the lock

    def add(self, kind: str, **facts: Any) -> Record:
        """Append one record with the current time, and return it."""
        record = {"kind": kind, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts}
        line = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode(
            errors="surrogatepass"
        )
        with self._lock:
            self._file.write(line)
            self._file.flush()
            if time.monotonic() - self._synced >= SYNC_SECONDS:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        return record


def read_journal(folder: Path) -> Iterator[Record]:
    """Yield the records in the order in which they were written; none if there is no journal.

    Raises:
        SourceError: A line other than the last is damaged.
    """
    path = folder / NAME
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if not isinstance(record, dict) or "kind" not in record:
                raise SourceError(
                    f"{path} is damaged",
                    found=f"line {number} is not a record",
                    allowed="one JSON object per line",
                    do="delete that line: its data are fetched again",
                )
            yield record


def _cut_torn_line(path: Path) -> None:
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - CHUNK)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                file.truncate(start + found + 1)
                return
            end = start
        file.truncate(0)
