"""Which genres go together, and can their topics be heard?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.genre_topics.result import GenreTopics

GENRE_TOPICS = Analysis(
    name="genre_topics",
    folder="genre_topics",
    result=GenreTopics,
    reads=("fma_tracks",),
    reads_if_there=("fma_genres", "fma_features", "fma_echonest"),
    is_optional=True,
    settings=("seed", "budget"),
    compute="study:compute",
    summary="summary:summarise",
    artifact="genre-topics",
    experiment="fma-multilabel",
    runs="runs:runs_of",
    pages=("topics",),
    sample_label="the topics of",
    description="Find the topics that the genres of a track form, which genres go together, and whether topics can be "
    "heard.",
)
