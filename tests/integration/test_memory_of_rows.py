"""Memory that a step needs for one more track, measured in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from made_tracks import as_pull, made_tracks

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import PROJECT, Home
from genrelab.tables.spotify import SPOTIFY_TRACKS

FEW, MANY, PART = 300_000, 700_000, 50_000
MOST = 100
"""Bytes; 0 to 40 were measured."""
MEASURED = """
import sys
from pathlib import Path
from unittest import mock
sys.path.append(sys.argv[4])
import growth
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks.publishing import work_bins, work_ingest
settings = Settings(home=Home(Path(sys.argv[2])), spotify=sys.argv[3], cores=1)
steps = {"ingest": work_ingest.ingest_tracks, "bin": work_bins.bin_tracks_of}
names = {"publish_table_summary": mock.DEFAULT}
with (
    mock.patch.multiple(work_bins, publish_rows=mock.DEFAULT, **names),
    mock.patch.multiple(work_ingest, **names),
):
    steps[sys.argv[1]](settings)
print(growth.peak_bytes())
"""

pytestmark = pytest.mark.long


def peak(step: str, home: Path, path: Path) -> int:
    """Most bytes that a process held that did one step."""
    words = [sys.executable, "-c", MEASURED, step, str(home), str(path), str(PROJECT / "benchmarks")]
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}  # as the program sets it
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    return int(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("ingest", id="ingest: 650 bytes when a table was held as a whole"),
        pytest.param("bin", id="bin: 1,600 bytes when a table was held as a whole"),
    ],
)
def test_memory_grows_by_narrow_columns_alone(step: str, tmp_path: Path) -> None:
    """Bytes that each further track needs, between 300,000 and 700,000 made-up ones."""
    peaks = {}
    for rows in (FEW, MANY):
        home, path = tmp_path / str(rows), tmp_path / f"{rows}.csv"
        tracks = [made_tracks(PART, first) for first in range(0, rows, PART)]
        if step == "bin":
            lake = Lake(Home(home))
            staged = lake.stage("spotify_tracks", SPOTIFY_TRACKS.schema, tracks)
            counts = Counts(rows, rows)
            lake.publish_files(
                "spotify_tracks", staged.files, staged.schema, counts, source="made", is_sample=True
            )
        else:
            with pa.csv.CSVWriter(path, as_pull(tracks[0]).schema) as writer:
                for part in tracks:
                    writer.write_table(as_pull(part))
        del tracks
        peaks[rows] = peak(step, home, path)

    assert (peaks[MANY] - peaks[FEW]) / (MANY - FEW) < MOST
