"""The analysis on published tables: the same in batches of any size."""

import pyarrow as pa
from frames import legal

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.look_up.analysis import LOOK_UP
from genrelab.analyses.look_up.sound import MEASURED
from genrelab.analyses.look_up.study import compute
from genrelab.lake import stored_rows
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.tables import TABLES

CHANGED = {
    "spotify_binned": {"genre_bin": ["pop", "rock", None, "rock"] * 25},
    "predictions": {"was_fitted_on": [False] * 100, "label": ["Rock", "Pop"] * 50},
}
"""Values of some columns of the legal tables."""


def test_the_result_does_not_depend_on_the_batches(tmp_path, monkeypatch):
    """Micro-genres of both sources, tracks of genres, and where each genre lies."""
    lake = Lake(Home(tmp_path))
    for name in ("spotify_binned", "predictions", "fma_genres", "fma_tracks", "fma_echonest"):
        rows = legal(TABLES[name], 100)
        for column, values in CHANGED.get(name, {}).items():
            rows = rows.set_column(rows.column_names.index(column), column, pa.array(values))
        lake.publish(name, rows, Counts(100, 100), source="made", is_sample=False)

    def found():
        return compute(Inputs(LOOK_UP, Settings(lake.home)))

    at_once = found()
    monkeypatch.setattr(stored_rows, "BATCH", 7)
    assert found() == at_once
    assert {one.source for one in at_once.micro_genres} == {"spotify", "fma"}
    assert {one.task for one in at_once.genres} == {"spotify-bins-classic"}
    assert [len(one.features) for one in at_once.sound if one.source == "spotify"] == [len(MEASURED)] * 2
