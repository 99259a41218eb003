"""What is in the archive, and which of its audio features have outliers that matter?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.archive.result import Archive

ARCHIVE = Analysis(
    name="archive",
    folder="archive",
    result=Archive,
    reads_if_there=("fma_tracks", "fma_features"),
    settings=("seed",),
    compute="study:compute",
    summary="summary:summarise",
    artifact="archive",
    experiment="archive",
    runs="runs:runs_of",
    pages=("archive",),
    uses=("features", "missing_values"),
    sample_label="the description of the archive from",
    description="Describe languages, licences, labels, years, bit rates and lengths of the archive, and its outliers.",
)
