"""Finds the files of a folder that may be tables of tracks, and lists the others.

Conventions: files are read in natural numeric order. A `.txt` file is a table if its first line has columns: Excel's
"Unicode text" is such a file. Subfolders are not read; one that holds tables is named in a caveat. Lock files of Excel
and LibreOffice, attribute files of macOS and system files of Windows are ignored, whatever their extension.
"""

from pathlib import Path

from genrelab.lake.source_order import natural_key
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import name_of

SHOWN = 8
"""Names shown in a message."""
ENDINGS = (".csv", ".tsv")
TEXT = ".txt"
COMPRESSED = (".gz", ".zip", ".bz2", ".xz", ".zst")
FIRST_BYTES = 8_192
LEAST_DELIMITERS = 4
"""Fewest delimiters in the first line of a text file that counts as a table."""


def table_files(path: Path) -> list[Path]:
    """The CSV files of a folder in natural numeric order, or the one file itself.

    Raises:
        SourceError: There is no CSV file.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise SourceError(
            f"there are no earlier pulls at {path}",
            found="no such file or folder",
            allowed="a CSV file, or a folder with CSV files",
            do="check the path given as the Spotify source",
        )
    files = [entry for entry in path.iterdir() if _is_table(entry)]
    if not files:
        names = passed_over(path)
        raise SourceError(
            f"the folder {path} contains no CSV file",
            found=shortened(names) or "an empty folder",
            allowed="files named *.csv or *.tsv, or tables in *.txt files",
            do="pass the folder that holds the files themselves, and unpack compressed files",
        )
    return sorted(files, key=lambda file: natural_key(file.name))


def passed_over(path: Path) -> list[str]:
    """Return the names of all entries of a folder that are not read as tables; hidden files are left out."""
    if not path.is_dir():
        return []
    others = [entry for entry in path.iterdir() if not _is_table(entry) and not _is_hidden(entry)]
    return sorted((name_of(entry) + "/" * entry.is_dir() for entry in others), key=natural_key)


def unread_tables(path: Path) -> list[str]:
    """Return the names of subfolders that hold tables and of compressed tables; neither is read."""
    if not path.is_dir():
        return []
    found = [entry for entry in path.iterdir() if not entry.name.startswith(".") and _holds_tables(entry)]
    return sorted((name_of(entry) + "/" * entry.is_dir() for entry in found), key=natural_key)


def _holds_tables(entry: Path) -> bool:
    if not entry.is_dir():
        return Path(entry.stem).suffix.lower() in ENDINGS and entry.suffix.lower() in COMPRESSED
    try:
        return any(_is_table(inner) for inner in entry.iterdir())
    except OSError:
        return False


def shortened(names: list[str], shown: int = SHOWN) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:shown]) + (f" and {len(names) - shown:,} more" if len(names) > shown else "")


def _is_table(entry: Path) -> bool:
    if entry.name.startswith((".", "~$")) or not entry.is_file():
        return False
    return entry.suffix.lower() in ENDINGS or (entry.suffix.lower() == TEXT and _has_columns(entry))


def _has_columns(entry: Path) -> bool:
    """Whether the first line of a text file has as many delimiters as a table of tracks."""
    try:
        with entry.open("rb") as raw:
            head = raw.read(FIRST_BYTES)
    except OSError:
        return False
    line = head.replace(b"\0", b"").lstrip().partition(b"\n")[0]
    return any(line.count(sign) >= LEAST_DELIMITERS for sign in (b"\t", b",", b";", b"|"))


def _is_hidden(entry: Path) -> bool:
    """Whether an entry is hidden; a lock file is not, since it means that the file is open in another program."""
    return entry.name.startswith(".") and not entry.name.startswith((".~lock.", "._"))
