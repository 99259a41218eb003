"""Tracks with planted gaps, and what the description of missing values finds in them."""

import numpy as np

from genrelab.analyses.missing_values.gaps import describe_gaps
from genrelab.analyses.missing_values.result import ColumnGaps, MissingValues, TableGaps
from genrelab.analyses.missing_values.tracks import Tracks
from genrelab.tables.fma import FMA_FEATURES, FMA_TRACKS

COLUMNS = tuple(one.name for one in FMA_TRACKS if one.official and one.name != "track_id")
ARTISTS, EACH = 20, 6
LAST = "2012-05-01T10:00:00"


def made_tracks(emptied: int = 0, **gaps: np.ndarray) -> Tracks:
    """Return 120 tracks of 20 artists, six each; a keyword names a column and says where it is missing.

    Without one, artists 0 to 4 have no place, artists 0 to 9 no coordinates, and every second track no composer.
    """
    rows = ARTISTS * EACH
    artists = np.repeat(np.arange(ARTISTS), EACH)
    planted = gaps or {
        "artist_location": artists < 5,
        "artist_latitude": artists < 10,
        "artist_longitude": artists < 10,
        "track_composer": np.arange(rows) % 2 == 0,
    }
    missing = np.zeros((rows, len(COLUMNS)), dtype=bool)
    for name, where in planted.items():
        missing[:, COLUMNS.index(name)] = where
    added = np.full(rows, "2009-01-01", dtype="datetime64[us]")
    added[-1] = np.datetime64(LAST)
    return Tracks(
        is_whole=np.arange(rows + emptied) < rows,
        emptied=(("album_id", emptied),) if emptied else (),
        columns=COLUMNS,
        missing=missing,
        track_ids=np.arange(1, rows + 1),
        artists=artists,
        albums=artists.copy(),
        has_album=np.ones(rows, dtype=bool),
        subsets=np.where(artists < 8, "small", "large").astype(object),
        genres=np.array([("Rock", "Folk", None)[one % 3] for one in artists], dtype=object),
        added=added,
    )


def made_missing(emptied: int = 30) -> MissingValues:
    """Return what is found: one table, and the gaps of its whole rows."""
    tracks = made_tracks(emptied)
    columns = (ColumnGaps("track_id", 0, 0, 0), ColumnGaps("album_id", emptied, 3, 0))
    table = TableGaps("fma_tracks", 2, sample=False, rows=len(tracks.is_whole), columns=columns)
    names = [one.name for one in FMA_FEATURES if one.official]
    features = tuple(ColumnGaps(name, 0 if name.startswith("mfcc") else 50, 0, 0) for name in names)
    wide = TableGaps("fma_features", 1, sample=False, rows=100, columns=features)
    return MissingValues((table, wide), ("fma_raw_tracks",), describe_gaps(tracks, table_version=2), "")


RESULTS = {"missing_values": made_missing}
