"""Where are the artists of the archive, and does the place go with the genre?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.places.result import Places

PLACES = Analysis(
    name="places",
    folder="places",
    result=Places,
    reads=("fma_tracks",),
    publishes=("fma_places",),
    settings=("seed", "budget"),
    compute="study:compute",
    summary="summary:summarise",
    artifact="places",
    experiment="archive",
    runs="runs:runs_of",
    pages=("places",),
    sample_label="the places of artists of",
    description="Place the artists of the Free Music Archive on the map, and compare genres by place.",
)
