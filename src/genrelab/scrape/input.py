"""Which artists to scrape: files of ids, URIs and addresses, and search terms.

Conventions: one artist per line, or a column of a CSV file; an empty line and what follows a `#` are left
out; an artist named twice counts once. A line `search: ...` asks Spotify's search for artists. What is no
artist is kept as it stands and reported, never guessed at.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from genrelab.errors import SourceError

ID = re.compile(r"[0-9A-Za-z]{22}")
URI = re.compile(r"spotify:artist:([0-9A-Za-z]{22})")
ADDRESS = re.compile(
    r"(?:https?://)?open\.spotify\.com/(?:intl-\w+/)?artist/([0-9A-Za-z]{22})(?:[/?#].*)?", re.IGNORECASE
)
SEARCH = re.compile(r"search:\s*(\S.*)", re.IGNORECASE)
COLUMNS = ("artist_id", "artist_uri", "artist", "id", "uri", "url")
"""Columns of a CSV file that are taken for the artists when none is named."""


@dataclass(frozen=True)
class Artists:
    """What to scrape.

    Args:
        ids: Spotify ids, each once, in the order of the file.
        terms: Search terms, each once.
        malformed: Lines that are neither.
    """

    ids: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.terms or self.malformed)


def parse_artists(lines: Iterable[str]) -> Artists:
    """Tell ids, URIs, addresses and search terms apart.

    >>> parse_artists(["spotify:artist:7Ln80lUS6He07XvHI8qqHH", "search: genre:opm", "Arctic Monkeys"])
    Artists(ids=('7Ln80lUS6He07XvHI8qqHH',), terms=('genre:opm',), malformed=('Arctic Monkeys',))
    """
    ids: dict[str, None] = {}
    terms: dict[str, None] = {}
    malformed: dict[str, None] = {}
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        text = re.sub(r"\s+#.*", "", text)
        if ID.fullmatch(text):
            ids[text] = None
        elif found := URI.fullmatch(text) or ADDRESS.fullmatch(text):
            ids[found[1]] = None
        elif found := SEARCH.fullmatch(text):
            terms[found[1]] = None
        else:
            malformed[text] = None
    return Artists(tuple(ids), tuple(terms), tuple(malformed))


def read_artists(path: Path, column: str | None = None) -> Artists:
    """Read a file of artists.

    Args:
        path: One artist per line, or a CSV file (`.csv`) with a header.
        column: The column of a CSV file; by default the first of `COLUMNS` that it has.

    Raises:
        SourceError: The file cannot be read, has no such column, or names no artist.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"the file of artists {path} cannot be read",
            found=getattr(error, "strerror", None) or str(error),
            allowed="a text file in UTF-8: an artist id, URI or address per line, or a CSV column",
            do="pass --artists FILE, or set GENRELAB_ARTISTS",
        ) from None
    is_csv = column is not None or path.suffix.lower() == ".csv"
    artists = parse_artists(_column(path, text, column) if is_csv else text.splitlines())
    if not artists:
        raise SourceError(
            f"the file of artists {path} names no artist",
            found="no line but empty ones and comments",
            allowed="an artist id, URI or address per line, or `search: ...`",
            do="add one",
        )
    return artists


def _column(path: Path, text: str, column: str | None) -> list[str]:
    rows = csv.reader(text.splitlines())
    header = [name.strip() for name in next(rows, [])]
    if column is None:
        column = next((name for name in COLUMNS if name in header), None)
        if column is None and len(header) == 1:
            return text.splitlines()  # one column without a header
    if column is None or column not in header:
        raise SourceError(
            f"the file of artists {path} has no column {column or 'of artists'}",
            found=", ".join(header) or "no header",
            allowed=f"a column named {' or '.join(COLUMNS)}, or one that is named",
            do="name the column",
        )
    position = header.index(column)
    return [row[position] for row in rows if len(row) > position]
