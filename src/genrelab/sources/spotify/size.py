"""Checks that tables of tracks fit into memory before they are read.

Conventions: sizes are bytes. The need is estimated from a sample of each file: the length of its lines at the
beginning, in the middle and at the end, and the share of the text in columns that are read. The size of a row without
its text was measured (benchmarks/pulls.py).
"""

from collections.abc import Sequence
from pathlib import Path

from genrelab.runtime import memory
from genrelab.runtime.disk import in_words
from genrelab.runtime.errors import SourceError
from genrelab.sources.csv_look import Look
from genrelab.sources.spotify.layouts import Found, Repeats

SURELY_FITS = 32 << 20
"""Files below this size are not checked."""
SAMPLED = 64 << 10
"""Bytes read at each of the three places."""
BY_ITSELF = 200 << 20
"""Fixed need: one chunk of records while it is parsed, and the suite."""
A_ROW = 60
"""Bytes of a row that waits in a file: hashes, and what is compared of the third that shares its track id."""
HELD, OF_TEXT = 250, 1.5
"""Bytes of a row's numbers, and copies of its text, where rows are merged in memory."""


def require_memory(path: Path, looks: Sequence[tuple[Look, Found]]) -> None:
    """Raise an error if files would not fit into memory.

    Args:
        path: The path that the user passed.
        looks: The files in it.

    Raises:
        SourceError: The files would not fit.
    """
    size = sum(seen.path.stat().st_size for seen, _ in looks)
    if size <= SURELY_FITS:
        return
    memory.give_memory_back()
    available = memory.available_bytes()
    if available is None:
        return
    has_ids = {"artist_id" in used.positions for _, used in looks}
    found = [estimate(seen, used, is_mixed=len(has_ids) > 1) for seen, used in looks]
    rows, needed = sum(rows for rows, _ in found), BY_ITSELF + sum(needed for _, needed in found)
    if needed > available:
        raise SourceError(
            f"{path} does not fit into the memory of this machine",
            found=f"about {rows:,} rows, which need {in_words(needed)}; {in_words(available)} are free",
            do="ingest a part of its rows, close other programs, or use a machine with more memory",
        )


def estimate(seen: Look, found: Found, *, is_mixed: bool = False) -> tuple[int, int]:
    """Estimate the rows of a file and the bytes of memory that they need.

    Args:
        seen: How it is written.
        found: Its layout.
        is_mixed: Whether other files know artists by other ids, so that all are held.
    """
    size = seen.path.stat().st_size
    ends = sampled = 0
    with seen.path.open("rb") as file:
        for place in (0, (size - SAMPLED) // 2, size - SAMPLED):
            file.seek(max(place, 0))
            block = file.read(SAMPLED)
            ends += max(block.count(b"\n"), block.count(b"\r"))
            sampled += len(block)
    rows = size * max(ends, 1) / max(sampled, 1)
    if found.layout.repeats == Repeats.ROWS and not is_mixed:
        return int(rows), int(rows * A_ROW)
    used = {*found.positions.values(), *(place for others in found.others.values() for place in others)}
    whole = sum(len(cell) + 1 for record in seen.sample for cell in record)
    read = sum(len(record[place]) for record in seen.sample for place in used)
    return int(rows), int(rows * HELD + OF_TEXT * size * (read / whole if whole else 1))
