"""Where the files of a lake lie: in the home's own folders, or in a bucket (`genrelab.lake.bucket`).

Conventions: a file has a name below one root, `lake/<table>/<file>` or `quarantine/<table>/<file>`. Files of tables
and rejected rows never change once they have a name. Everything that reads and writes them goes through a `Storage`;
this one is a folder, where each call is no more than a path.

What a table or a version is does not belong here but in `genrelab.lake.lake` and `genrelab.lake.log`.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import lies_below, write_atomically
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    from genrelab.lake.bucket import Bucket

WORK = "work"
"""Folder of large arguments of the jobs of Dask, while a run lasts."""
PROBES = "probe"
"""Folder of the files with which a store is tried."""


class Storage:
    """The files of a lake in a folder of this machine.

    Args:
        home: The home; its folder `data` holds the files.
    """

    location = ""
    """Address of the bucket; empty for a folder."""
    commit_retries: int | None = None
    """How often Delta Lake itself repeats a commit; None for its default."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.root = home.root / "data"

    @property
    def options(self) -> dict[str, str] | None:
        """What Delta Lake needs to open a table at `uri`."""
        return None

    def path(self, name: str) -> Path:
        """Where a file or folder lies on this machine, or will lie once it is fetched."""
        return self.root / name

    def uri(self, name: str) -> str:
        """Return the address of a file or folder, as Delta Lake takes it."""
        return str(self.root / name)

    def link(self, name: str) -> str:
        """Return the address of a file or folder as a URL."""
        return (self.root / name).as_uri()

    def fetch(self, name: str) -> Path:
        """Return the path of a file that never changes; it need not exist."""
        return self.root / name

    def refresh(self, table: str) -> None:
        """Bring what is known of the versions of a table up to date."""

    def tables(self) -> list[str]:
        """Return the names of the published tables; a log without a commit (left by a full disk) does not count."""
        logs = (self.root / "lake").glob("*/_delta_log")
        return sorted(log.parent.name for log in logs if any(log.glob("*.json")))

    def keep(self, name: str, file: Path) -> None:
        """Move a file, on the disk of `path`, under a name."""
        file.replace(self.root / name)

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder, by name."""
        files = (self.root / folder).rglob("*")
        return {f"{file.relative_to(self.root)}": file.lstat().st_size for file in files if file.is_file()}

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; those that are gone already are no error.

        Raises:
            GenrelabError: A name leads out of the folder.
        """
        for name in names:
            if not lies_below(self.root / name, self.root):
                raise GenrelabError(f"{name} is not removed", found=f"it lies outside of {self.root}")
            (self.root / name).unlink(missing_ok=True)

    def old(self, folder: str, seconds: float) -> dict[str, int]:
        """Return the bytes of each file in a folder that was written that long ago, by name."""
        now = time.time()
        return {
            name: size
            for name, size in self.sizes(folder).items()
            if now - (self.root / name).stat().st_mtime > seconds
        }

    def unfinished_uploads(self, seconds: float) -> list[tuple[str, str]]:  # noqa: ARG002 - a folder has none
        """Return name and id of each upload that was begun that long ago and never finished."""
        return []

    def abandon(self, uploads: Iterable[tuple[str, str]]) -> None:
        """Remove what unfinished uploads left; a folder has none."""

    def read(self, name: str) -> bytes | None:
        """Return a small file that may change, or None if there is none."""
        try:
            return (self.root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, data: bytes) -> None:
        """Replace a small file."""
        write_atomically(self.root / name, data)

    def send(self, folder: str) -> None:
        """Copy a folder of the home that others should find: raw pages, a report. A folder is there already."""

    def bring(self, folder: str) -> None:
        """Copy what others put into a folder with `send`."""

    def forget(self, folder: str, names: Iterable[str]) -> None:
        """Remove cached files of a folder other than these; a folder of this machine has no cache."""

    def require_safe(self) -> None:
        """Raise an error if two writers could overwrite each other's commit; a disk renames atomically."""

    def commit(self, write: Callable[[], None]) -> None:
        """Write a new version of a table, which replaces all its rows."""
        write()


def storage_of(home: Home) -> Storage:
    """Return the storage of a home's lake: the bucket of `lake.location`, or the home's own folder.

    Raises:
        SettingsError: The setting is not allowed.
        StorageError: boto3 is not installed, or the profile does not exist.
    """
    return bucket_of(home) or Storage(home)


def bucket_of(home: Home) -> "Bucket | None":
    """Return the bucket of a home's lake; None where `lake.location` names none.

    Raises:
        SettingsError: The setting is not allowed.
        StorageError: boto3 is not installed, or the profile does not exist.
    """
    # Pydantic takes a tenth of a second, which `genrelab tables` does without where nothing is set.
    if not os.environ.get("GENRELAB_LAKE") and not _is_in_file(home.settings_file):
        return None
    from genrelab.lake.location import LakeSettings  # noqa: PLC0415 - see above

    location = LakeSettings(home=home).location
    if not location:
        return None
    from genrelab.lake.bucket import bucket_storage  # noqa: PLC0415 - boto3 is an extra

    return bucket_storage(home, location)


def _is_in_file(path: Path) -> bool:
    try:
        return b"lake" in path.read_bytes()
    except OSError:
        return False  # whoever reads the settings reports it
