"""What do the rules do to a micro-genre, and which tracks are typical of a genre?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.look_up.result import LookUp

LOOK_UP = Analysis(
    name="look_up",
    folder="look_up",
    result=LookUp,
    reads_if_there=("spotify_binned", "fma_genres", "fma_tracks", "fma_echonest", "predictions"),
    settings=("rules",),
    compute="study:compute",
    summary="summary:summarise",
    artifact="look-up",
    pages=("micro_genres", "genre"),
    description="Explain every micro-genre by the rules, and find the typical tracks of each genre.",
)
