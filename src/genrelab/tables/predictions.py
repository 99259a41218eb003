"""The champions' predictions: one row per track and task.

Conventions: a task may have a champion for each feature set; a track is predicted by the one that uses most of the
track's features, and `model` names it. A track that no champion can be applied to has a row without a prediction.
Genres are the labels of the model: the twelve bins for Spotify, the top genres for the FMA. A task of several genres
per track has rows of its own, whose columns of one genre are empty and whose genres stand in `all_genres`; all others
lack that column. How predictions are made does not belong here but in `genrelab.evaluation.predictions` and
`genrelab.evaluation.label_set_predictions`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.runtime.choices import GENRE_DECISIONS
from genrelab.tables.fma import TOP_GENRES
from genrelab.tables.provenance import PROVENANCE
from genrelab.tables.spotify import BINS

GENRES = (*BINS, *TOP_GENRES)

ONE_PROBABILITY = pa.struct([("genre", pa.string()), ("probability", pa.float64())])

ONE_GENRE = pa.struct([("genre_id", pa.int64()), ("genre", pa.string()), ("probability", pa.float64())])
ONE_LABEL = pa.struct([("genre_id", pa.int64()), ("genre", pa.string())])

BY_THRESHOLDS = "thresholds"
"""How several genres are named; the other decisions name one."""

DECIMALS = 6
"""Digits of a stored probability."""

MOST_GENRES = 32
"""Most probabilities of a row; each is rounded by at most half of the last digit."""

TOLERANCE = MOST_GENRES * 10.0**-DECIMALS

PREDICTIONS = Table(
    name="predictions",
    meaning="The champions' predicted genre and probabilities for every track, with or without a label.",
    columns=(
        Column(
            "task",
            pa.string(),
            "What is predicted: `spotify-bins-classic`, `fma-top-genre`, `fma-all-genres`, ...",
        ),
        Column(
            "model",
            pa.string(),
            "Registered model of the prediction: that of the task, or one that needs fewer features: "
            "`spotify-bins-classic-without-time-signature`, ...",
        ),
        Column("model_version", pa.int64(), "Version of the model in the registry.", low=1),
        Column(
            "source_table",
            pa.string(),
            "Table that holds the track.",
            choices=("spotify_binned", "fma_tracks"),
        ),
        *PROVENANCE,
        Column("track_id", pa.string(), "Id of the track at its source, as text."),
        Column(
            "decision",
            pa.string(),
            "How the genre is named: `most-accurate`, the most probable one, or `fair` to rare genres; `thresholds` "
            "where several are.",
            choices=(*GENRE_DECISIONS, BY_THRESHOLDS),
        ),
        Column(
            "genre",
            pa.string(),
            "Genre by the decision; missing if the track lacks features that every champion needs, and where several "
            "are named.",
            choices=GENRES,
            nullable=True,
        ),
        Column(
            "probability", pa.float64(), "Calibrated probability of `genre`.", low=0, high=1, nullable=True
        ),
        Column(
            "second_genre", pa.string(), "Second genre by the same decision.", choices=GENRES, nullable=True
        ),
        Column(
            "second_probability",
            pa.float64(),
            "Calibrated probability of `second_genre`; the larger one if the decision is `fair` and says so.",
            low=0,
            high=1,
            nullable=True,
        ),
        Column(
            "probabilities",
            pa.list_(ONE_PROBABILITY),
            "All genres of the model with their probabilities, the most probable first; of a model of several genres "
            f"the {MOST_GENRES} most probable ones, by their titles.",
            nullable=True,
        ),
        Column(
            "probability_sum",
            pa.float64(),
            "Sum of all probabilities of the row: 1 except for rounding; missing where several genres are named.",
            low=1 - TOLERANCE,
            high=1 + TOLERANCE,
            nullable=True,
        ),
        Column(
            "artist_genre",
            pa.string(),
            "Genre named from the probabilities of the track together with its artist's other tracks; its own count as "
            "much as all others'. Artists are told apart by `artist_group` of `spotify_binned` and `artist_id` of "
            "`fma_tracks`; a name that stands for many artists, such as Various Artists, connects no tracks.",
            choices=GENRES,
            nullable=True,
        ),
        Column(
            "artist_probability",
            pa.float64(),
            "Probability of `artist_genre`, calibrated for means over an artist's tracks.",
            low=0,
            high=1,
            nullable=True,
        ),
        Column(
            "artist_tracks",
            pa.int64(),
            "How many other tracks of the artist `artist_genre` takes into account; 0 for the track alone.",
            low=0,
            nullable=True,
        ),
        Column(
            "adjusted_genre",
            pa.string(),
            "Genre named from the probabilities under the mix of genres of the track's collection; missing where that "
            "mix is not known to differ from the training tracks, and for tracks that the model was fitted on.",
            choices=GENRES,
            nullable=True,
        ),
        Column(
            "adjusted_probability",
            pa.float64(),
            "Probability of `adjusted_genre` under that mix; `probability` stays as it is.",
            low=0,
            high=1,
            nullable=True,
        ),
        Column(
            "label",
            pa.string(),
            "True label: the bin by the model's rule set, or FMA's top genre; missing for a track without a label.",
            choices=GENRES,
            nullable=True,
        ),
        Column(
            "all_genres",
            pa.list_(ONE_GENRE),
            "The genres named by a model of several, each with its own probability, the most probable first; empty "
            "where none reaches its threshold, missing for a model of one genre and for a track without features.",
            nullable=True,
        ),
        Column(
            "all_labels",
            pa.list_(ONE_LABEL),
            "The genres that the source names, of a task of several; missing where it names none.",
            nullable=True,
        ),
        Column(
            "is_filled",
            pa.bool_(),
            "Whether several genres are predicted for a track of which the source names none; missing for a model of "
            "one genre.",
            nullable=True,
        ),
        Column(
            "was_fitted_on",
            pa.bool_(),
            "Whether the model was fitted on this row or on a row with the same features.",
        ),
        Column("has_features", pa.bool_(), "Whether the track has every feature that the model needs."),
    ),
    key=("task", "source", "source_row"),
)
