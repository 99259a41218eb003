"""Room on the disk: told before a run starts, and in words when it runs out in mid-write.

Conventions: sizes are bytes. A full disk shows as many errors (of the system, SQLite, Delta Lake, Arrow); all of
them mean the same to a person.
"""

import errno
import shutil
from pathlib import Path

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

LEAST_FREE = 200 << 20
"""A run on sample data writes about 60 MB, Prefect and MLflow need room for their databases."""
NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORDS = ("no space left on device", "database or disk is full", "disk quota exceeded", "file too large")


class DiskFullError(GenrelabError):
    """There is no room for what a run writes."""


def free_bytes(path: Path) -> int:
    """Bytes that may still be written below a folder, which need not exist yet."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def require_room(home: Home, least: int = LEAST_FREE) -> None:
    """Make sure that a run has room before it starts.

    Raises:
        DiskFullError: It has not.
    """
    free = free_bytes(home.root)
    if free < least:
        raise _full(home, f"{in_words(free)} free where {home.root} lies", f"at least {in_words(least)}")


def is_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full, whoever raised it."""
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
    """What to say when the disk ran full in mid-write."""
    found = f"{step} could not write; {in_words(free_bytes(home.root))} free where {home.root} lies"
    return _full(home, found, "")


def _full(home: Home, found: str, allowed: str) -> DiskFullError:
    return DiskFullError(
        "the disk is full",
        found=found,
        allowed=allowed,
        do=f"make room (`genrelab clean --dry-run` shows what may go, data/ and mlruns/ lie in {home.root}) "
        "and run the same command again; the last good tables stay in use",
    )


def in_words(size: float) -> str:
    """A size for people.

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
