"""Recognises files that are not CSV text by their first bytes.

Conventions: the name does not count (`pulls.csv` may be a workbook). Each kind has one sentence on how to convert it.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from genrelab.runtime.errors import SourceError

SNIFFED_BYTES = 65_536
EXCEL = "open it in a spreadsheet and save the sheet as CSV (UTF-8)"
UNPACK = "unpack it and name the CSV file in it"
EXPORT = "export its table as CSV in UTF-8"
ZIP = b"PK\x03\x04"
MAGIC = {
    b"\x1f\x8b": ("a gzip archive", UNPACK),
    b"BZh": ("a bzip2 archive", UNPACK),
    b"\xfd7zXZ\x00": ("an xz archive", UNPACK),
    b"(\xb5/\xfd": ("a Zstandard archive", UNPACK),
    b"7z\xbc\xaf'\x1c": ("a 7-Zip archive", UNPACK),
    b"Rar!": ("a RAR archive", UNPACK),
    b"PAR1": ("a Parquet file", EXPORT),
    b"ARROW1": ("an Arrow file", EXPORT),
    b"SQLite format 3\x00": ("an SQLite database", EXPORT),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook of the old kind (.xls)", EXCEL),
    b"%PDF": ("a PDF document", EXPORT),
    b"version https://git-lfs": ("a Git LFS pointer: the file itself was not fetched", "run `git lfs pull`"),
}
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head")
UTF_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Kind:
    """A kind of file that is not CSV text.

    Args:
        name: Name of the kind, with its article.
        do: How to convert it.
    """

    name: str
    do: str

    def error(self, path: Path) -> SourceError:
        """Return the error to raise if CSV text was expected."""
        return SourceError(
            f"{path} is not a CSV file", found=self.name, allowed="CSV text, best in UTF-8", do=self.do
        )


def other_kind(path: Path, head: bytes) -> Kind | None:
    """Return the kind of a file, or None if it may be CSV text.

    Args:
        path: The file.
        head: Its first `SNIFFED_BYTES`.

    Raises:
        OSError: An archive cannot be read.
    """
    if head.startswith(ZIP):
        return _zipped(path)
    for magic, (name, do) in MAGIC.items():
        if head.startswith(magic):
            return Kind(name, do)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:20].lower().startswith(MARKUP):
        return Kind("a web page (HTML or XML)", "download the file itself; this may be a login page")
    if text.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ {", b"[]")):
        return Kind("JSON", "convert it to CSV, with one track on each line")
    if b"\0" in head.partition(b"\n")[0] and not head.startswith(UTF_MARKS) and utf16_of(head) is None:
        return Kind("bytes that are not text", "save it as CSV in UTF-8")
    return None


def utf16_of(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, where every other byte of ASCII text is zero."""
    first = head[:400]
    even, odd = first[0::2], first[1::2]
    if len(first) < 4:  # noqa: PLR2004 - two characters say nothing
        return None
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _zipped(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
        return Kind("a damaged zip archive", "download it again, and unpack it")
    if any(name.startswith("xl/") for name in names):
        return Kind("an Excel workbook", EXCEL)
    if "content.xml" in names:
        return Kind("an OpenDocument spreadsheet", EXCEL)
    return Kind("a zip archive", UNPACK)
