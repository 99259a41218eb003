"""Checks that this user may write to a home: before a run starts, and after a permission error in the middle of it.

Conventions: only the folders that a run writes to and the files that it writes in place are checked (about a hundred),
not every file of the home. The most common cause is a single run as root in the home of another user.
"""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

FOLDERS = (
    "data",
    "data/*",
    "data/*/*",
    "data/lake/*/_delta_log",
    "mlruns",
    "mlruns/*",
    "mlruns/artifacts/*",
    ".prefect",
    ".prefect/*",
)
WRITTEN = (".prefect/*.db*", ".prefect/*.log", "mlruns/*.db*", "data/state/run.lock")
"""Files that are written in place; all others are replaced, which needs write permission on their folder only."""
OWN_FOLDERS = (
    *("data", "data/lake", "data/raw", "data/state", "data/quarantine", "data/reports"),
    *("mlruns", "mlruns/artifacts", ".prefect"),
)
"""Folders that a run creates if they do not exist."""
READ = ("genrelab.toml", "data/state/*.json", "data/state/*/*.json")


class AccessError(GenrelabError):
    """Files of the home belong to another user or cannot be written."""


def require_access(home: Home) -> None:
    """Raise an error if this user may not write to the home.

    Raises:
        AccessError: A path cannot be written; the message names the first such path and its owner.
    """
    refused = list(refusals(home))
    if refused:
        raise refusal(home, refused[0], len(refused) - 1)


def refusals(home: Home) -> Iterator[Path]:
    """Yield the paths of a home that this user may not read or write as a run needs to."""
    first = home.root
    while not first.exists() and first != first.parent:
        first = first.parent  # what is not there is made in the nearest folder that is
    if not (first.is_dir() and _may(first, os.R_OK | os.W_OK | os.X_OK)):
        yield first
        return
    yield from (home.root / name for name in OWN_FOLDERS if _stands_in_for(home.root / name))
    for patterns, rights in ((FOLDERS, 0), (WRITTEN, os.R_OK | os.W_OK), (READ, os.R_OK)):
        for pattern in patterns:
            for path in sorted(home.root.glob(pattern)):
                if path.is_dir() == (rights == 0) and not _may(path, rights or os.R_OK | os.W_OK | os.X_OK):
                    yield path


def refusal(home: Home, path: Path, more: int = 0) -> AccessError:
    """Return the error for a path that may not be read or written.

    Args:
        home: The home of the run.
        path: The path.
        more: How many further paths are affected.
    """
    others = f" ({more} more paths like it)" if more > 0 else ""
    me, whose = user_name(os.geteuid()), _owner(path)
    elsewhere = "point GENRELAB_HOME elsewhere"
    if home.short(path) in OWN_FOLDERS and (found := _stands_in_for(path)):
        return AccessError(
            f"{path} is not a folder",
            found=found,
            allowed="a folder, a link to a folder, or no file at all",
            do="mount the target of the link, or remove the link"
            if path.is_symlink()
            else f"move it away, or {elsewhere}",
        )
    if path.is_file() and not home.holds(path) and home.root.is_relative_to(path):
        return AccessError(f"the home {home.root} cannot be created", found=f"{path} is a file", do=elsewhere)
    if _is_read_only(path):
        return AccessError(
            f"{path} cannot be written to",
            found=f"a read-only file system{others}",
            do=f"mount it read-write, or {elsewhere}",
        )
    is_unreadable = not _may(path, os.R_OK) and (path.is_file() or not home.holds(path)) and path != home.root
    verb = "cannot be read" if is_unreadable else "cannot be written to"
    if whose == me:
        do = f"chmod -R u+rwX {path if not home.holds(path) else home.root}"
        return AccessError(
            f"{path} {verb}", found=f"its owner {me} has no permission to do so{others}", do=do
        )
    if path == home.root or home.holds(path):
        do = f"sudo chown -R {me} {home.root}, or run as {whose}"
    else:
        do = f"give {me} permission (chmod, setfacl), or run as {whose}"
    return AccessError(
        f"{path} {verb}",
        found=f"it belongs to {whose}, but this process runs as {me}{others}",
        do=f"{do}, or {elsewhere}" if path == home.root else do,
    )


def user_name(number: int) -> str:
    """Return the name of a user, or the number if it has no name, as in many containers."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _may(path: Path, rights: int) -> bool:
    return os.access(path, rights)


def _stands_in_for(folder: Path) -> str:
    """What a path is instead of a folder; empty for a folder and for a path that does not exist."""
    if folder.is_dir() or not os.path.lexists(folder):
        return ""
    return "a file" if folder.exists() else f"a link to {folder.readlink()}, which does not exist"


def _owner(path: Path) -> str:
    while True:
        try:
            return user_name(path.stat().st_uid)
        except OSError:  # does not exist, or its folder may not be listed
            if path == path.parent:
                return "somebody else"
            path = path.parent


def _is_read_only(path: Path) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False
