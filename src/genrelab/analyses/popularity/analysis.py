"""How often is a track played, and what tells it in advance?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.popularity.result import Popularity

POPULARITY = Analysis(
    name="popularity",
    folder="popularity",
    result=Popularity,
    reads=("fma_tracks",),
    reads_if_there=("fma_echonest", "fma_features"),
    settings=("seed", "budget"),
    compute="study:compute",
    summary="summary:summarise",
    artifact="popularity",
    experiment="popularity",
    runs="runs:runs_of",
    pages=("popularity",),
    sample_label="the popularity of",
    description="Predict how often tracks of the Free Music Archive are played.",
)
