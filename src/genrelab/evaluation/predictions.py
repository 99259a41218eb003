"""The champions' genre and probabilities for every track, with or without a label.

Conventions
    - A task may have a champion for each set of features. A track is predicted by the one that takes the most of the
      features that it has; never by one that takes a feature which it lacks.
    - Rows are in source order; tracks that the features' table lacks have no row and are counted by the caller.
    - A track that no champion can be applied to has a row without a prediction: nothing is filled in.
    - Probabilities are the published ones: those of the model after its calibration, or its own where it has none. The
      decision chooses which genre is named, never a probability (`genrelab.models.calibration`).
    - Three predictions stand side by side and are never mixed: of the track alone, of the track with its artist's other
      tracks (`genrelab.evaluation.artist_means`), and of the track alone under the mix of genres of its collection,
      where that differs from the training tracks (`genrelab.evaluation.other_collections`).
    - Probabilities are rounded to `DECIMALS` digits before anything is derived from them, so that the columns
      of a row agree with each other; equal ones keep the order of the model's labels.
    - A row counts as fitted on when the model was fitted on exactly these feature values: a hash of them was
      stored with the model. That holds for twins of a fitted row, and after a source was read again.

Loading a stored model does not belong here; what is surprising about predictions is in `genrelab.analyses.predictions`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.artist_means import other_tracks
from genrelab.evaluation.other_collections import Tracks, find_mixes
from genrelab.evaluation.results import CollectionMix
from genrelab.lake.lake import in_source_order
from genrelab.models.calibration import Calibration, calibrated, weighed, with_artists
from genrelab.models.fitting import probabilities
from genrelab.models.on_folds import Published
from genrelab.models.task import Task
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.predictions import DECIMALS, ONE_PROBABILITY, PREDICTIONS

FloatArray = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]

TRAINING_PART = {"part": "train", "split": "training"}
"""Column and value that mark the training part, by table: permanent parts, or FMA's own split."""

OF_SETS = ("all_genres", "all_labels", "is_filled")
"""Columns of tasks of several labels alone."""


@dataclass(frozen=True)
class StoredModel:
    """A registered model as it was loaded, with what it takes to apply it.

    Args:
        name: Name in the registry.
        version: Version in the registry.
        estimator: Predicts numbers that stand for `labels`.
        labels: What the numbers stand for.
        features: Its input columns, in order.
        fitted: `row_hashes` of the rows it was fitted on; None where that was not stored.
        published_by: What its published predictions are made by: a calibration, or thresholds for several labels; None
            for a version stored before there was one, whose probabilities are used as they are.
    """

    name: str
    version: int
    estimator: Any
    labels: tuple[Any, ...]
    features: tuple[str, ...]
    fitted: Hashes | None = None
    published_by: Published | None = None

    @property
    def calibration(self) -> Calibration | None:
        """The calibration of a model of one label."""
        return self.published_by if isinstance(self.published_by, Calibration) else None


@dataclass(frozen=True)
class Predicted:
    """Predictions of some rows.

    Args:
        rows: Rows of the table `predictions`.
        mixes: The mix of genres of each collection among them, by champion.
    """

    rows: pa.Table
    mixes: tuple[CollectionMix, ...]


def columns_of(task: Task, features: Sequence[str]) -> dict[str, list[str]]:
    """Columns to read from each table of a task, for a model that takes `features`.

    Features of a model that was stored earlier may differ from those the task trains on today.
    """
    found: dict[str, list[str]] = {}
    for table, columns in task.columns.items():
        own = [name for name in columns if name not in task.features]
        found[table] = list(dict.fromkeys([*own, "track_id", *features]))
    return found


def join(task: Task, tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """The tables of a task joined by `track_id`, in source order, labelled or not.

    Args:
        task: What is predicted.
        tables: Its tables; a feature may stand in any one of them.
    """
    first, *others = task.columns
    frame: pd.DataFrame = in_source_order(tables[first]).to_pandas()
    for name in others:
        frame = frame.merge(tables[name].to_pandas(), on="track_id", sort=False, validate="one_to_one")
    return frame


def row_hashes(features: pd.DataFrame) -> Hashes:
    """A hash of the feature values of each row, shape (rows,); the same values give the same hash."""
    plain = pd.DataFrame(
        {
            # -0.0 and 0.0 are the same value
            name: column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
            if pd.api.types.is_numeric_dtype(column)
            else column.astype(str)
            for name, column in features.items()
        }
    )
    return np.asarray(pd.util.hash_pandas_object(plain, index=False), dtype=np.uint64)


def predict_by_features(
    task: Task,
    frame: pd.DataFrame,
    models: Sequence[StoredModel],
    predict_rows: Callable[[Task, pd.DataFrame, StoredModel], Predicted] | None = None,
) -> Predicted:
    """Predict every row by the champion that takes the most of the features that the row has.

    Args:
        task: What is predicted.
        frame: From `join`.
        models: The champions of the task, one for each set of features.
        predict_rows: Predicts rows by one of them: None for `predict`, by the most accurate decision.

    Returns:
        Predictions in the order of the frame. Rows that no champion can be applied to bear the name of the one with the
        most features.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    ranked = sorted(models, key=lambda model: (-len(model.features), model.name))
    serving = np.zeros(len(frame), dtype=np.int64)
    for place, model in reversed(list(enumerate(ranked))):
        serving[has_features(frame, model)] = place
    rows_of = [np.flatnonzero(serving == place) for place in range(len(ranked))]
    parts = [
        (predict_rows or predict)(task, frame.iloc[rows], model)
        for rows, model in zip(rows_of, ranked, strict=True)
    ]
    rows = pa.concat_tables([part.rows for part in parts])
    return Predicted(
        rows.take(np.argsort(np.concatenate(rows_of), kind="stable")),
        tuple(mix for part in parts for mix in part.mixes),
    )


def has_features(frame: pd.DataFrame, model: StoredModel) -> npt.NDArray[np.bool_]:
    """Whether each row has every feature of a model, shape (rows,).

    Raises:
        GenrelabError: A column is missing.
    """
    return np.asarray(feature_frame(frame, model).notna().all(axis=1), dtype=bool)


def predicted_rows(task: Task, frame: pd.DataFrame, model: StoredModel) -> dict[str, Any]:
    """Columns of `predictions` that say which rows are predicted, for which task, by which model.

    Args:
        task: What is predicted.
        frame: From `join`.
        model: The model.
    """
    return {
        "task": pa.array([task.name] * len(frame), pa.string()),
        "model": pa.array([model.name] * len(frame), pa.string()),
        "model_version": np.full(len(frame), model.version),
        "source_table": pa.array([task.table] * len(frame), pa.string()),
        "source": frame["source"].to_numpy(dtype=object),
        "source_row": frame["source_row"].to_numpy(dtype=np.int64),
        "track_id": frame["track_id"].astype(str).to_numpy(dtype=object),
    }


def predict(
    task: Task, frame: pd.DataFrame, model: StoredModel, decision: GenreDecision = MOST_ACCURATE
) -> Predicted:
    """Predict every row.

    Args:
        task: What is predicted.
        frame: From `join`.
        model: A champion.
        decision: How a genre is named; without a calibration the most probable one is, whatever this says.

    Raises:
        GenrelabError: The tables lack a feature of the model.
    """
    features = feature_frame(frame, model)
    is_whole = features.notna().all(axis=1).to_numpy()
    is_fitted = was_fitted_on(frame, features, is_whole, task, model)
    labels = frame[task.target]
    proba, together, changed = (np.full((len(frame), len(model.labels)), np.nan) for _ in range(3))
    others = np.zeros(len(frame), dtype=np.int64)
    mixes: tuple[CollectionMix, ...] = ()
    if is_whole.any():
        whole = frame[is_whole]
        tracks = Tracks(
            sources=whole["source"].to_numpy(dtype=object),
            artists=whole[task.group].to_numpy(dtype=object),
            tracks=row_hashes(features[is_whole]),
            has_label=labels[is_whole].notna().to_numpy(),
            was_fitted_on=is_fitted[is_whole],
            is_of_training=_is_of_training(whole, task),
        )
        own = probabilities(model.estimator, model.labels, features[is_whole], model.labels)
        own = calibrated(own, model.calibration)
        proba[is_whole] = np.round(own, DECIMALS)
        together[is_whole] = np.round(
            with_artists(own, tracks.artists, model.calibration, tracks.tracks), DECIMALS
        )
        others[is_whole] = other_tracks(tracks.artists, tracks.tracks)
        mixes, under_mix = find_mixes(model.name, own, tracks, model.labels, model.calibration)
        changed[is_whole] = np.round(under_mix, DECIMALS)
    order = np.argsort(-proba, axis=1, kind="stable")
    ranked = np.take_along_axis(proba, order, axis=1)
    names = np.asarray(model.labels, dtype=object)
    missing = ~is_whole

    def named(values: FloatArray, place: int = 0) -> tuple[pa.Array, pa.Array]:
        """The genre that the decision names by some probabilities, or the one after it, with its probability."""
        decided = weighed(values, model.calibration, model.labels, decision)
        at = np.argsort(-decided, axis=1, kind="stable")[:, [place]]
        found = np.take_along_axis(values, at, axis=1)[:, 0]
        none = np.isnan(found)
        return pa.array(names[at[:, 0]], pa.string(), mask=none), pa.array(found, pa.float64(), mask=none)

    genre, probability = named(proba)
    second_genre, second_probability = named(proba, 1)
    artist_genre, artist_probability = named(together)
    adjusted_genre, adjusted_probability = named(changed)
    columns = {
        **predicted_rows(task, frame, model),
        "decision": [MOST_ACCURATE if model.calibration is None else decision] * len(frame),
        "genre": genre,
        "probability": probability,
        "second_genre": second_genre,
        "second_probability": second_probability,
        "probabilities": _ranked_lists(names[order], ranked, is_whole),
        "probability_sum": pa.array(proba.sum(axis=1), pa.float64(), mask=missing),
        "artist_genre": artist_genre,
        "artist_probability": artist_probability,
        "artist_tracks": pa.array(others, pa.int64(), mask=missing),
        "adjusted_genre": adjusted_genre,
        "adjusted_probability": adjusted_probability,
        "label": pa.array(labels.to_numpy(dtype=object), pa.string(), mask=labels.isna().to_numpy()),
        **{name: pa.nulls(len(frame), PREDICTIONS.schema.field(name).type) for name in OF_SETS},
        "was_fitted_on": is_fitted,
        "has_features": is_whole,
    }
    return Predicted(pa.table(columns, schema=PREDICTIONS.schema), mixes)


def feature_frame(frame: pd.DataFrame, model: StoredModel) -> pd.DataFrame:
    """The input of a model: its columns in order, numbers as float64.

    Raises:
        GenrelabError: A column is missing.
    """
    lacking = [name for name in model.features if name not in frame]
    if lacking:
        raise GenrelabError(
            f"version {model.version} of {model.name} cannot be applied to these tables",
            found=f"no column {', '.join(lacking)}",
            allowed=", ".join(model.features),
            do="train again, or go back to another version by `genrelab champion rollback`",
        )
    features = frame[list(model.features)]
    numbers = [name for name in features if pd.api.types.is_numeric_dtype(features[name])]
    return features.astype(dict.fromkeys(numbers, "float64"))


def was_fitted_on(
    frame: pd.DataFrame,
    features: pd.DataFrame,
    has_features: npt.NDArray[np.bool_],
    task: Task,
    model: StoredModel,
) -> npt.NDArray[np.bool_]:
    """Whether the model was fitted on each row.

    A model that does not say what it was fitted on is taken to know every labelled row of the training part.
    """
    if model.fitted is not None:
        return np.asarray(np.isin(row_hashes(features), model.fitted) & has_features)
    return np.asarray(_is_of_training(frame, task) & has_features)


def _is_of_training(frame: pd.DataFrame, task: Task) -> npt.NDArray[np.bool_]:
    """Whether each row is a labelled one of the training part."""
    column = next(name for name in TRAINING_PART if name in frame)
    in_part = (frame[column] == TRAINING_PART[column]).to_numpy()
    return np.asarray(in_part & frame[task.target].notna().to_numpy())


def _ranked_lists(
    genres: npt.NDArray[np.object_], ranked: FloatArray, has_features: npt.NDArray[np.bool_]
) -> pa.Array:
    """Genres with their probabilities as one list a row; none where there are no features."""
    width = genres.shape[1]
    ends = np.cumsum(np.where(has_features, width, 0))
    offsets = pa.array(
        np.concatenate([[0], ends]),
        pa.int32(),
        mask=np.append(~has_features, False),
    )
    pairs = pa.StructArray.from_arrays(
        [
            pa.array(genres[has_features].ravel(), pa.string()),
            pa.array(ranked[has_features].ravel(), pa.float64()),
        ],
        fields=list(ONE_PROBABILITY),
    )
    return pa.ListArray.from_arrays(offsets, pairs)
