"""Audio features of the tracks of a group, read only for the tracks that are used.

Conventions: `rows` are positions among the tracks with a number of plays.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.popularity.result import ECHONEST, LIBROSA
from genrelab.analyses.popularity.tracks import Tracks
from genrelab.models.tasks import LIBROSA_FEATURES
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO

IntArray = npt.NDArray[np.int64]

SOURCES = {ECHONEST: ("fma_echonest", ECHONEST_AUDIO), LIBROSA: ("fma_features", LIBROSA_FEATURES)}


@dataclass(frozen=True)
class Audio:
    """The tracks of a group and their audio features.

    Args:
        rows: The tracks, in order.
        places: Row of each in `data`; empty for a group without audio features.
        data: The features that any track has.
    """

    rows: IntArray
    places: IntArray
    data: pa.Table

    def values(self, rows: IntArray) -> pd.DataFrame:
        """Return the features of some of the tracks; no column for a group without audio features."""
        if not len(self.places):
            return pd.DataFrame(index=range(len(rows)))
        wanted = self.places[np.searchsorted(self.rows, rows)]
        values: pd.DataFrame = self.data.take(pa.array(wanted)).to_pandas()
        return values.astype(np.float32)


def read_audio(inputs: Inputs, group: str, tracks: Tracks) -> Audio:
    """Return the tracks of a group; for a group by audio those that have all features that any track has.

    Raises:
        GenrelabError: The table does not exist, or no track has the features.
    """
    if group not in SOURCES:
        return Audio(np.arange(len(tracks.target)), np.empty(0, dtype=np.int64), pa.table({}))
    table, features = SOURCES[group]
    if inputs.find(table) is None:
        raise GenrelabError(f"there is no table {table}", do="import a source that has it")
    data = inputs.read(table, ["track_id", *features])
    present = [feature for feature in features if data[feature].null_count < len(data)]
    complete = np.full(len(data), bool(present))
    for feature in present:
        complete &= pc.is_valid(data[feature]).to_numpy()
    where = pd.Series(np.flatnonzero(complete), index=data["track_id"].to_numpy()[complete])
    places = where.reindex(tracks.frame["track_id"]).to_numpy()
    rows = np.flatnonzero(~np.isnan(places))
    if not len(rows):
        raise GenrelabError(
            "no track with a number of plays has these features", found=f"{len(data):,} rows in {table}"
        )
    return Audio(rows, places[rows].astype(np.int64), data.select(present))
