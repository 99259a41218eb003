"""Which labels contradict the sound of the track?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.doubtful_labels.result import DoubtfulLabels

DOUBTFUL_LABELS = Analysis(
    name="doubtful_labels",
    folder="doubtful_labels",
    result=DoubtfulLabels,
    reads_if_there=("spotify_binned", "fma_tracks", "fma_echonest"),
    publishes=("label_doubts",),
    settings=("seed", "budget", "training_rows"),
    facts=("bin_genres.rule_set",),
    compute="audit:compute",
    summary="summary:summarise",
    artifact="doubtful-labels",
    experiment="doubtful-labels",
    runs="runs:runs_of",
    pages=("doubtful_labels",),
    sample_label="the doubtful labels of",
    description="Find labels that contradict the sound of the track, with reasons; no label is changed.",
)
