"""Writes files atomically, reads text in any encoding with a byte order mark, and fingerprints files."""

import codecs
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

CHUNK = 1 << 20


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Wait until the files of a folder, and their names, are on disk: a power cut then leaves them whole."""
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON, atomically."""
    write_atomically(path, as_json(value))


def as_json(value: Any) -> bytes:
    """Return a value as JSON."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def read_json(path: Path) -> Any | None:
    """Return the value stored by `write_json`, or None if there is none or it cannot be read."""
    try:
        return json_or_none(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def json_or_none(data: bytes | None) -> Any | None:
    """Return the value of JSON, or None if there is none or it cannot be read."""
    try:
        return None if data is None else json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def digest(*values: object) -> str:
    """Return a short hash of values that JSON can represent."""
    return sha256(*values)[:16]


def sha256(*values: object) -> str:
    """Return the sha256 of values that JSON can represent, in hexadecimal."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def stat_digest(path: Path) -> str:
    """Return a fingerprint of a file or folder from names, sizes and modification times; cheap enough for skipping."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
    else:
        files = [path] if path.is_file() else []
    return digest(
        [(str(file.relative_to(path)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    )


def hash_file(path: Path, algorithm: str = "sha256") -> str:
    """Return the hash of a file's bytes, in hexadecimal."""
    found = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def whole_characters(text: str) -> str:
    r"""Return text without unpaired surrogates, such as half an emoji: JSON allows them, tables do not.

    >>> whole_characters("\ud83d\ude00 rock \ud83d") == "\N{GRINNING FACE} rock \N{REPLACEMENT CHARACTER}"
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_text(path: Path) -> str:
    """Return the text of a file in the encoding of its byte order mark; without a mark, UTF-8.

    Notepad writes UTF-8 with a mark, PowerShell's `>` writes UTF-16.

    Raises:
        UnicodeDecodeError: It is in another encoding.
    """
    data = path.read_bytes()
    marks = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    encoding = next((name for mark, name in marks.items() if data.startswith(mark)), "utf-8-sig")
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def is_text(name: str) -> bool:
    r"""Whether a name is UTF-8 text: other names cannot be stored in a database or in JSON.

    >>> is_text("Müller"), is_text("M\udcfcller")
    (True, False)
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def lies_below(path: Path, folder: Path) -> bool:
    """Whether a path lies below a folder, by its name: links are not followed, `..` is resolved.

    >>> lies_below(Path("/home/one/data"), Path("/home/one")), lies_below(Path("/home/one/../two"), Path("/home/one"))
    (True, False)
    """
    inner, outer = Path(os.path.abspath(path)), Path(os.path.abspath(folder))  # noqa: PTH100 - resolve follows links
    return inner != outer and inner.is_relative_to(outer)


def name_of(path: Path | str) -> str:
    """Return the name of a file as text, even if its bytes are not UTF-8, as in an archive of another system."""
    return os.fsencode(Path(path).name).decode("utf-8", "replace")
