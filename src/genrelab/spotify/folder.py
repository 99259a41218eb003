"""Which files of a folder may be tables of tracks, and which lie there for other reasons.

Conventions: files are taken in natural numeric order. Lock files of Excel and LibreOffice, copies of attributes by
macOS and what Windows leaves are no tables, whatever they end in.
"""

from pathlib import Path

from genrelab.errors import SourceError
from genrelab.files import name_of
from genrelab.lake import natural_key

SHOWN = 8
"""Names in a message."""
ENDINGS = (".csv", ".tsv")


def table_files(path: Path) -> list[Path]:
    """The CSV files of a folder in natural numeric order, or the one file itself.

    Raises:
        SourceError: There is none.
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
            f"the folder {path} holds no CSV file",
            found=shortened(names) or "an empty folder",
            allowed="files whose names end in .csv or .tsv",
            do="name the folder that holds the pulls; unpack what is compressed",
        )
    return sorted(files, key=lambda file: natural_key(file.name))


def passed_over(path: Path) -> list[str]:
    """Names of what lies in a folder beside its tables, hidden files aside; a compressed pull is read by nobody."""
    if not path.is_dir():
        return []
    others = [entry for entry in path.iterdir() if not _is_table(entry) and not _is_hidden(entry)]
    return sorted((name_of(entry) + "/" * entry.is_dir() for entry in others), key=natural_key)


def shortened(names: list[str], shown: int = SHOWN) -> str:
    """The first of the names."""
    return ", ".join(names[:shown]) + (f" and {len(names) - shown:,} more" if len(names) > shown else "")


def _is_table(entry: Path) -> bool:
    return entry.is_file() and entry.suffix.lower() in ENDINGS and not entry.name.startswith((".", "~$"))


def _is_hidden(entry: Path) -> bool:
    """Whether nobody would look for it; a lock file is named, since it says that a pull is open elsewhere."""
    return entry.name.startswith(".") and not entry.name.startswith((".~lock.", "._"))
