"""Geographical origin of music: 68 or 116 features of 1,059 tracks, with the capital they come from.

Source: Zhou, Claire and King, "Predicting the Geographical Origin of Music", ICDM 2014; UCI Machine Learning
Repository, "Geographical Original of Music", CC BY 4.0.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.provenance import PROVENANCE

DEFAULT_FEATURES = 68
CHROMATIC_FEATURES = 116


def feature_names(count: int) -> list[str]:
    """Return the names of the features in file order: feature_001, feature_002, ..."""
    return [f"feature_{number:03d}" for number in range(1, count + 1)]


def origin_table(features: int = CHROMATIC_FEATURES) -> Table:
    """Return the table for a file with this many features; for the 68-feature file the others are missing."""
    return Table(
        name="origin_tracks",
        meaning="One row per track: audio features and the capital of its place of origin.",
        columns=(
            *PROVENANCE,
            *(
                Column(
                    name,
                    pa.float64(),
                    f"Feature {number} of the MARSYAS extraction, standardised."
                    if number <= DEFAULT_FEATURES
                    else f"Chromatic feature {number - DEFAULT_FEATURES} of the MARSYAS extraction, standardised.",
                    nullable=number > DEFAULT_FEATURES,
                )
                for number, name in enumerate(feature_names(features), start=1)
            ),
            Column("latitude", pa.float64(), "Latitude of the capital.", unit="degrees", low=-90, high=90),
            Column(
                "longitude", pa.float64(), "Longitude of the capital.", unit="degrees", low=-180, high=180
            ),
        ),
        key=("source", "source_row"),
        licence="CC BY 4.0",
    )


ORIGIN_TRACKS = origin_table()
