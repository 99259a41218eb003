"""Detects the encoding and decimal sign of a file from its first bytes.

Conventions: FMA's own files are UTF-8 with decimal points and commas, and pass unchanged. Other forms come from
programs that re-saved them; this module converts them to UTF-8.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

BOM = b"\xef\xbb\xbf"
UTF8 = "utf-8"
NUL_SHARE = 0.3
LIKELIER = 10
"""Ratio of invalid bytes to valid non-ASCII characters from which a file is read as cp1252."""
SAMPLE = 1 << 20
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?")
DECIMAL_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")


def encoding_of(head: bytes) -> str:
    """Return the encoding of a file that begins with `head`: UTF-8, UTF-16, UTF-32, or cp1252 if it is not UTF-8.

    >>> encoding_of("Café".encode()), encoding_of("Café,".encode("cp1252")), encoding_of("a,b".encode("utf-16-le"))
    ('utf-8', 'cp1252', 'utf-16-le')
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the first begins as UTF-16 does
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:2000]
    for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = start[place::2]
        if half and half.count(0) > NUL_SHARE * len(half):
            return name
    if head.isascii():
        return UTF8
    text = codecs.getincrementaldecoder(UTF8)("replace").decode(head)
    invalid = text.count("\ufffd") - head.count("\ufffd".encode())
    if not invalid:
        return UTF8
    valid = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    return "cp1252" if invalid > LIKELIER * valid else UTF8


def as_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the chunks in UTF-8; UTF-8 chunks pass unchanged, with their invalid sequences."""
    if encoding == UTF8:
        yield from chunks
        return
    decode = codecs.getincrementaldecoder(encoding)("replace").decode
    for chunk in chunks:
        if text := decode(chunk):
            yield text.encode()
    if rest := decode(b"", final=True):
        yield rest.encode()


def decimal_sign(sample: bytes, delimiter: str, places: list[int]) -> str:
    """Return the decimal sign of numbers: a point or a comma.

    Args:
        sample: Records, the first of them whole.
        delimiter: Between fields.
        places: Fields that hold numbers.
    """
    if delimiter == "," and not re.search(rb'"[+-]?[0-9]+,[0-9]', sample[:SAMPLE]):
        return "."
    commas = points = 0
    for record in _records(sample[:SAMPLE], delimiter):
        for place in places:
            cell = record[place].strip() if place < len(record) else ""
            if DECIMAL_POINT.fullmatch(cell):
                points += 1
            elif DECIMAL_COMMA.fullmatch(cell) and (delimiter != "," or not THOUSANDS.fullmatch(cell)):
                commas += 1
    return "," if commas and not points else "."


def _records(sample: bytes, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(sample.decode("utf-8", "replace"), newline=""), delimiter=delimiter)
    except csv.Error:
        return  # what has been seen decides
