"""What does each genre sound like?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.features.result import Exploration

FEATURES = Analysis(
    name="explore",
    folder="features",
    result=Exploration,
    reads_if_there=("spotify_binned", "fma_tracks", "fma_echonest", "fma_features"),
    settings=("seed",),
    compute="tables:compute",
    summary="summary:summarise",
    artifact="explore",
    pages=("features", "correlations", "outliers"),
    description="Summarise the audio features of each genre.",
)
