"""Finds the tracks.csv of a folder or an archive, and explains what a path without one holds.

Conventions: one tracks.csv at any depth is enough; identical copies count as one; several different ones are refused.
System files (`__MACOSX`, `._tracks.csv`) are ignored.
"""

import re
from pathlib import Path, PurePosixPath

from genrelab.runtime.errors import SourceError

NEEDED = "tracks.csv"
EXPECTED = ("tracks.csv", "genres.csv", "features.csv", "echonest.csv")
MAGIC = {
    "gzip file": (0, b"\x1f\x8b"),
    "bzip2 file": (0, b"BZh"),
    "xz file": (0, b"\xfd7zXZ"),
    "zstandard file": (0, b"\x28\xb5\x2f\xfd"),
    "7-Zip archive": (0, b"7z\xbc\xaf\x27\x1c"),
    "RAR archive": (0, b"Rar!"),
    "tar archive": (257, b"ustar"),
    "Parquet file": (0, b"PAR1"),
    "web page": (0, b"<"),
    "JSON file": (0, b"{"),
    "zip archive, or an Excel file": (0, b"PK\x03\x04"),
}
"""Position and bytes by which a kind of file is recognised; users have passed all of these."""
ALIKE = re.compile(r"tracks\b.*\.csv", re.IGNORECASE)
"""Names of files that may be tracks.csv: `Tracks.CSV`, `tracks (1).csv`."""
PACKED = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar")
NOT_PACKED = ("web page", "JSON file", "Parquet file")
SHOWN = 8


def is_hidden(part: str) -> bool:
    """Whether a folder or file is a system file: `__MACOSX`, `._tracks.csv`, `.Trash`."""
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))


def only_one(
    path: Path, folders: list[str], *, are_equal: bool, present: list[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the folder of tracks.csv, and a note if there are several identical ones.

    Raises:
        SourceError: There is none, or there are several different ones.
    """
    if not folders:
        raise _none(path, present)
    shortest = min(folders, key=lambda folder: (len(PurePosixPath(folder).parts), folder))
    if len(folders) == 1:
        return shortest, ()
    names = [str(PurePosixPath(folder) / NEEDED) for folder in sorted(folders)]
    if not are_equal:
        raise several(path, NEEDED, names)
    return shortest, (
        f"{path.name} has {len(folders)} identical files {NEEDED}; read: {PurePosixPath(shortest) / NEEDED}",
    )


def several(path: Path, name: str, names: list[str]) -> SourceError:
    """Return the error for several files of the same name."""
    count = {2: "two"}.get(len(names), str(len(names)))
    return SourceError(
        f"{path} has {count} members named {name}",
        found=" and ".join(repr(each) for each in names[:SHOWN]),
        allowed=f"one {name}, at any depth",
        do="pass the folder with the right one",
    )


def _none(path: Path, present: list[str]) -> SourceError:
    """Return the error for a path without tracks.csv; it says what the path has instead."""
    archives = sorted(
        (name for name in present if PurePosixPath(name).suffix.lower() in PACKED), key=_of_interest
    )
    alike = [name for name in present if ALIKE.fullmatch(PurePosixPath(name).name)]
    audio = sum(name.lower().endswith(".mp3") for name in present)
    do = "pass fma_metadata.zip or its unpacked folder"
    if alike:
        do = f"rename {min(alike)} to {NEEDED}, if it is that file"
        do = do if path.is_dir() else f"unpack it, {do}, and pass the folder"
    elif archives:
        do = f"unpack {archives[0]} and pass the folder with {NEEDED}"
        if path.is_dir() and archives[0].lower().endswith(".zip"):
            do = f"pass {path / archives[0]}, or unpack it"
    elif any(name.startswith("xl/") for name in present):
        do = "this is an Excel file; save its sheet as tracks.csv and pass the folder"
    elif audio:
        do = "this is audio; download the metadata, fma_metadata.zip (`--fma download`)"
    return SourceError(
        f"{path} has no {NEEDED}",
        found=", ".join(sorted(present, key=_of_interest)[:SHOWN]) or "nothing",
        allowed=f"{', '.join(EXPECTED)}, at any depth",
        do=do,
    )


def _of_interest(name: str) -> tuple[bool, bool, str]:
    """Sort key that puts likely candidates first."""
    lower = name.lower()
    return "tracks" not in lower, PurePosixPath(lower).suffix not in PACKED, name


def no_zip(path: Path, error: Exception) -> SourceError:
    """Return the error for a file that is not a complete zip; it says what the file is instead."""
    with path.open("rb") as file:
        head = file.read(512)
    kind = "" if head.startswith(b"PK") else kind_of(head)
    allowed = "fma_metadata.zip, or its unpacked folder"
    if not head:
        return SourceError(
            f"{path} is empty", found="0 bytes", allowed=allowed, do="download it again (`--fma download`)"
        )
    if kind:
        do = f"unpack it and pass the folder with {NEEDED}"
        if kind in NOT_PACKED:
            do = "download it again (`--fma download`)" if kind == "web page" else "pass one of these"
        return SourceError(
            f"{path} is a {kind}, not a readable zip archive", found=kind, allowed=allowed, do=do
        )
    if path.suffix.lower() == ".csv":
        do = f"name it {NEEDED} and pass its folder"
        return SourceError(f"{path} is a single file", found=path.name, allowed=allowed, do=do)
    return SourceError(
        f"{path} is not a complete zip archive",
        found=str(error),
        allowed=allowed,
        do="download it again: an interrupted download has no directory at its end (`--fma download`)",
    )


def what_it_is(path: Path) -> str:
    """Return a remark for a path that is not a regular file; empty for a file."""
    if path.is_file():
        return ""
    return " (a broken link)" if path.is_symlink() else " (not a regular file)"


def kind_of(head: bytes) -> str:
    """Return the kind of a file by its first bytes, in words; empty if unknown."""
    return next((kind for kind, (place, magic) in MAGIC.items() if head[place:].startswith(magic)), "")


def refuse_other_kind(head: bytes, source: str) -> None:
    """Raise an error for a member that is not a CSV file, whatever its name.

    Raises:
        SourceError: It is a file of another known kind.
    """
    if kind := kind_of(head):
        raise SourceError(
            f"{source} is a {kind}, not CSV",
            found=repr(head[:16]),
            allowed="CSV with FMA's header",
            do="save it as CSV, or download it again (`--fma download`)"
            if kind in NOT_PACKED
            else "unpack it",
        )
