"""The archive: zip or folder, whole or damaged."""

import bz2
import gzip
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from fma_files import GENRES, folder_of, official_files, tracks_csv, zip_of

import genrelab.sources.fma.archive as archive_module
import genrelab.sources.fma.inflate as inflate_module
from genrelab.runtime.errors import SourceError
from genrelab.sources.fma import fingerprint, open_archive

METHODS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "stored": zipfile.ZIP_STORED}


def content(path: Path, name: str, **options: bool) -> bytes:
    return b"".join(open_archive(path, **options).chunks(name))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("top", ["", "fma_metadata/"])
def test_a_zip_gives_the_bytes_that_went_in(tmp_path: Path, top: str, method: int) -> None:
    """The official archive is bzip2 below a folder; repacked ones are deflate, or flat."""

    files = official_files()
    path = zip_of(tmp_path / "fma.zip", files, top, method)
    assert {name: content(path, name) for name in files if name != "checksums"} == {
        name: data for name, data in files.items() if name != "checksums"
    }


def test_deflate_reads_the_same_without_isal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own zlib stands in where the faster package is not installed."""

    path = zip_of(tmp_path / "fma.zip", official_files())
    monkeypatch.setattr(inflate_module, "fast", zlib)
    assert content(path, "tracks.csv") == tracks_csv()


@pytest.mark.parametrize("nested", [False, True])
def test_a_folder_may_hold_the_files_or_the_official_folder(tmp_path: Path, nested: bool) -> None:
    """Unpackers make either."""

    folder_of(tmp_path / "fma_metadata" if nested else tmp_path)
    assert content(tmp_path, "tracks.csv") == tracks_csv()


def test_what_the_archive_lacks_is_noted(tmp_path: Path) -> None:
    """tracks.csv alone is enough."""

    notes = open_archive(folder_of(tmp_path)).notes
    assert [note.split()[0] for note in notes] == ["genres.csv", "features.csv", "echonest.csv"]


@pytest.mark.parametrize("make", ["nothing", "empty folder", "zip without tracks", "text", "cut zip"])
def test_what_is_no_archive_is_refused_with_what_to_do(tmp_path: Path, make: str) -> None:
    """The message names the path; nothing ends in a traceback of zipfile."""

    path = tmp_path / "fma.zip"
    if make == "empty folder":
        path.mkdir()
    elif make == "zip without tracks":
        zip_of(path, {"genres.csv": b"x"})
    elif make == "text":
        path.write_text("no zip")
    elif make == "cut zip":
        whole = zip_of(tmp_path / "whole.zip", official_files()).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError) as caught:
        open_archive(path)
    assert "fma" in str(caught.value)
    assert caught.value.do


@pytest.mark.parametrize(("place", "value"), [(6, 1), (8, 93)], ids=["encrypted", "zstandard"])
def test_checksums_that_cannot_be_read_are_left_aside(tmp_path: Path, place: int, value: int) -> None:
    """The members carry a CRC-32 of their own."""

    path = zip_of(tmp_path / "fma.zip", {**official_files(), "checksums": b"x"})
    data = bytearray(path.read_bytes())
    start = data.rindex(b"PK\x01\x02", 0, data.rindex(b"checksums"))
    data[start + place + 2] = value  # flags or method, in the directory
    path.write_bytes(data)
    assert "tracks.csv" in open_archive(path)


def test_an_archive_with_a_damaged_directory_has_a_fingerprint(tmp_path: Path) -> None:
    """Whoever reads it says what is wrong; a step that only compares does not break."""

    path = zip_of(tmp_path / "fma.zip", official_files())
    data = path.read_bytes()
    path.write_bytes(data.replace(b"PK\x01\x02", b"PK\x09\x09"))
    assert fingerprint(path) == fingerprint(path)
    with pytest.raises(SourceError, match="not a complete zip"):
        open_archive(path)


@pytest.mark.parametrize(
    "name", ["../tracks.csv", "/etc/tracks.csv", "a/../../tracks.csv", "..\\tracks.csv", "C:/tracks.csv"]
)
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked, but such an archive is not what it says."""

    path = zip_of(tmp_path / "fma.zip", {"fma_metadata/tracks.csv": tracks_csv(), name: b"x"}, top="")
    with pytest.raises(SourceError, match="outside"):
        open_archive(path)


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    """It would be a guess which one is meant."""

    path = zip_of(tmp_path / "fma.zip", {"a/tracks.csv": tracks_csv(), "b/tracks.csv": b"x"}, top="")
    with pytest.raises(SourceError, match=r"two members named tracks\.csv"):
        open_archive(path)


def test_a_member_declared_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of FMA comes near the limit."""

    path = zip_of(tmp_path / "fma.zip", official_files())
    monkeypatch.setattr(archive_module, "MAX_MEMBER", 100)
    with pytest.raises(SourceError, match="at most 100 bytes"):
        open_archive(path)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_member_longer_than_it_declares_stops_there(tmp_path: Path, method: int) -> None:
    """A bomb that lies about its length is found out at the declared length."""

    data = b"0" * 1_000_000
    path = zip_of(tmp_path / "fma.zip", {"tracks.csv": data}, method=method)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<I", len(data)), struct.pack("<I", 1000)))
    with pytest.raises(SourceError, match=r"tracks\.csv .* damaged"):
        content(path, "tracks.csv")


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_flipped_bytes_are_found(tmp_path: Path, method: int) -> None:
    """By the CRC-32 of the zip, or by the decompressor."""

    path = zip_of(tmp_path / "fma.zip", {"tracks.csv": tracks_csv(count=2000)}, method=method)
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 8] = bytes(255 - byte for byte in raw[middle : middle + 8])
    path.write_bytes(raw)
    with pytest.raises(SourceError, match="damaged"):
        content(path, "tracks.csv")


def test_a_wrong_checksum_is_a_note_for_a_folder_and_an_error_for_a_download(tmp_path: Path) -> None:
    """Of a download we know the bytes; a folder may be mended or partial on purpose."""

    files = {**official_files(), "tracks.csv": tracks_csv(count=3)}
    path = zip_of(tmp_path / "fma.zip", files)
    notes: list[str] = []
    list(open_archive(path).chunks("tracks.csv", notes))
    assert "tracks.csv does not match `checksums`" in notes[0]
    with pytest.raises(SourceError, match="wrong checksum"):
        content(path, "tracks.csv", is_download=True)


def test_the_fingerprint_of_a_zip_is_that_of_its_content(tmp_path: Path) -> None:
    """A copy has the same one, another member another."""

    first = fingerprint(zip_of(tmp_path / "a.zip", official_files()))
    again = fingerprint(zip_of(tmp_path / "b.zip", official_files()))
    other = fingerprint(zip_of(tmp_path / "c.zip", {**official_files(), "tracks.csv": tracks_csv(count=6)}))
    assert first == again != other


def test_the_fingerprint_of_a_folder_changes_with_a_file(tmp_path: Path) -> None:
    """From names, lengths and times of change."""

    folder_of(tmp_path)
    before = fingerprint(tmp_path)
    assert before == fingerprint(tmp_path)
    folder_of(tmp_path, tracks_csv=tracks_csv(count=9))
    assert before != fingerprint(tmp_path)


@pytest.mark.parametrize("top", ["a/b/c/fma_metadata/", "data/"])
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_one_tracks_csv_at_any_depth_is_enough(tmp_path: Path, top: str, is_zip: bool) -> None:
    """What systems leave beside it is not looked at."""

    files = {f"{top}tracks.csv": tracks_csv(), f"{top}genres.csv": GENRES}
    files |= {"__MACOSX/data/tracks.csv": b"x", f"{top}._tracks.csv": b"x", ".Trash/tracks.csv": b"x"}
    path = tmp_path / "fma"
    if is_zip:
        zip_of(path, files, top="")
    else:
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    opened = open_archive(path)
    assert (sorted(opened.members), content(path, "tracks.csv")) == (
        ["genres.csv", "tracks.csv"],
        tracks_csv(),
    )


@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("is_equal", [True, False], ids=["equal", "different"])
def test_of_two_tracks_csv_neither_is_guessed(tmp_path: Path, is_zip: bool, is_equal: bool) -> None:
    """Equal ones are one, and that is noted."""

    files = {"old/fma/tracks.csv": tracks_csv(), "new/tracks.csv": tracks_csv(count=5 if is_equal else 4)}
    path = tmp_path / "fma"
    if is_zip:
        zip_of(path, files, top="")
    else:
        for name, data in files.items():
            folder_of((path / name).parent, tracks_csv=data)
    if is_equal:
        assert "2 identical files tracks.csv; read: new/tracks.csv" in open_archive(path).notes[-1]
        return
    with pytest.raises(
        SourceError, match=r"two members named tracks\.csv.*new/tracks\.csv.*old/fma/tracks\.csv"
    ):
        open_archive(path)


def test_files_of_another_folder_are_passed_over(tmp_path: Path) -> None:
    """A features.csv of another data set may lie in the same zip."""

    files = {"fma/tracks.csv": tracks_csv(), "other/features.csv": b"x"}
    opened = open_archive(zip_of(tmp_path / "fma.zip", files, top=""))
    assert list(opened.members) == ["tracks.csv"]
    assert "other/features.csv is not in the folder of tracks.csv and is ignored" in opened.notes


OTHER = {
    "gzip": (gzip.compress(tracks_csv()), "gzip file", "unpack it"),
    "bzip2": (bz2.compress(tracks_csv()), "bzip2 file", "unpack it"),
    "xz": (lzma.compress(tracks_csv()), "xz file", "unpack it"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "7-Zip archive", "unpack it"),
    "rar": (b"Rar!\x1a\x07" + b"x" * 99, "RAR archive", "unpack it"),
    "web page": (b"<!DOCTYPE html><html>404</html>", "web page", "download|unpack"),
    "nothing": (b"", "is empty", "download it again"),
}


@pytest.mark.parametrize(("data", "named", "do"), OTHER.values(), ids=OTHER)
def test_another_kind_of_file_is_named(tmp_path: Path, data: bytes, named: str, do: str) -> None:
    """With what to do about it."""

    (tmp_path / "fma.bin").write_bytes(data)
    with pytest.raises(SourceError, match=named) as caught:
        open_archive(tmp_path / "fma.bin")
    assert re.search(do, caught.value.do)


def test_a_single_csv_file_is_named(tmp_path: Path) -> None:
    """Its folder is what is asked for."""

    (tmp_path / "tracks.csv").write_bytes(tracks_csv())
    with pytest.raises(SourceError, match="single file") as caught:
        open_archive(tmp_path / "tracks.csv")
    assert "name it tracks.csv and pass its folder" in caught.value.do


WITHOUT = {
    "a zip within the zip": ({"fma_metadata.zip": b"PK"}, r"unpack fma_metadata\.zip"),
    "audio": ({"fma_small/000/000002.mp3": b"ID3"}, "this is audio"),
    "an Excel file": ({"xl/workbook.xml": b"<"}, "Excel"),
    "a packed file": ({"data/tracks.csv.gz": b"x"}, r"unpack data/tracks\.csv\.gz"),
}


@pytest.mark.parametrize(("files", "do"), WITHOUT.values(), ids=WITHOUT)
def test_what_is_there_instead_of_tracks_csv_is_named(
    tmp_path: Path, files: dict[str, bytes], do: str
) -> None:
    """And what to do with it."""

    with pytest.raises(SourceError, match=r"no tracks\.csv") as caught:
        open_archive(zip_of(tmp_path / "fma.zip", files, top=""))
    assert re.search(do, caught.value.do)


def test_a_folder_that_holds_the_zip_names_it(tmp_path: Path) -> None:
    """It can be passed as it is."""

    zip_of(tmp_path / "fma_metadata.zip", official_files())
    with pytest.raises(SourceError, match=r"no tracks\.csv") as caught:
        open_archive(tmp_path)
    assert f"pass {tmp_path / 'fma_metadata.zip'}" in caught.value.do


@pytest.mark.parametrize(
    ("names", "do"),
    [
        (["TRACKS.CSV", "genres.csv"], "rename TRACKS.CSV to tracks.csv"),
        (["fma/tracks (1).csv"], "rename fma/tracks (1).csv to tracks.csv"),
        (["echonest.csv.gz", "tracks.csv.gz"], "unpack tracks.csv.gz"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_may_be_tracks_csv_is_named(tmp_path: Path, names: list[str], do: str, packed: bool) -> None:
    """A file that only its name keeps from being tracks.csv is the one to rename or unpack."""

    source = tmp_path / "source"
    if packed:
        zip_of(source, dict.fromkeys(names, b"x"), "")
    else:
        for name in names:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(b"x")
    with pytest.raises(SourceError, match=re.escape(do)):
        open_archive(source)


def test_a_folder_is_found_through_a_link(tmp_path: Path) -> None:
    """Large data often lie on another disk; a link that leads in a circle ends there."""

    folder_of(tmp_path / "disk")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "fma").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "again").symlink_to(tmp_path / "disk")
    assert content(tmp_path / "data", "tracks.csv") == tracks_csv()


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    """A disk that is not mounted leaves such links."""

    (tmp_path / "tracks.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(SourceError, match=re.escape("tracks.csv (a broken link)")):
        open_archive(tmp_path)


def test_an_encrypted_archive_is_named(tmp_path: Path) -> None:
    """It is not damaged: somebody knows its password."""

    path = zip_of(tmp_path / "fma.zip", official_files())
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(mark, bytes(data)):
            data[found.start() + place] |= 1
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"is encrypted; .*unpack it with its password"):
        open_archive(path)


def test_a_web_page_called_zip_is_fetched_again(tmp_path: Path) -> None:
    """There is nothing in it to unpack."""

    (tmp_path / "fma_metadata.zip").write_text("<html>404</html>")
    with pytest.raises(SourceError, match=r"web page.*to do: download it again"):
        open_archive(tmp_path / "fma_metadata.zip")
