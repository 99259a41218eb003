"""A made-up archive, and what its description finds."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from frames import legal

from genrelab.analyses.archive.analysis import ARCHIVE
from genrelab.analyses.archive.result import Archive
from genrelab.analyses.archive.study import compute
from genrelab.analyses.inputs import Inputs
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.tables.fma import FMA_FEATURES, FMA_TRACKS

TRACKS, ARTISTS = 240, 40
FILLED = ("mfcc_mean_01", "mfcc_mean_02", "mfcc_std_01", "zcr_mean_01")
LOUD = 17
"""Row of a track that lies far away in every feature."""


def archive_tracks() -> pa.Table:
    """Return 240 tracks of 40 artists with dates, languages, licences and labels, some of them odd."""
    rows, artists = np.arange(TRACKS), np.arange(TRACKS) % ARTISTS
    data = legal(FMA_TRACKS, TRACKS).to_pandas()
    data["artist_id"] = artists + 1
    data["genre_top"] = np.array(["Rock", "Folk"], dtype=object)[artists % 2]
    data["split"] = np.where(artists < 28, "training", np.where(artists < 36, "validation", "test"))
    data["track_language_code"] = np.where(artists == 3, "xx", np.where(artists == 4, "es", "en"))
    data.loc[artists > 30, "track_language_code"] = None
    data["track_license"] = np.where(artists < 20, "Attribution", "Ask the band")
    data["artist_associated_labels"] = np.where(artists < 2, "Goner, <b>4AD</b>", None)
    data["track_bit_rate"] = np.where(rows % 3 == 0, 320_000, np.where(rows % 3 == 1, 319_771, -1))
    data["track_duration"] = np.where(rows == 0, 0, 60 + rows)
    data["track_date_created"] = np.datetime64("2016-12-31")
    for name in ("track_date_recorded", "album_date_released", "artist_active_year_begin"):
        data[name] = np.datetime64("2001-05-05")
    data.loc[0, "track_date_recorded"] = np.datetime64("1877-12-06")
    data.loc[1, "track_date_recorded"] = np.datetime64("2031-01-01")
    return pa.Table.from_pandas(data, schema=FMA_TRACKS.schema, preserve_index=False)


def archive_features() -> pa.Table:
    """Return features of these tracks: four with values, one of them constant, one track far away."""
    draw = np.random.default_rng(3)
    data = legal(FMA_FEATURES, TRACKS, ["source", "source_row", "track_id"]).to_pandas()
    values = {name: np.full(TRACKS, np.nan) for name in FMA_FEATURES.names[3:]}
    for name in FILLED:
        values[name] = draw.normal(size=TRACKS) + (np.arange(TRACKS) % 2)
        values[name][LOUD] = 40.0
    values["rmse_mean_01"] = np.full(TRACKS, 0.5)
    columns = {name: data[name] for name in ("source", "source_row", "track_id")} | values
    return pa.table(
        {name: pa.array(columns[name], FMA_FEATURES[name].type, from_pandas=True) for name in columns}
    )


def publish(lake: Lake, table: str, data: pa.Table, *, is_sample: bool = False) -> None:
    """Publish a table."""
    lake.publish(table, data, Counts(len(data), len(data)), source="made.csv", is_sample=is_sample)


def described(lake: Lake) -> Archive:
    """Return the description of the tables in a lake."""
    return compute(Inputs(ARCHIVE, Settings(home=lake.home)))


@cache
def made_archive() -> Archive:
    """Return the description of the made-up archive."""
    with TemporaryDirectory() as folder:
        lake = Lake(Home(Path(folder)))
        publish(lake, "fma_tracks", archive_tracks())
        publish(lake, "fma_features", archive_features())
        return described(lake)


RESULTS = {"archive": made_archive}
