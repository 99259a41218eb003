"""Which genres are played most, compared with tracks of the same age.

Conventions: the plays of a track are compared with the geometric mean of 1 + plays of all tracks of about its age
(`BINS` bins of equal size), so that a genre that came early or late is not judged by that. The ratio of a genre is the
geometric mean of its tracks' ratios; its 95 % interval has artists as clusters
(`genrelab.evaluation.sampling.geometric_mean`).
"""

import numpy as np
import numpy.typing as npt

from genrelab.analyses.popularity.age import age_bins
from genrelab.analyses.popularity.result import GenrePlays
from genrelab.analyses.popularity.tracks import Tracks
from genrelab.evaluation.results import Score
from genrelab.evaluation.sampling import artist_numbers, geometric_mean
from genrelab.tables.fma import TOP_GENRES

FloatArray = npt.NDArray[np.float64]

BINS = 40
FEWEST = 20
"""Artists that a genre needs."""


def compare_genres(tracks: Tracks, days: FloatArray) -> tuple[tuple[GenrePlays, ...], int]:
    """Return the genres with enough artists, the most played first, and the number of the others.

    Args:
        tracks: The tracks.
        days: Age of each, NaN where it is not known.
    """
    apart = tracks.target - _expected(tracks.target, days)
    artists, plays, has = artist_numbers(tracks.artists), tracks.plays, tracks.genres.tocsc()
    found = []
    for column, name in enumerate(tracks.genre_names):
        rows = has.indices[has.indptr[column] : has.indptr[column + 1]]
        of_genre = artist_numbers(artists[rows])
        count = int(of_genre.max(initial=-1)) + 1
        if count < FEWEST:
            continue
        ratio = Score(*geometric_mean(apart[rows], of_genre))
        found.append(
            GenrePlays(name, name in TOP_GENRES, len(rows), count, float(np.median(plays[rows])), ratio)
        )
    found.sort(key=lambda one: (-one.ratio.value, one.genre))
    return tuple(found), len(tracks.genre_names) - len(found)


def _expected(target: FloatArray, days: FloatArray) -> FloatArray:
    """Mean of the target among tracks of about the same age; tracks without an age are compared with each other."""
    codes = np.full(len(target), -1)
    known = np.isfinite(days)
    if known.any():
        codes[known] = age_bins(days[known], BINS)
    _, places = np.unique(codes, return_inverse=True)
    return np.asarray((np.bincount(places, weights=target) / np.bincount(places))[places])
