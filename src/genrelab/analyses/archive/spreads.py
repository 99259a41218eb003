"""Numbers and years of tracks: quartiles with every artist counted once, and by genre."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.archive.kinds import in_order, named
from genrelab.analyses.archive.result import Dates, GenreSpread, Quartiles, Spread
from genrelab.evaluation.sampling import artist_numbers

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

FIRST_YEAR = 1900
"""An earlier date is counted as odd: sound was hardly recorded then."""
QUARTILES = (0.25, 0.5, 0.75)
DIGITS = 3


def describe_dates(
    column: str,
    dates: npt.NDArray[np.datetime64],
    artists: IntArray,
    genres: ObjectArray,
    until: np.datetime64,
) -> Dates:
    """Describe a column of dates.

    Args:
        column: Its name.
        dates: Date of each track, NaT where missing, shape (tracks,).
        artists: Artist of each track.
        genres: Top genre of each track, None without one.
        until: When the newest track was added; NaT if not known, so that no date is in the future.
    """
    known = ~np.isnat(dates)
    years = np.full(len(dates), np.nan)
    years[known] = dates[known].astype("datetime64[Y]").astype(np.int64) + 1970
    before = known & (years < FIRST_YEAR)
    after = known & (dates > until) if not np.isnat(until) else np.zeros(len(dates), dtype=bool)
    years[before | after] = np.nan
    spread = describe_spread(column, years, artists, genres, width=5)
    missing = int((~known).sum())
    day = "" if np.isnat(until) else str(until.astype("datetime64[D]"))
    counted = Spread(**{**vars(spread), "missing": missing})
    return Dates(counted, int(before.sum()), int(after.sum()), day)


def describe_spread(
    column: str, values: FloatArray, artists: IntArray, genres: ObjectArray, *, width: int
) -> Spread:
    """Describe a column of numbers.

    Args:
        column: Its name.
        values: Number of each track, NaN where missing, shape (tracks,).
        artists: Artist of each track.
        genres: Top genre of each track, None without one.
        width: Width of a bin.
    """
    known = np.flatnonzero(np.isfinite(values))
    missing = len(values) - len(known)
    values, artists, genres = values[known], artist_numbers(artists[known]), genres[known]
    if not len(values):
        return Spread(column, 0, missing, 0, None, None, None, (), ())
    frame = pd.DataFrame({"bin": (values // width * width).astype(int), "artist": artists})
    bins = frame.groupby("bin")["artist"].agg(["size", "nunique"])
    given = named(genres)
    of_genres = []
    for genre in in_order(genres):
        rows = given == genre
        of_genres.append(
            GenreSpread(
                genre,
                int(rows.sum()),
                len(np.unique(artists[rows])),
                quartiles_of(values[rows], artists[rows]),
            )
        )
    return Spread(
        column=column,
        tracks=len(values),
        missing=missing,
        artists=int(artists.max()) + 1,
        quartiles=quartiles_of(values, artists),
        lowest=round(float(values.min()), DIGITS),
        highest=round(float(values.max()), DIGITS),
        bins=tuple((int(start), int(tracks), int(people)) for start, tracks, people in bins.itertuples()),
        genres=tuple(sorted(of_genres, key=lambda one: (not one.genre, one.quartiles[1], one.genre))),
    )


def quartiles_of(values: FloatArray, artists: IntArray) -> Quartiles:
    """Return quartiles over artists of the median of the artist's tracks.

    >>> quartiles_of(np.array([1.0, 9.0, 9.0, 9.0]), np.array([0, 1, 1, 1]))
    (3.0, 5.0, 7.0)
    """
    medians = pd.Series(values).groupby(artists).median().to_numpy(dtype=np.float64)
    low, middle, high = (round(float(one), DIGITS) for one in np.quantile(medians, QUARTILES))
    return low, middle, high
