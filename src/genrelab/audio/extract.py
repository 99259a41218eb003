"""Computes the features of many audio files: in parallel, cached by content, and resumable.

Conventions: a file that cannot be used is never an exception but an `Extracted` with a `problem`; the other files go on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from genrelab.audio.recipes import Recipe

SUFFIXES = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma")
"""Names of audio files that a folder is searched for; a file that is named itself may have any name."""


@dataclass(frozen=True)
class Extracted:
    """The features of one file, or why there are none.

    Args:
        path: The file.
        digest: sha256 of its content, in hexadecimal; empty if it could not be read.
        recipe: Name and version of the recipe, e.g. `clips-59@1`.
        seconds: Length of the audio that was analysed.
        features: Values by column, all finite; None with a problem.
        problem: What is wrong, what was found, what to do; empty without a problem.
        was_cached: Whether the values are of an earlier run.
    """

    path: Path
    digest: str
    recipe: str
    seconds: float
    features: dict[str, float] | None
    problem: str
    was_cached: bool


def require_audio() -> None:
    """Check that librosa and ffmpeg are there.

    Raises:
        GenrelabError: One of them is missing, with the commands to install it.
    """
    raise NotImplementedError


def find_files(paths: Sequence[Path]) -> tuple[list[Path], list[Extracted]]:
    """Return the audio files among files and folders, each once, and what could not be searched.

    Args:
        paths: Files, taken whatever their name, and folders, searched recursively for names in `SUFFIXES`.

    Returns:
        The files in order, and one `Extracted` with a problem for each path that is missing or may not be read.
    """
    raise NotImplementedError


def extract_all(
    paths: Sequence[Path],
    recipe: Recipe,
    cache: Path,
    processes: int,
    progress: Callable[[int, int], None],
) -> Iterator[Extracted]:
    """Yield the features of each file, in the order of the files.

    Args:
        paths: Audio files, as `find_files` returns them.
        recipe: How the features are computed.
        cache: Folder for the features of each content; a second run reads them there.
        processes: Worker processes, at least 1.
        progress: Called with the number of finished files and of all files.
    """
    raise NotImplementedError
