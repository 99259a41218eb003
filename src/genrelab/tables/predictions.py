"""What the champions say of every track: one row per track and task.

Conventions: a task may have a champion for each set of features; a track is predicted by the one that takes the most
of what it has, and `model` names it. A track that none can be applied to has a row without a prediction. Genres are
those of the model's own labels: the twelve bins for Spotify, the top genres for the FMA. How a prediction comes about
does not belong here but in `genrelab.evaluation.predictions`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.fma import TOP_GENRES
from genrelab.tables.provenance import PROVENANCE
from genrelab.tables.spotify import BINS

GENRES = (*BINS, *TOP_GENRES)

ONE_PROBABILITY = pa.struct([("genre", pa.string()), ("probability", pa.float64())])

DECIMALS = 6
"""Digits of a stored probability."""

MOST_GENRES = 32
"""As many probabilities as a row may have at the most; each is off by half of the last digit."""

TOLERANCE = MOST_GENRES * 10.0**-DECIMALS

PREDICTIONS = Table(
    name="predictions",
    meaning="The champions' genre and probabilities for every track, also for those without a label.",
    columns=(
        Column("task", pa.string(), "What is predicted: `spotify-bins-classic`, `fma-top-genre`, ..."),
        Column(
            "model",
            pa.string(),
            "Registered model that predicts: that of the task, or one that does without features that the track lacks: "
            "`spotify-bins-classic-without-time-signature`, ...",
        ),
        Column("model_version", pa.int64(), "Its version in the registry.", low=1),
        Column(
            "source_table",
            pa.string(),
            "Table that holds the track.",
            choices=("spotify_binned", "fma_tracks"),
        ),
        *PROVENANCE,
        Column("track_id", pa.string(), "Id of the track at its source, as text."),
        Column(
            "genre",
            pa.string(),
            "Most probable genre; missing when the track lacks features of every champion.",
            choices=GENRES,
            nullable=True,
        ),
        Column("probability", pa.float64(), "Its probability.", low=0, high=1, nullable=True),
        Column("second_genre", pa.string(), "Second most probable genre.", choices=GENRES, nullable=True),
        Column(
            "second_probability", pa.float64(), "Its probability.", low=0, high=0.5 + TOLERANCE, nullable=True
        ),
        Column(
            "probabilities",
            pa.list_(ONE_PROBABILITY),
            "Every genre that the model knows with its probability, the most probable first.",
            nullable=True,
        ),
        Column(
            "probability_sum",
            pa.float64(),
            "Sum of all probabilities of the row: 1 but for rounding.",
            low=1 - TOLERANCE,
            high=1 + TOLERANCE,
            nullable=True,
        ),
        Column(
            "label",
            pa.string(),
            "What people say: the bin by the model's rule set, or FMA's top genre; missing where they say none.",
            choices=GENRES,
            nullable=True,
        ),
        Column(
            "was_fitted_on",
            pa.bool_(),
            "Whether the model was fitted on this row, or on one with exactly the same features.",
        ),
        Column("has_features", pa.bool_(), "Whether the track has every feature that the model takes."),
    ),
    key=("task", "source", "source_row"),
)
