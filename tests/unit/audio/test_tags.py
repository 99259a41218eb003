"""Genres in the tags of real files of every format, made by ffmpeg; nothing damages a file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from tones import convert, sine, sound, write_wav

from genrelab.audio import tags
from genrelab.audio.tags import read_genres, records, undo, write_genre
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home

Make = Callable[..., Path]
FORMATS = ("mp3", "flac", "ogg", "opus", "m4a")
POLKA = ("-metadata", "genre=Polka")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for music."""
    made = tmp_path / "music"
    made.mkdir()
    return made


@pytest.fixture
def music(tmp_path: Path, folder: Path) -> Make:
    """Makes a tone of a second with a title, in a format and with further options of ffmpeg."""
    tone = write_wav(tmp_path / "tone.wav", sine(440, 1.0))

    def make(suffix: str, *options: str) -> Path:
        return convert(tone, folder / f"Ströme 東京.{suffix}", "-metadata", "title=A tone", *options)

    return make


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("before", [(), ("Polka",)])
def test_a_genre_is_written_and_taken_back(
    music: Make, home: Home, suffix: str, before: tuple[str, ...]
) -> None:
    """The sound, the title and the mode stay as they are, and the old genre comes back."""

    path = music(suffix, *(POLKA if before else ()))
    path.chmod(0o640)
    heard, title = sound(path), mutagen.File(path, easy=True)["title"]

    assert write_genre(home, path, "Hip-Hop", hash_file(path)) == hash_file(path)
    assert read_genres(path) == ("Hip-Hop",)
    assert sound(path) == heard
    assert mutagen.File(path, easy=True)["title"] == title
    assert path.stat().st_mode & 0o777 == 0o640

    undo(home, records(home)[0])
    assert read_genres(path) == before
    assert sound(path) == heard
    assert mutagen.File(path, easy=True)["title"] == title
    assert records(home) == []
    assert list(path.parent.iterdir()) == [path]


def test_tags_keep_their_version(music: Make, home: Home) -> None:
    """ID3v2.3, which old players need, stays ID3v2.3."""

    path = music("mp3", "-id3v2_version", "3")
    write_genre(home, path, "Folk", hash_file(path))

    assert mutagen.File(path).tags.version[:2] == (2, 3)


def test_an_mp3_without_tags_has_none_after_undo(music: Make, home: Home) -> None:
    """Tags that were made only for the genre go with it."""

    path = music("mp3")
    mutagen.File(path).delete()
    untagged = path.read_bytes()
    write_genre(home, path, "Folk", hash_file(path))
    undo(home, records(home)[0])

    assert path.read_bytes() == untagged


def test_undo_goes_back_to_the_first_genre(music: Make, home: Home) -> None:
    """A genre that was written twice is taken back to the one before the first time."""

    path = music("flac", *POLKA)
    for genre in ("Folk", "Rock"):
        write_genre(home, path, genre, hash_file(path))
    undo(home, records(home)[0])

    assert read_genres(path) == ("Polka",)


def test_a_file_that_was_changed_since_is_left_alone(music: Make, home: Home) -> None:
    """Neither writing nor undoing overwrites what somebody else did."""

    path = music("flac")
    digest = write_genre(home, path, "Folk", hash_file(path))
    edited = mutagen.File(path)
    edited["artist"] = "Somebody"
    edited.save()
    content = path.read_bytes()

    with pytest.raises(GenrelabError, match="changed since its genre was written"):
        undo(home, records(home)[0])
    with pytest.raises(GenrelabError, match="changed since it was judged"):
        write_genre(home, path, "Rock", digest)
    assert path.read_bytes() == content
    assert len(records(home)) == 1


def test_a_link_is_refused(music: Make, folder: Path, home: Home) -> None:
    """A link would become a file, and its target would keep the old tag."""

    path, link = music("mp3"), folder / "link.mp3"
    link.symlink_to(path)

    with pytest.raises(GenrelabError, match="a link"):
        write_genre(home, link, "Folk", hash_file(path))
    assert link.is_symlink()


def test_a_file_that_may_not_be_written_is_refused(
    music: Make, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder would allow to replace it; its own mode does not."""

    path = music("mp3")
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(GenrelabError, match="may not be written"):
        write_genre(home, path, "Folk", hash_file(path))


@pytest.mark.parametrize(
    ("name", "message"), [("tone.wav", "of this format"), ("text.mp3", "cannot be read")]
)
def test_files_without_known_tags_are_refused(folder: Path, home: Home, name: str, message: str) -> None:
    """Formats without tags of genres, and what only has the name of an audio file."""

    path = folder / name
    path.write_bytes(b"hello\n" * 100)

    with pytest.raises(GenrelabError, match=message):
        write_genre(home, path, "Folk", hash_file(path))


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["fsync", "write_json", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), Killed()])
def test_a_full_disk_or_a_kill_at_any_step_harms_nothing(
    music: Make, home: Home, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """The file is the old one to the byte, no copy stays beside it, and undoing accepts whatever was recorded."""

    path = music("mp3", *POLKA)
    content, real = path.read_bytes(), Path.replace

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        if step == "write_json":
            patch.setattr(tags, "write_json", fail)
        elif step == "fsync":
            patch.setattr(os, "fsync", fail)
        else:
            patch.setattr(
                Path, "replace", lambda self, target: fail() if target == path else real(self, target)
            )
        with pytest.raises(GenrelabError if isinstance(error, OSError) else Killed):
            write_genre(home, path, "Folk", hash_file(path))

    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
    for record in records(home):
        undo(home, record)
    assert path.read_bytes() == content


def test_a_kill_after_the_file_was_replaced_can_be_undone(
    music: Make, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is on the disk before the file is touched."""

    path = music("mp3", *POLKA)
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        found = real(self, target)
        if target == path:
            raise Killed
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            write_genre(home, path, "Folk", hash_file(path))
    assert read_genres(path) == ("Folk",)
    undo(home, records(home)[0])

    assert read_genres(path) == ("Polka",)
