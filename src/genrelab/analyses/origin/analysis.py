"""Can audio features predict where music comes from?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.origin.result import OriginStudy

ORIGIN = Analysis(
    name="study_origin",
    folder="origin",
    result=OriginStudy,
    reads=("origin_tracks",),
    settings=("seed", "budget"),
    compute="study:compute",
    summary="summary:summarise",
    artifact="origin",
    experiment="origin",
    runs="runs:runs_of",
    pages=("origin",),
    uses=("clusters",),
    sample_label="the study of",
    description="Compare audio features with geography: clusters by origin, and models that predict where a track "
    "comes from, also from countries left out of training.",
)
