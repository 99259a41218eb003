"""Does the place of the artist help to name the genre?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.place_gain.result import PlaceGain

PLACE_GAIN = Analysis(
    name="place_gain",
    folder="place_gain",
    result=PlaceGain,
    reads=("fma_tracks",),
    reads_if_there=("fma_echonest", "fma_features", "fma_places"),
    settings=("seed", "budget"),
    compute="gain:compute",
    summary="summary:summarise",
    artifact="place-gain",
    experiment="popularity",
    runs="runs:runs_of",
    sample_label="the gain by places of",
    description="Measure whether the place of the artist helps to name the genre.",
)
