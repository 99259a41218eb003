"""Decompresses a member of a zip with the fastest installed library.

Conventions: deflate uses ISA-L if the package `isal` is installed, which takes less than half of zlib's time, else
zlib; bzip2 and other methods use `zipfile`. Length and CRC-32 are compared with the declared ones, so reading stops at
the declared length.
"""

import importlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Protocol

fast: ModuleType = zlib
with suppress(ImportError):
    fast = importlib.import_module("isal.isal_zlib")

LOCAL_HEADER = struct.Struct("<26x2H")
"""Of a member: lengths of its name and extra field at the end of 30 bytes (PKWARE APPNOTE 4.3.7)."""
COMPRESSED = 1 << 19
ENCRYPTED = 1


class Readable(Protocol):
    """An object that can be read chunk by chunk."""

    def read(self, size: int, /) -> bytes:
        """At most about `size` bytes, none at the end."""


@contextmanager
def open_member(path: Path, entry: zipfile.ZipInfo) -> Iterator[Readable]:
    """Open one member for reading.

    Raises:
        zipfile.BadZipFile: It is damaged, also while it is read.
        RuntimeError: It is encrypted.
    """
    with zipfile.ZipFile(path) as archive, archive.open(entry) as file:  # checks the member's own header
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            yield file
            return
    with path.open("rb") as raw:
        raw.seek(entry.header_offset)
        name, extra = LOCAL_HEADER.unpack(raw.read(LOCAL_HEADER.size))
        raw.seek(name + extra, 1)
        yield _Deflated(raw, entry)


class _Deflated:
    """A deflated member from its first compressed byte."""

    def __init__(self, raw: IO[bytes], entry: zipfile.ZipInfo) -> None:
        self._raw, self._entry = raw, entry
        self._left = entry.compress_size
        self._inflate: Any = fast.decompressobj(-zlib.MAX_WBITS)
        self._held = b""
        self._done = self._crc = 0

    def read(self, size: int, /) -> bytes:
        """About `size` bytes, none at the end."""
        pieces, length = [], 0
        while length < size and not self._inflate.eof:
            if not self._held:
                self._held = self._raw.read(min(COMPRESSED, self._left))
                self._left -= len(self._held)
                if not self._held:
                    raise zipfile.BadZipFile("the compressed data end too early")
            try:
                piece = self._inflate.decompress(self._held, size)
            except fast.error as error:
                raise zipfile.BadZipFile(f"the compressed data are damaged: {error}") from error
            self._held = self._inflate.unconsumed_tail
            pieces.append(piece)
            length += len(piece)
            self._crc = fast.crc32(piece, self._crc)
            self._done += len(piece)
            if self._done > self._entry.file_size:
                raise zipfile.BadZipFile(f"it is longer than the {self._entry.file_size:,} bytes it declares")
        if self._inflate.eof and (self._done, self._crc) != (self._entry.file_size, self._entry.CRC):
            raise zipfile.BadZipFile("its length or CRC-32 differs from the declared one")
        return b"".join(pieces)
