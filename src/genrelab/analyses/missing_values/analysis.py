"""What is missing, and does it miss by track, by album or by artist?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.missing_values.result import MissingValues

MISSING_VALUES = Analysis(
    name="missing_values",
    folder="missing_values",
    result=MissingValues,
    reads_if_there=(
        "fma_tracks",
        "fma_echonest",
        "fma_features",
        "fma_raw_tracks",
        "fma_raw_albums",
        "fma_raw_artists",
        "fma_raw_genres",
        "fma_raw_echonest",
    ),
    compute="study:compute",
    summary="summary:summarise",
    artifact="missing-values",
    experiment="archive",
    runs="runs:runs_of",
    pages=("missing",),
    sample_label="the missing values of",
    description="Describe the Free Music Archive: what is missing, what it holds, which values are outliers.",
)
