"""Memory that reading steps need for one more track, measured in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest
from made_tracks import made_tracks

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import PROJECT, Home
from genrelab.tables.spotify import SPOTIFY_TRACKS

FEW, MANY, PART = 300_000, 700_000, 50_000
MEASURED = """
import resource, sys
from pathlib import Path
sys.path.append(sys.argv[1])
import growth
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
home = Path(sys.argv[3])
(home / growth.RESULTS).mkdir(exist_ok=True)
growth.STEPS[sys.argv[2]](Settings(home=Home(home), cores=1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

pytestmark = pytest.mark.long


def peak(step: str, home: Path) -> int:
    """Most bytes that a process held that did one step."""
    words = [sys.executable, "-c", MEASURED, str(PROJECT / "benchmarks"), step, str(home)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1]) * 1024


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Homes with so many made-up tracks, binned."""
    found = {}
    for rows in (FEW, MANY):
        home = tmp_path_factory.mktemp(str(rows))
        lake = Lake(Home(home))
        parts = (made_tracks(PART, first) for first in range(0, rows, PART))
        staged = lake.stage("spotify_tracks", SPOTIFY_TRACKS.schema, parts)
        counts = Counts(rows, rows)
        lake.publish_files(
            "spotify_tracks", staged.files, staged.schema, counts, source="made", is_sample=True
        )
        peak("bin_genres", home)
        found[rows] = home
    return found


@pytest.mark.parametrize(
    ("step", "most"),
    [
        pytest.param("validation", 600, id="validation: 1,300 bytes when a table was held as a whole"),
        pytest.param("predictions", 1_000, id="predictions: 5,800 bytes when a table was held as a whole"),
        pytest.param("explore", 700, id="explore: 1,900 bytes when a table was held as a whole"),
    ],
)
def test_memory_grows_by_what_is_kept_of_a_track(homes: dict[int, Path], step: str, most: int) -> None:
    """Bytes that each further track needs, between 300,000 and 700,000 made-up ones."""
    few, many = (peak(step, homes[rows]) for rows in (FEW, MANY))

    assert (many - few) / (MANY - FEW) < most
