"""Writes the genre into the tags of audio files, and takes it back.

Conventions: a file is never changed in place. The tag is written into a copy beside it, the copy is checked and forced
to the disk, then the record for undoing is, and then the copy replaces the file in one step: a kill or a full disk at
any moment leaves the old file or the new one, whole. A copy that a kill leaves behind is no music, and is removed
when tags are written in its folder again. Mode and owner stay; the time of the last change is new, because
programs for backups look at it. A link, and a file that may not be written, is refused.

There is one record for each file, `data/tags/DIGEST OF ITS PATH.json`: its genre before the first change, and the
digest of every content that was written. A file whose content is another one was changed by somebody else, and
is left alone.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genrelab.audio.extract import COPY
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.runtime.files import hash_file, is_text, read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode

FORMATS = (".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus")
Genres = tuple[str, ...]


@dataclass(frozen=True)
class TagRecord:
    """What undoing needs to know of a file.

    Args:
        path: The file.
        before: Its genres before the first change.
        had_tags: Whether it had any tags before.
        written: The genres that were written last.
        digests: sha256 of the content before the first change, then of each content that was written.
    """

    path: str
    before: Genres
    had_tags: bool
    written: Genres
    digests: tuple[str, ...]


def read_genres(path: Path) -> Genres:
    """Return the genres in the tags of a file; empty if there are none.

    Raises:
        GenrelabError: The format has no tags that are known here, or the file cannot be read.
    """
    with _explained(path):
        return _Tags(path).genres


def write_genre(home: Home, path: Path, genre: str, digest: str) -> str:
    """Write a genre into the tags of a file, and return the digest of its new content.

    Args:
        home: Where the record for undoing is kept.
        path: The file.
        genre: Its genre.
        digest: sha256 of the content that was judged.

    Raises:
        GenrelabError: The file has changed, is a link, may not be written, has no tags that are known here, or the disk
            is full; the file is as it was.
    """
    with _explained(path):
        _refuse_unfit(path)
        if hash_file(path) != digest:
            raise SourceError(
                "the file has changed since it was judged", do="run `genrelab listen` on it again"
            )
        tags = _Tags(path)
        known = read_record(home, path)
        if known is None or digest not in known.digests:
            known = TagRecord(str(path), tags.raw, tags.are_there, (), (digest,))
        return _replace(home, path, (genre,), known)


def undo(home: Home, record: TagRecord) -> str:
    """Put the genres back that a file had before the first change, remove the record, and return the new digest.

    Raises:
        GenrelabError: The file is gone, or has been changed by somebody else; it is as it was.
    """
    path = Path(record.path)
    with _explained(path):
        _refuse_unfit(path)
        digest = hash_file(path)
        if digest not in record.digests:
            raise SourceError(
                "the file has changed since its genre was written, and is left alone",
                found="another content than the one that was written",
                do=f"remove {_record_path(home, path)} to keep the file as it is",
            )
        if digest != record.digests[0]:
            digest = _replace(home, path, record.before, record, keep_tags=record.had_tags)
    _record_path(home, path).unlink(missing_ok=True)
    return digest


def remove_copies(files: Iterable[Path]) -> None:
    """Remove the copies that killed processes have left beside files, unless they may not be removed."""
    for folder in {file.absolute().parent for file in files}:
        for copy in folder.glob(f"{COPY}*"):
            with contextlib.suppress(OSError):
                copy.unlink()


def records(home: Home) -> list[TagRecord]:
    """Return the record of every file whose genre was written, by path."""
    found = (decode(TagRecord, read_json(file)) for file in _folder(home).glob("*.json"))
    return sorted((record for record in found if record is not None), key=lambda record: record.path)


def read_record(home: Home, path: Path) -> TagRecord | None:
    """Return the record of a file, or None if its genre was never written."""
    return decode(TagRecord, read_json(_record_path(home, path)))


def _replace(home: Home, path: Path, genres: Genres, known: TagRecord, *, keep_tags: bool = True) -> str:
    """Write a copy with other genres, then the record, then replace the file by the copy."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=COPY, suffix=path.suffix)
    os.close(descriptor)
    copy = Path(name)
    try:
        shutil.copyfile(path, copy)
        tags = _Tags(copy)
        length = tags.length
        tags.write(genres, keep_tags=keep_tags)
        found = _Tags(copy)
        if found.raw != genres or abs(found.length - length) > 0.05:  # noqa: PLR2004 - seconds
            raise SourceError(
                "the tag cannot be read back from the copy", found=", ".join(found.raw) or "no genre"
            )
        before = path.stat()
        copy.chmod(before.st_mode & 0o7777)
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.chown(copy, before.st_uid, before.st_gid)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        digest = hash_file(copy)
        record = TagRecord(known.path, known.before, known.had_tags, genres, (*known.digests, digest))
        write_json(_record_path(home, path), encode(record))
        _sync_folder(_folder(home))
        copy.replace(path)
        _sync_folder(path.parent)
    finally:
        copy.unlink(missing_ok=True)
    return digest


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk; some file systems cannot."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refuse_unfit(path: Path) -> None:
    if path.is_symlink():
        raise SourceError(
            "this is a link, which is not written to",
            found=f"a link to {path.readlink()}",
            do="name the file itself",
        )
    if not is_text(str(path)):
        raise SourceError("the name of the file is not UTF-8", do="rename it with mv or convmv")
    if not path.is_file():
        raise SourceError("the file is gone", found="no file", do="restore it")
    if not os.access(path, os.W_OK):
        raise SourceError("the file may not be written", do="chmod u+w, or leave its tags as they are")


def _folder(home: Home) -> Path:
    return home.root / "data" / "tags"


def _record_path(home: Home, path: Path) -> Path:
    return _folder(home) / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors of the system and of mutagen into one that says what to do."""
    from mutagen import MutagenError  # noqa: PLC0415 - only where tags are read

    try:
        yield
    except (OSError, MutagenError) as error:
        cause = error if isinstance(error, OSError) else next(iter(error.args), None)
        number = getattr(cause, "errno", None)
        do = {errno.ENOSPC: "free some space on its disk", errno.EDQUOT: "free some space on its disk"}
        raise SourceError(
            "the tags cannot be read or written",
            found=getattr(cause, "strerror", None) or str(error) or type(error).__name__,
            do=do.get(number or 0, f"check that you may write in {path.parent}; the file is as it was"),
        ) from None


class _Tags:
    """The tags of one file, in the way of its format.

    Raises:
        GenrelabError: The format has no tags that are known here.
    """

    def __init__(self, path: Path) -> None:
        import mutagen  # noqa: PLC0415 - only where tags are read
        from mutagen.flac import FLAC  # noqa: PLC0415
        from mutagen.mp3 import MP3  # noqa: PLC0415
        from mutagen.mp4 import MP4  # noqa: PLC0415
        from mutagen.ogg import OggFileType  # noqa: PLC0415

        self._file: Any = mutagen.File(path) if path.suffix.lower() in FORMATS else None
        if not isinstance(self._file, FLAC | MP3 | MP4 | OggFileType):
            raise GenrelabError(
                "the genre cannot be written into a file of this format",
                found=path.suffix or "no suffix",
                allowed=", ".join(FORMATS),
                do="leave it as it is, or convert it with ffmpeg",
            )
        self._is_mp3 = isinstance(self._file, MP3)
        self._key = "\xa9gen" if isinstance(self._file, MP4) else "genre"

    @property
    def are_there(self) -> bool:
        """Whether the file has tags of any kind."""
        return self._file.tags is not None

    @property
    def length(self) -> float:
        """Seconds of audio, as its header says."""
        return float(self._file.info.length)

    @property
    def raw(self) -> Genres:
        """The genres as they are stored; ID3 may store numbers of a list of genres."""
        if not self.are_there:
            return ()
        if self._is_mp3:
            return tuple(str(text) for frame in self._file.tags.getall("TCON") for text in frame.text)
        return tuple(self._file.tags.get(self._key, ()))

    @property
    def genres(self) -> Genres:
        """The genres in words."""
        if self._is_mp3 and self.are_there:
            return tuple(genre for frame in self._file.tags.getall("TCON") for genre in frame.genres)
        return self.raw

    def write(self, genres: Genres, *, keep_tags: bool) -> None:
        """Write the genres into the file; without `keep_tags` all tags of an MP3 are removed, if none else is left."""
        if self._file.tags is None:
            self._file.add_tags()
        tags = self._file.tags
        if not self._is_mp3:
            if genres:
                tags[self._key] = list(genres)
            elif self._key in tags:
                del tags[self._key]
            self._file.save()
            return
        from mutagen.id3 import TCON, Encoding  # noqa: PLC0415 - only for MP3

        frame = TCON(encoding=Encoding.UTF16, text=list(genres))  # type: ignore[no-untyped-call] # of mutagen
        tags.setall("TCON", [frame] if genres else [])
        if not keep_tags and not tags.keys():
            self._file.delete()
        elif tags.version[:2] == (2, 3):
            tags.update_to_v23()
            self._file.save(v2_version=3, v23_sep=None)
        else:
            self._file.save()
