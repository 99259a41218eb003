"""Made-up tracks with lengths, and what the analysis finds in them."""

import pandas as pd

from genrelab.analyses.track_lengths.lengths import lengths_of
from genrelab.analyses.track_lengths.result import TrackLengths


def made_tracks() -> pd.DataFrame:
    """Rock of 1 to 20 minutes, Folk of a minute each, and one track of Jazz."""
    minutes = [*range(1, 21), *[1] * 10, 3]
    genres = ["Rock"] * 20 + ["Folk"] * 10 + ["Jazz"]
    return pd.DataFrame({"genre_top": genres, "track_duration": [60 * one for one in minutes]})


def made_lengths() -> TrackLengths:
    """The result for these tracks."""
    tracks = made_tracks()
    genres, small = lengths_of(tracks)
    return TrackLengths(
        "fma_tracks", 0, sample=False, tracks=len(tracks), left_out=5, small=small, genres=genres
    )


RESULTS = {"track_lengths": made_lengths}
