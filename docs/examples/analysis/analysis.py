"""How long are the tracks of each genre?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.track_lengths.result import TrackLengths

TRACK_LENGTHS = Analysis(
    name="track_lengths",
    folder="track_lengths",
    result=TrackLengths,
    reads=("fma_tracks",),
    compute="lengths:compute",
    summary="summary:summarise",
    artifact="track-lengths",
    experiment="track-lengths",
    runs="runs:runs_of",
    pages=("track_lengths",),
    sample_label="the lengths of the tracks of",
    description="Compare how long the tracks of each genre are.",
)
