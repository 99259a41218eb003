"""How well does the sound of a track tell all of its genres?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.genre_study.result import GenreStudy

GENRE_STUDY = Analysis(
    name="genre_study",
    folder="genre_study",
    result=GenreStudy,
    reads=("fma_tracks",),
    reads_if_there=("fma_features", "fma_echonest", "fma_genres"),
    is_optional=True,
    settings=("seed", "budget"),
    compute="study:compute",
    summary="summary:summarise",
    artifact="genre-study",
    experiment="fma-multilabel",
    runs="runs:runs_of",
    pages=("all_genres", "genre_path"),
    sample_label="the genre study of",
    description="Predict every genre of a track as a student project did, from nearest neighbours to networks, and "
    "judge each step on artists that it has not heard.",
)
