"""Whether this user may write to a home: asked before a run starts, and when something was refused in the middle.

Conventions: asked are the folders that a run writes to and the files that it writes in place, some hundred of them;
not every file of the home. The most common cause is one run as root among those of another user.
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
"""Files that are written in place; all others are replaced, which takes the right to their folder."""
OWN_FOLDERS = (
    *("data", "data/lake", "data/raw", "data/state", "data/quarantine", "data/reports"),
    *("mlruns", "mlruns/artifacts", ".prefect"),
)
"""Folders that a run makes where nothing is."""
READ = ("genrelab.toml", "data/state/*.json", "data/state/*/*.json")


class AccessError(GenrelabError):
    """Files of the home belong to somebody else, or cannot be written at all."""


def require_access(home: Home) -> None:
    """Make sure that a run may write to its home.

    Raises:
        AccessError: It may not; the message names the first path and its owner.
    """
    refused = list(refusals(home))
    if refused:
        raise refusal(home, refused[0], len(refused) - 1)


def refusals(home: Home) -> Iterator[Path]:
    """The paths of a home that this user may not use as a run does."""
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
    """What to say of a path that may not be written or read.

    Args:
        home: Whose run wants to.
        path: The path.
        more: How many others there are.
    """
    others = f" ({more} more paths like it)" if more > 0 else ""
    me, whose = user_name(os.geteuid()), _owner(path)
    elsewhere = "point GENRELAB_HOME elsewhere"
    if home.short(path) in OWN_FOLDERS and (found := _stands_in_for(path)):
        return AccessError(
            f"{path} is no folder",
            found=found,
            allowed="a folder, a link to one, or nothing",
            do="mount what the link leads to, or remove it"
            if path.is_symlink()
            else f"move it away, or {elsewhere}",
        )
    if path.is_file() and not home.holds(path) and home.root.is_relative_to(path):
        return AccessError(f"the home {home.root} cannot be made", found=f"{path} is a file", do=elsewhere)
    if _is_read_only(path):
        return AccessError(
            f"{path} cannot be written to",
            found=f"a file system that can only be read{others}",
            do=f"mount it for writing, or {elsewhere}",
        )
    is_unreadable = not _may(path, os.R_OK) and (path.is_file() or not home.holds(path)) and path != home.root
    verb = "cannot be read" if is_unreadable else "cannot be written to"
    if whose == me:
        do = f"chmod -R u+rwX {path if not home.holds(path) else home.root}"
        return AccessError(f"{path} {verb}", found=f"rights that its owner {me} took away{others}", do=do)
    if path == home.root or home.holds(path):
        do = f"sudo chown -R {me} {home.root}, or run as {whose}"
    else:
        do = f"let {me} do so (chmod, setfacl), or run as {whose}"
    return AccessError(
        f"{path} {verb}",
        found=f"it belongs to {whose}, and this runs as {me}{others}",
        do=f"{do}, or {elsewhere}" if path == home.root else do,
    )


def user_name(number: int) -> str:
    """Name of a user; the number where it has none, as in many containers."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _may(path: Path, rights: int) -> bool:
    return os.access(path, rights)


def _stands_in_for(folder: Path) -> str:
    """What lies where a folder belongs; empty where it is one, or nothing."""
    if folder.is_dir() or not os.path.lexists(folder):
        return ""
    return "a file" if folder.exists() else f"a link to {folder.readlink()}, which is not there"


def _owner(path: Path) -> str:
    while True:
        try:
            return user_name(path.stat().st_uid)
        except OSError:  # not there, or in a folder that may not be looked into
            if path == path.parent:
                return "somebody else"
            path = path.parent


def _is_read_only(path: Path) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False
