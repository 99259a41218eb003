"""The genres of a person's own audio files: a row for each file and champion, or one with the problem of a file.

Conventions: a row of the champion of one genre has `genre`, `probability` and `probabilities`; one of the champion of
several genres has `all_genres`. A file that cannot be used has one row without a champion. How files are read does not
belong here but in `genrelab.audio`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.predictions import ONE_PROBABILITY

NEAR_TRACK = pa.struct([("track", pa.string()), ("artist", pa.string()), ("genre", pa.string())])

LISTENED = Table(
    name="listened",
    meaning="The champions' genres of audio files on this machine, as `genrelab listen` heard them.",
    columns=(
        Column("path", pa.string(), "The file, as an absolute path."),
        Column("file", pa.string(), "Its name."),
        Column("champion", pa.string(), "Registered model that answers; empty where the file has a problem."),
        Column("model_version", pa.int64(), "Version of the model in the registry.", nullable=True, low=1),
        Column("digest", pa.string(), "sha256 of the file; empty if it cannot be read."),
        Column("recipe", pa.string(), "Name and version of the recipe of its features: `clips-59@1`, ..."),
        Column("seconds", pa.float64(), "Length of the audio that was analysed.", unit="seconds", low=0),
        Column("problem", pa.string(), "Why the file cannot be used; empty without a problem."),
        Column("genre", pa.string(), "The most probable genre.", nullable=True),
        Column("probability", pa.float64(), "Its calibrated probability.", nullable=True, low=0, high=1),
        Column(
            "probabilities", pa.list_(ONE_PROBABILITY), "All genres, the most probable first.", nullable=True
        ),
        Column(
            "all_genres",
            pa.list_(pa.string()),
            "Every genre above its threshold; empty if none.",
            nullable=True,
        ),
        Column(
            "nearest",
            pa.list_(NEAR_TRACK),
            "Tracks of the archive that sound alike, nearest first.",
            nullable=True,
        ),
        Column(
            "answered_by",
            pa.string(),
            "Fingerprint of the compiled champion and of the code that asked it; empty without an answer.",
        ),
        Column("listened_at", pa.string(), "When the file was heard, in UTC."),
        Column("is_sample", pa.bool_(), "Whether the champion was trained on sample data."),
    ),
    key=("path", "champion"),
)
