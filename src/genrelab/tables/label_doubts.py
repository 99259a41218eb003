"""Doubts about labels: one row per audited track and task.

Conventions: probabilities come from models that were fitted on other artists, and are calibrated. Labels are those of
the tasks: the twelve bins for Spotify, the top genres for the FMA. Nothing reads this table to change or to drop a
label. How doubts are found does not belong here but in `genrelab.analyses.doubtful_labels`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.predictions import GENRES
from genrelab.tables.provenance import PROVENANCE

LABEL_DOUBTS = Table(
    name="label_doubts",
    meaning="How well the label of each track agrees with the sound of other artists' tracks; labels stay as they are.",
    columns=(
        Column("task", pa.string(), "Whose labels: `spotify-bins-reviewed`, `fma-top-genre`, ..."),
        Column(
            "source_table",
            pa.string(),
            "Table that holds the track.",
            choices=("spotify_binned", "fma_tracks"),
        ),
        *PROVENANCE,
        Column("track_id", pa.string(), "Id of the track at its source, as text."),
        Column("label", pa.string(), "The label of the track.", choices=GENRES),
        Column(
            "label_probability", pa.float64(), "Probability of the label (self-confidence).", low=0, high=1
        ),
        Column(
            "suggested_genre", pa.string(), "The most probable genre; often the label itself.", choices=GENRES
        ),
        Column("suggested_probability", pa.float64(), "Probability of `suggested_genre`.", low=0, high=1),
        Column(
            "normalized_margin",
            pa.float64(),
            "Half of 1 plus the probability of the label less that of the most probable other genre: 0 where another "
            "genre is certain, 1 where the label is.",
            low=0,
            high=1,
        ),
        Column("rank", pa.int64(), "Place among the tracks of the label, 1 for the most doubtful.", low=1),
        Column(
            "is_doubtful",
            pa.bool_(),
            "Whether another genre has at least 0.5 and what is usual for tracks of that genre, and the label at most "
            "0.05.",
        ),
        Column("artist_tracks", pa.int64(), "Other audited tracks of the artist, copies not counted.", low=0),
        Column(
            "artist_agreeing",
            pa.int64(),
            "How many of these sound most like `suggested_genre`.",
            low=0,
        ),
        Column("reasons", pa.string(), "Why the label is doubtful; missing where it is not.", nullable=True),
    ),
    key=("task", "source", "source_row"),
)
