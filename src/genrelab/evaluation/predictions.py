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

from genrelab.evaluation.results import CollectionMix
from genrelab.lake.lake import in_source_order
from genrelab.models.calibration import Calibration
from genrelab.models.on_folds import Published
from genrelab.models.task import Task
from genrelab.runtime.errors import GenrelabError

FloatArray = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]

TRAINING_PART = {"part": "train", "split": "training"}
"""Column and value that mark the training part, by table: permanent parts, or FMA's own split."""


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
    predict_rows: Callable[[Task, pd.DataFrame, StoredModel], Predicted],
) -> Predicted:
    """Predict every row by the champion that takes the most of the features that the row has.

    Args:
        task: What is predicted.
        frame: From `join`.
        models: The champions of the task, one for each set of features.
        predict_rows: Predicts rows by one of them.

    Returns:
        Predictions in the order of the frame. Rows that no champion can be applied to bear the name of the one with the
        most features.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    served = serving(frame, models)
    parts = [predict_rows(task, frame.iloc[rows], model) for model, rows in served]
    return Predicted(
        in_order([part.rows for part in parts], [rows for _, rows in served]),
        tuple(mix for part in parts for mix in part.mixes),
    )


def serving(frame: pd.DataFrame, models: Sequence[StoredModel]) -> list[tuple[StoredModel, IntArray]]:
    """The champions, that of the most features first, each with the places of the rows that it predicts.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    ranked = sorted(models, key=lambda model: (-len(model.features), model.name))
    place_of = np.zeros(len(frame), dtype=np.int64)
    for place, model in reversed(list(enumerate(ranked))):
        place_of[has_features(frame, model)] = place
    return [(model, np.flatnonzero(place_of == place)) for place, model in enumerate(ranked)]


def in_order(parts: Sequence[pa.Table], places: Sequence[IntArray]) -> pa.Table:
    """The rows of several champions in the order of their places."""
    return pa.concat_tables(parts).take(np.argsort(np.concatenate(places), kind="stable"))


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
    return np.asarray(is_of_training(frame, task) & has_features)


def is_of_training(frame: pd.DataFrame, task: Task) -> npt.NDArray[np.bool_]:
    """Whether each row is a labelled one of the training part."""
    column = next(name for name in TRAINING_PART if name in frame)
    in_part = (frame[column] == TRAINING_PART[column]).to_numpy()
    return np.asarray(in_part & frame[task.target].notna().to_numpy())
