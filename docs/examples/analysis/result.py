"""What the analysis finds.

Conventions: lengths are in minutes; genres are in the order of their medians, the longest first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class GenreLengths:
    """The tracks of one genre.

    Args:
        genre: Its name.
        tracks: How many have a length.
        quartiles: Lower quartile, median and upper quartile of their lengths.
    """

    genre: str
    tracks: int
    quartiles: tuple[float, float, float]

    @property
    def median(self) -> float:
        """The length that half of the tracks exceed."""
        return self.quartiles[1]


@dataclass(frozen=True)
class TrackLengths:
    """The lengths of all genres.

    Args:
        table: The table that was read.
        table_version: Its version.
        sample: Whether that is sample data.
        tracks: Tracks with a genre and a length.
        left_out: Tracks without a genre or without a length.
        small: Genres with too few tracks to be shown.
        genres: All others.
    """

    table: str
    table_version: int
    sample: bool
    tracks: int
    left_out: int
    small: tuple[str, ...]
    genres: tuple[GenreLengths, ...]
