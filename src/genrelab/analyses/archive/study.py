"""The whole description of the archive."""

from genrelab.analyses.archive.analysis import ARCHIVE
from genrelab.analyses.archive.outliers import FEATURES, find_outliers
from genrelab.analyses.archive.profile import TRACKS, describe_profile
from genrelab.analyses.archive.result import Archive
from genrelab.analyses.inputs import Inputs


def compute(inputs: Inputs) -> Archive:
    """Describe the metadata and the outliers, as far as their tables exist."""
    present = [name for name in ARCHIVE.tables if inputs.find(name)]
    profile = describe_profile(inputs) if TRACKS in present else None
    outliers = find_outliers(inputs) if FEATURES in present else None
    if outliers is not None and outliers.tracks:
        inputs.fitted_on(FEATURES, inputs.read(FEATURES, ["track_id"]).to_pandas().astype(float))
    return Archive(profile, outliers, tuple(name for name in ARCHIVE.tables if name not in present))
