"""Checks the free disk space before a run starts, and recognises a full disk while it runs.

Conventions: sizes are bytes. A full disk causes different errors (of the system, SQLite, Delta Lake, Arrow); all become
one message.
"""

import errno
import shutil
from pathlib import Path

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

LEAST_FREE = 200 << 20
"""A run on sample data writes about 60 MB, Prefect and MLflow need room for their databases."""
NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORDS = (
    "no space left on device",
    "database or disk is full",
    "disk quota exceeded",
    "file too large",
    "failed to offload data block",  # DuckDB stops before its temporary files fill the disk
)


class DiskFullError(GenrelabError):
    """The disk has too little free space for a run."""


def free_bytes(path: Path) -> int:
    """Return the free bytes of the disk of a folder, which need not exist yet."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def require_room(home: Home, least: int = LEAST_FREE) -> None:
    """Raise an error if the disk has too little free space for a run.

    Raises:
        DiskFullError: Less than `least` bytes are free.
    """
    free = free_bytes(home.root)
    if free < least:
        raise _full(home, f"{in_words(free)} free on the disk of {home.root}", f"at least {in_words(least)}")


def is_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full, whichever library raised it."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        if isinstance(each, OSError) and each.errno in NUMBERS:
            return True
        if any(words in str(each).lower() for words in WORDS):
            return True
        each = each.__cause__ or each.__context__
    return False


def disk_full(home: Home, step: str) -> DiskFullError:
    """Return the error for a disk that filled up while a step was writing."""
    found = f"{step} could not write; {in_words(free_bytes(home.root))} free on the disk of {home.root}"
    return _full(home, found, "")


def _full(home: Home, found: str, allowed: str) -> DiskFullError:
    return DiskFullError(
        "the disk is full",
        found=found,
        allowed=allowed,
        do=f"free disk space (`genrelab clean --dry-run` lists what can be removed from {home.root}) "
        "and run the same command again; the last good tables stay in use",
    )


def in_words(size: float) -> str:
    """Return a size with its unit.

    >>> in_words(1536), in_words(3 << 20), in_words(0)
    ('1.5 KB', '3.0 MB', '0 bytes')
    """
    if size < 1024:  # noqa: PLR2004 - bytes in a KB
        return f"{size:,.0f} bytes"
    for unit in ("KB", "MB", "GB"):
        size /= 1024
        if size < 1024:  # noqa: PLR2004 - as above
            return f"{size:,.1f} {unit}"
    return f"{size / 1024:,.1f} TB"
