"""FMA's metadata archive: the zip, or its unpacked folder.

Conventions: members are named without folder (`tracks.csv`) and read as a stream of byte chunks; nothing is unpacked.
The official zip is compressed with bzip2, which many tools cannot unpack; deflate is supported too. A wrong checksum is
an error for a download, whose bytes are known, and a note for any other archive.

Parsing the content does not belong here.
"""

import contextlib
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import digest, hash_file, name_of, stat_digest
from genrelab.sources.fma.finding import EXPECTED, NEEDED, is_hidden, no_zip, only_one, several, what_it_is
from genrelab.sources.fma.inflate import ENCRYPTED, Readable, open_member

KNOWN = (
    "tracks.csv",
    "genres.csv",
    "features.csv",
    "echonest.csv",
    "raw_tracks.csv",
    "raw_albums.csv",
    "raw_artists.csv",
    "raw_genres.csv",
    "raw_echonest.csv",
    "checksums",
)
CHUNK = 1 << 22
MAX_MEMBER = 8 << 30
"""Eight times the largest official file: a larger member is not FMA metadata."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""Errors of reading an archive; RuntimeError: it is encrypted, or its compression method is unknown to Python."""


@dataclass(frozen=True)
class Member:
    """One file of the archive.

    Args:
        name: File name without folder.
        source: Value of the `source` column of its rows.
        size: Bytes, as declared.
        sha1: Official or stated hash, empty when the archive has no `checksums` for it.
    """

    name: str
    source: str
    size: int
    sha1: str = ""


@dataclass(frozen=True)
class Archive:
    """FMA metadata that can be read member by member.

    Args:
        path: The zip or the folder.
        members: By name.
        is_download: Whether a wrong checksum is an error.
        notes: Remarks: missing files and ignored files.
    """

    path: Path
    members: Mapping[str, Member]
    is_download: bool = False
    notes: tuple[str, ...] = ()
    _open: Callable[[str], AbstractContextManager[Readable]] = field(repr=False, kw_only=True)

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def chunks(self, name: str, notes: list[str] | None = None) -> Iterator[bytes]:
        """Yield the bytes of a member; its hash is compared after the last chunk.

        Args:
            name: Member.
            notes: Receives a sentence when the hash is not the stated one.

        Raises:
            SourceError: The member is missing or damaged, or a download has a wrong checksum.
        """
        member = self.members.get(name)
        if member is None:
            raise SourceError(f"{self.path} has no {name}", found=", ".join(self.members), allowed=name)
        found = hashlib.sha1(usedforsecurity=False)
        done = 0
        try:
            with self._open(name) as file:
                while chunk := file.read(CHUNK):
                    done += len(chunk)
                    found.update(chunk)
                    yield chunk
        except UNREADABLE as error:
            raise SourceError(
                f"{name} in {self.path} is damaged",
                found=f"{error} after {done:,} bytes",
                allowed=f"{member.size:,} bytes that match their checksum",
                do="download the archive again (`--fma download`), or unpack it with 7-Zip and pass the folder",
            ) from error
        if done != member.size:
            raise SourceError(
                f"{name} in {self.path} does not have its declared length",
                found=f"{done:,} bytes",
                allowed=f"{member.size:,} bytes",
                do="download the archive again",
            )
        if member.sha1 and found.hexdigest() != member.sha1:
            self._mismatch(member, found.hexdigest(), notes)

    def _mismatch(self, member: Member, found: str, notes: list[str] | None) -> None:
        if self.is_download:
            raise SourceError(
                f"{member.name} in {self.path} has the wrong checksum",
                found=f"sha1 {found}",
                allowed=f"sha1 {member.sha1}",
                do="delete the file and download it again",
            )
        if notes is not None:
            notes.append(f"{member.name} does not match `checksums`: sha1 {found} instead of {member.sha1}")


def open_archive(path: Path | str, *, is_download: bool = False) -> Archive:
    """Open a zip or an unpacked folder with one tracks.csv at any depth and the other files beside it.

    Args:
        path: The zip or the folder.
        is_download: Whether a wrong checksum is an error.

    Raises:
        SourceError: It is missing, is not a zip, has unsafe names, has no tracks.csv or has several.
    """
    path = Path(path)
    if path.is_dir():
        return _folder(path, is_download=is_download)
    if not path.is_file():
        raise SourceError(
            "there is no FMA archive",
            found=f"no file or folder {path}",
            allowed="fma_metadata.zip or its unpacked folder",
            do="correct --fma, GENRELAB_FMA or genrelab.toml; `--fma download` fetches the archive",
        )
    return _zip(path, is_download=is_download)


def fingerprint(path: Path | str) -> str:
    """Return a fingerprint of the content, cheap enough to skip an unchanged second run.

    A zip's fingerprint comes from the CRC-32 and length of every member, so a copy has the same one; a folder's comes
    from names, lengths and modification times.
    """
    path = Path(path)
    if path.is_file() and zipfile.is_zipfile(path):
        # one that cannot be opened is reported when it is read
        with contextlib.suppress(*UNREADABLE), zipfile.ZipFile(path) as opened:
            return digest([(item.filename, item.file_size, item.CRC) for item in opened.infolist()])
    return stat_digest(path)


def _folder(path: Path, *, is_download: bool) -> Archive:
    root, notes = _root_of(path)
    files = {name: root / name for name in KNOWN if (root / name).is_file()}
    stated = _checksums(files["checksums"].read_bytes()) if "checksums" in files else {}
    members = {
        name: Member(name, f"{name_of(root)}/{name}", file.stat().st_size, stated.get(name, ""))
        for name, file in files.items()
        if name != "checksums"
    }
    notes = (*_missing(members), *notes)
    return Archive(path, members, is_download, notes, _open=lambda name: files[name].open("rb"))


def _root_of(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder with tracks.csv: `path`, its `fma_metadata`, or the only subfolder that has it."""
    for root in (path, path / "fma_metadata"):
        if (root / NEEDED).is_file():
            return root, ()
    present, found = list[str](), list[str]()
    seen = set[str]()
    for folder, folders, files in os.walk(path, followlinks=True):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        if (real := os.path.realpath(folder)) in seen:  # a link leads back to it
            folders.clear()
            continue
        seen.add(real)
        below = PurePosixPath(Path(folder).relative_to(path).as_posix())
        present += [str(below / name) + what_it_is(Path(folder, name)) for name in files]
        found += [str(below)] * (Path(folder) / NEEDED).is_file()
    sizes = {name: (path / name / NEEDED).stat().st_size for name in found}
    digests = (
        {(size, hash_file(path / name / NEEDED, "sha1")) for name, size in sizes.items()}
        if found[1:]
        else set()
    )
    chosen, notes = only_one(path, found, are_equal=len(digests) == 1, present=present)
    return path / chosen, notes


def _zip(path: Path, *, is_download: bool) -> Archive:
    try:
        opened = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise no_zip(path, error) from error
    with opened:
        entries, notes = _entries(path, opened.infolist())
        stated = {}
        if "checksums" in entries and entries["checksums"].file_size < CHUNK:
            try:
                stated = _checksums(opened.read(entries["checksums"]))
            except UNREADABLE:
                stated = {}  # the members carry a CRC-32 of their own
    members = {
        name: Member(name, f"{name_of(path)}/{name}", entry.file_size, stated.get(name, ""))
        for name, entry in entries.items()
        if name != "checksums"
    }
    notes = (*_missing(members), *notes)
    return Archive(path, members, is_download, notes, _open=lambda name: open_member(path, entries[name]))


def _entries(path: Path, infos: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], tuple[str, ...]]:
    """Return the known members beside tracks.csv, by name, and notes."""
    places: dict[str, list[tuple[PurePosixPath, zipfile.ZipInfo]]] = {}
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in info.filename:
            raise SourceError(
                f"{path} has a member that points outside of it",
                found=repr(info.filename),
                allowed="names below the archive's own folder",
                do="do not trust this file; download the official archive (`--fma download`)",
            )
        if not info.is_dir() and not any(is_hidden(part) for part in name.parts):
            places.setdefault(name.name, []).append((name.parent, info))
    tracks = places.get(NEEDED, [])
    chosen, notes = only_one(
        path,
        [str(folder) for folder, _ in tracks],
        are_equal=len({(info.CRC, info.file_size) for _, info in tracks}) == 1,
        present=[info.filename for info in infos],
    )
    found: dict[str, zipfile.ZipInfo] = {}
    for known in KNOWN:
        beside = [info for folder, info in places.get(known, []) if str(folder) == chosen]
        if len({(info.CRC, info.file_size) for info in beside}) > 1:
            raise several(path, known, [info.filename for info in beside])
        if beside:
            found[known] = beside[0]
        elif known in places:
            notes = (
                *notes,
                f"{places[known][0][1].filename} is not in the folder of {NEEDED} and is ignored",
            )
    if any(info.flag_bits & ENCRYPTED for name, info in found.items() if name != "checksums"):
        raise SourceError(
            f"{path} is encrypted",
            found="members that need a password",
            allowed="an archive without a password",
            do="unpack it with its password and pass the folder",
        )
    too_large = next((info for info in found.values() if info.file_size > MAX_MEMBER), None)
    if too_large:
        raise SourceError(
            f"{too_large.filename} in {path} is too large",
            found=f"{too_large.file_size:,} bytes",
            allowed=f"at most {MAX_MEMBER:,} bytes",
            do="do not trust this file; download the official archive (`--fma download`)",
        )
    return found, notes


def _missing(members: Mapping[str, Member]) -> tuple[str, ...]:
    return tuple(f"{name} is missing from the archive" for name in EXPECTED if name not in members)


def _checksums(text: bytes) -> dict[str, str]:
    pairs = [line.split() for line in text.decode("utf-8", "replace").splitlines()]
    return {pair[1].lstrip("*"): pair[0].lower() for pair in pairs if len(pair) == 2}  # noqa: PLR2004
