"""What the columns of `fma_tracks` say of languages, licences, labels, years, bit rates and lengths.

Columns are read one at a time: reads of one version of a table return its rows in one order.
"""

import numpy as np
import numpy.typing as npt

from genrelab.analyses.archive.bit_rates import bit_rate_of
from genrelab.analyses.archive.kinds import describe_kinds, in_order
from genrelab.analyses.archive.labels import describe_labels
from genrelab.analyses.archive.languages import language_of
from genrelab.analyses.archive.licences import OTHER, family_of
from genrelab.analyses.archive.result import Dates, Profile
from genrelab.analyses.archive.spreads import describe_dates, describe_spread
from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.whole import NUMBERS, whole_rows
from genrelab.evaluation.samples import group_codes

TRACKS = "fma_tracks"
DATES = ("track_date_recorded", "album_date_released", "artist_active_year_begin")
"""Dates that are described; the future is what lies after the newest of `ADDED`."""
ADDED = "track_date_created"
MINUTE = 60


def describe_profile(inputs: Inputs) -> Profile:
    """Describe the metadata of all tracks, one column at a time."""
    version = inputs.version(TRACKS)
    keys = inputs.read(TRACKS, ["artist_id", "genre_top", ADDED])
    artists = group_codes(keys["artist_id"].to_numpy(zero_copy_only=False))
    genres = np.asarray(keys["genre_top"].to_pylist(), dtype=object)
    added = keys[ADDED].to_numpy(zero_copy_only=False)
    until = np.max(added[~np.isnat(added)]) if (~np.isnat(added)).any() else np.datetime64("NaT")

    def texts(column: str) -> npt.NDArray[np.object_]:
        values = inputs.read(TRACKS, [column])[column].to_pylist()
        return np.array([None if one is None or not str(one).strip() else str(one) for one in values], object)

    def dates(column: str) -> Dates:
        values = inputs.read(TRACKS, [column])[column].to_numpy(zero_copy_only=False)
        return describe_dates(column, values, artists, genres, until)

    seconds = inputs.read(TRACKS, ["track_duration"])["track_duration"].to_numpy(zero_copy_only=False)
    minutes = seconds.astype(np.float64) / MINUTE
    is_zero = minutes == 0
    minutes[is_zero] = np.nan
    return Profile(
        table_version=version.version,
        sample=version.is_sample,
        tracks=len(artists),
        artists=int(artists.max(initial=-1)) + 1,
        whole=int(whole_rows(inputs.read(TRACKS, NUMBERS)).sum()),
        genres=tuple((name, int((genres == name).sum())) for name in in_order(genres, fewest=1) if name),
        languages=describe_kinds(
            "track_language_code", texts("track_language_code"), artists, genres, language_of
        ),
        licences=describe_kinds(
            "track_license", texts("track_license"), artists, genres, family_of, other=OTHER
        ),
        labels=describe_labels(texts("artist_associated_labels"), artists),
        dates=tuple(dates(column) for column in DATES),
        bit_rates=describe_kinds("track_bit_rate", texts("track_bit_rate"), artists, genres, bit_rate_of),
        durations=describe_spread("track_duration", minutes, artists, genres, width=1),
        without_length=int(is_zero.sum()),
    )
