"""Genres of a person's own music files.

Conventions: a file is named without its path, so that a report can be shown to others; lengths are in seconds,
probabilities are calibrated shares of 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """One file with a genre.

    Args:
        file: Its name.
        folder: Name of the folder that holds it.
        genre: The most probable genre.
        probability: Its probability.
        second_genre: The second most probable genre; empty if the champion knows one genre only.
        margin: `probability` less that of the second genre.
        genres: Every genre that a champion of several genres names.
        near: The track of the archive that sounds most like it; empty if unknown.
    """

    file: str
    folder: str
    genre: str
    probability: float
    second_genre: str
    margin: float
    genres: tuple[str, ...]
    near: str


@dataclass(frozen=True)
class GenreFiles:
    """The files of one genre.

    Args:
        genre: Its name.
        files: Number of files.
        seconds: Their total length.
        typical: Files with the highest probability of the genre.
        strange: Files with the lowest probability of the genre, the lowest first; none of `typical`.
    """

    genre: str
    files: int
    seconds: float
    typical: tuple[Heard, ...]
    strange: tuple[Heard, ...]


@dataclass(frozen=True)
class ProblemFile:
    """A file without a genre.

    Args:
        file: Its name.
        folder: Name of the folder that holds it.
        problem: What is wrong with it.
    """

    file: str
    folder: str
    problem: str


@dataclass(frozen=True)
class YourMusic:
    """A collection of music files.

    Args:
        table: The table that was read.
        table_version: Its version.
        sample: Whether a champion was trained on sample data.
        champions: Champions and their versions, as `name version n`.
        files: Files with a genre.
        seconds: Their total length.
        genres: Genres by number of files, the most frequent first.
        unsure: Files with the smallest margins, the smallest first.
        several: Files by genre of the champion of several genres, the most frequent first; empty without one.
        several_files: Files to which that champion was applied.
        near_genres: Files by genre of the nearest track of the archive.
        problems: The first files without a genre, by folder and name.
        problem_count: All files without a genre.
    """

    table: str
    table_version: int
    sample: bool
    champions: tuple[str, ...]
    files: int
    seconds: float
    genres: tuple[GenreFiles, ...]
    unsure: tuple[Heard, ...]
    several: dict[str, int]
    several_files: int
    near_genres: dict[str, int]
    problems: tuple[ProblemFile, ...]
    problem_count: int

    @property
    def title(self) -> str:
        """Return the name of the result in the label of sample data."""
        return "your music"
