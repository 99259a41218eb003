"""Which genres resemble each other?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.genre_similarity.result import GenreSimilarity

GENRE_SIMILARITY = Analysis(
    name="genre_similarity",
    folder="genre_similarity",
    result=GenreSimilarity,
    reads_if_there=("spotify_binned", "fma_tracks", "fma_echonest", "fma_genres"),
    settings=("seed", "budget", "training_rows"),
    facts=("bin_genres.rule_set",),
    compute="study:compute",
    summary="summary:summarise",
    artifact="genre-similarity",
    experiment="genre-similarity",
    runs="runs:runs_of",
    pages=("similar_genres",),
    uses=("doubtful_labels",),
    sample_label="the similar genres of",
    description="Find which genres resemble each other: the most probable other genre of each track, by models of "
    "other artists.",
)
