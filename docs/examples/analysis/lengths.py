"""Quartiles of the lengths of the tracks of each genre."""

from collections.abc import Sequence

import pandas as pd

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.track_lengths.result import GenreLengths, TrackLengths
from genrelab.runtime.errors import GenrelabError

TABLE = "fma_tracks"
FEWEST = 10
"""Tracks of the smallest genre that is shown: quartiles of fewer say little."""
QUARTILES = (0.25, 0.5, 0.75)
DIGITS = 2


def compute(inputs: Inputs) -> TrackLengths:
    """The lengths of the tracks in the lake.

    Raises:
        GenrelabError: No genre has enough tracks.
    """
    version = inputs.version(TABLE)
    frame = inputs.read(TABLE, ["genre_top", "track_duration"]).to_pandas()
    known = frame.dropna().astype({"track_duration": float})
    genres, small = lengths_of(known)
    if not genres:
        raise GenrelabError(
            "the lengths of genres cannot be compared",
            found=f"{len(known)} tracks of {TABLE} with a genre and a length",
            allowed=f"at least {FEWEST} tracks of a genre",
        )
    inputs.fitted_on(TABLE, known)
    return TrackLengths(
        TABLE, version.version, version.is_sample, len(known), len(frame) - len(known), small, genres
    )


def lengths_of(tracks: pd.DataFrame) -> tuple[tuple[GenreLengths, ...], tuple[str, ...]]:
    """The genres with enough tracks, the longest first, and the names of the others.

    Args:
        tracks: `genre_top`, and `track_duration` in seconds; nothing is missing.
    """
    by_genre = tracks["track_duration"].groupby(tracks["genre_top"])
    found = [GenreLengths(str(genre), len(one), _quartiles(one)) for genre, one in by_genre]
    found.sort(key=lambda one: (-one.median, one.genre))
    shown = tuple(one for one in found if one.tracks >= FEWEST)
    return shown, tuple(one.genre for one in found if one.tracks < FEWEST)


def _quartiles(seconds: "pd.Series[float]") -> tuple[float, float, float]:
    values: Sequence[float] = (seconds.quantile(list(QUARTILES)) / 60).round(DIGITS).tolist()
    low, middle, high = values
    return low, middle, high
