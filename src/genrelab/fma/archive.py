"""FMA's metadata as it comes: the zip, or the folder that it unpacks to.

Conventions: members are named without folder (`tracks.csv`) and read as a stream of byte chunks; nothing is
unpacked. The official zip is compressed with bzip2, which many unpackers refuse; deflate is read as well. A
wrong checksum is an error for a download, whose bytes are known, and a note for anything else.

What the bytes mean does not belong here.
"""

import contextlib
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from genrelab.errors import SourceError
from genrelab.files import digest, name_of, stat_digest
from genrelab.fma.inflate import Readable, open_member

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
NEEDED = "tracks.csv"
EXPECTED = ("tracks.csv", "genres.csv", "features.csv", "echonest.csv")
CHUNK = 1 << 22
MAX_MEMBER = 8 << 30
"""Eight times the largest official file: what is declared larger is no FMA metadata."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""What reading an archive may raise; RuntimeError: it is encrypted, or packed in a way that Python does not know."""


@dataclass(frozen=True)
class Member:
    """One file of the archive.

    Args:
        name: File name without folder.
        source: What the `source` column of its rows says.
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
        notes: What a person should know: missing and unknown files.
    """

    path: Path
    members: Mapping[str, Member]
    is_download: bool = False
    notes: tuple[str, ...] = ()
    _open: Callable[[str], AbstractContextManager[Readable]] = field(repr=False, kw_only=True)

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def chunks(self, name: str, notes: list[str] | None = None) -> Iterator[bytes]:
        """The bytes of a member; its hash is compared after the last chunk.

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
                do="fetch the archive again (`--fma download`), or unpack it with 7-Zip and pass the folder",
            ) from error
        if done != member.size:
            raise SourceError(
                f"{name} in {self.path} has another length than it declares",
                found=f"{done:,} bytes",
                allowed=f"{member.size:,} bytes",
                do="fetch the archive again",
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
            notes.append(
                f"{member.name} is not the file that `checksums` names: sha1 {found} instead of {member.sha1}"
            )


def open_archive(path: Path | str, *, is_download: bool = False) -> Archive:
    """Open a zip or an unpacked folder; `fma_metadata/` may lie inside either.

    Args:
        path: The zip or the folder.
        is_download: Whether a wrong checksum is an error.

    Raises:
        SourceError: It is missing, is no zip, has unsafe names, or lacks tracks.csv.
    """
    path = Path(path)
    if path.is_dir():
        return _folder(path, is_download=is_download)
    if not path.is_file():
        raise SourceError(
            "there is no FMA archive",
            found=f"nothing at {path}",
            allowed="fma_metadata.zip or the folder it unpacks to",
            do="mend --fma, GENRELAB_FMA or genrelab.toml; `--fma download` fetches it",
        )
    return _zip(path, is_download=is_download)


def fingerprint(path: Path | str) -> str:
    """A name for the content, cheap enough to skip an unchanged second run.

    For a zip from the CRC-32 and length of every member, so a copy has the same one; for a folder from
    names, lengths and times of change.
    """
    path = Path(path)
    if path.is_file() and zipfile.is_zipfile(path):
        # one that cannot be opened is told by whoever reads it
        with contextlib.suppress(*UNREADABLE), zipfile.ZipFile(path) as opened:
            return digest([(item.filename, item.file_size, item.CRC) for item in opened.infolist()])
    return stat_digest(path)


def _folder(path: Path, *, is_download: bool) -> Archive:
    root = path if (path / NEEDED).is_file() else path / "fma_metadata"
    files = {name: root / name for name in KNOWN if (root / name).is_file()}
    _require(path, list(files), [item.name for item in path.iterdir()])
    stated = _checksums(files["checksums"].read_bytes()) if "checksums" in files else {}
    members = {
        name: Member(name, f"{name_of(root)}/{name}", file.stat().st_size, stated.get(name, ""))
        for name, file in files.items()
        if name != "checksums"
    }
    return Archive(path, members, is_download, _missing(members), _open=lambda name: files[name].open("rb"))


def _zip(path: Path, *, is_download: bool) -> Archive:
    try:
        opened = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise SourceError(
            f"{path} is not a whole zip archive",
            found=str(error),
            allowed="fma_metadata.zip, or the folder it unpacks to",
            do="fetch it again: a download that broke off has no directory at its end (`--fma download`)",
        ) from error
    with opened:
        entries = _entries(path, opened.infolist())
        _require(path, list(entries), opened.namelist())
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
    return Archive(
        path, members, is_download, _missing(members), _open=lambda name: open_member(path, entries[name])
    )


def _entries(path: Path, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in info.filename:
            raise SourceError(
                f"{path} has a member that points outside of it",
                found=repr(info.filename),
                allowed="names below the archive's own folder",
                do="do not trust this file; fetch the official one (`--fma download`)",
            )
        if name.name not in KNOWN or len(name.parts) > 2 or info.is_dir():  # noqa: PLR2004 - folder and file
            continue
        if name.name in found:
            raise SourceError(
                f"{path} has two members named {name.name}",
                found=f"{found[name.name].filename!r} and {info.filename!r}",
                do="pass the folder with the right one",
            )
        if info.file_size > MAX_MEMBER:
            raise SourceError(
                f"{name.name} in {path} is too large",
                found=f"{info.file_size:,} bytes",
                allowed=f"at most {MAX_MEMBER:,} bytes",
                do="do not trust this file; fetch the official one (`--fma download`)",
            )
        found[name.name] = info
    return found


def _require(path: Path, names: list[str], present: list[str]) -> None:
    if NEEDED not in names:
        raise SourceError(
            f"{path} has no {NEEDED}",
            found=", ".join(sorted(present)[:8]) or "nothing",
            allowed=", ".join(EXPECTED),
            do="pass fma_metadata.zip or the folder it unpacks to",
        )


def _missing(members: Mapping[str, Member]) -> tuple[str, ...]:
    return tuple(f"{name} is missing from the archive" for name in EXPECTED if name not in members)


def _checksums(text: bytes) -> dict[str, str]:
    pairs = [line.split() for line in text.decode("utf-8", "replace").splitlines()]
    return {pair[1].lstrip("*"): pair[0].lower() for pair in pairs if len(pair) == 2}  # noqa: PLR2004
