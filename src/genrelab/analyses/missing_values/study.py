"""The whole description of what is missing."""

import pandas as pd

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.missing_values.analysis import MISSING_VALUES
from genrelab.analyses.missing_values.gaps import describe_gaps
from genrelab.analyses.missing_values.result import Gaps, MissingValues
from genrelab.analyses.missing_values.tables import count_gaps
from genrelab.analyses.missing_values.tracks import read_tracks
from genrelab.runtime import progress

TRACKS = "fma_tracks"


def compute(inputs: Inputs) -> MissingValues:
    """Count what is missing in every table, and describe the gaps of `fma_tracks`."""
    names = MISSING_VALUES.tables
    present = [name for name in names if inputs.find(name)]
    with progress.track("counting missing values", len(present) + 1, "tables") as advance:
        tables = []
        for number, name in enumerate(present, start=1):
            tables.append(count_gaps(inputs, name))
            advance(number, name)
        gaps, why = _gaps(inputs)
        advance(len(present) + 1, "pairs of columns")
    absent = tuple(name for name in names if name not in present)
    return MissingValues(tuple(tables), absent, gaps, why)


def _gaps(inputs: Inputs) -> tuple[Gaps | None, str]:
    """Return the gaps of `fma_tracks`, or why they cannot be described."""
    version = inputs.find(TRACKS)
    if version is None:
        return None, f"the table {TRACKS} has not been published"
    tracks = read_tracks(inputs, TRACKS)
    if not tracks.is_whole.any():
        lost = ", ".join(f"{name} ({count:,})" for name, count in tracks.emptied)
        return None, (
            f"none of the {len(tracks.is_whole):,} rows of {TRACKS} is whole: cells that FMA never leaves blank are "
            f"blank in {lost}, so that FMA's own gaps cannot be told from those of this copy"
            if lost
            else f"{TRACKS} has no rows"
        )
    gaps = describe_gaps(tracks, table_version=version.version, is_sample=version.is_sample)
    inputs.fitted_on(TRACKS, pd.DataFrame(tracks.missing, columns=list(tracks.columns)))
    return gaps, ""
