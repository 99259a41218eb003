"""The champions' genre for every track of a task of one genre, from rows that come in batches.

Conventions
    - Two passes over the same batches. `Predictor.gather` applies the models and writes numbers to files: the
      probabilities and, of artist, file and track, what tells them apart. `Predictor.finish` computes what needs all
      rows: the sums of an artist's tracks and the mix of genres of each collection. `Predictor.rows` returns the rows
      of the table `predictions`, batch by batch.
    - Of each row 10 bytes are held, and of each artist the sum of its probabilities; at most 65 bytes of a row while
      the collections are found.
    - The rows are the same however they are cut into batches, in the order in which they come.

Which champion serves which track is in `genrelab.evaluation.predictions`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.artist_means import ArtistMeans
from genrelab.evaluation.other_collections import Tracks, judge_collections
from genrelab.evaluation.predictions import (
    Predicted,
    StoredModel,
    feature_frame,
    in_order,
    is_of_training,
    predicted_rows,
    row_hashes,
    serving,
    was_fitted_on,
)
from genrelab.evaluation.prior_shift import adjusted
from genrelab.evaluation.results import CollectionMix
from genrelab.lake.number_file import NumberFile
from genrelab.lake.stored_rows import parts_of
from genrelab.models.calibration import calibrated, weighed, with_artist_means
from genrelab.models.fitting import probabilities
from genrelab.models.task import Task
from genrelab.runtime.choices import MOST_ACCURATE, GenreDecision
from genrelab.tables.predictions import DECIMALS, ONE_PROBABILITY, PREDICTIONS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OF_SETS = ("all_genres", "all_labels", "is_filled")
"""Columns of tasks of several labels alone."""

OF_ROWS = np.dtype([("is_whole", np.bool_), ("is_fitted", np.bool_)])
"""What waits of each row: whether it has every feature, and whether the model was fitted on it."""

OF_TRACKS: dict[str, npt.DTypeLike] = {
    "sources": np.uint64,
    "artists": np.uint64,
    "tracks": np.uint64,
    "has_label": np.bool_,
    "was_fitted_on": np.bool_,
    "is_of_training": np.bool_,
}
"""What waits of each row that has every feature, besides its probabilities: the fields of `Tracks`, files and artists
as hashes."""

NONE = np.iinfo(np.uint64).max
"""Stands for a missing value."""


class Predictor:
    """Predicts the rows of a task by its champions.

    Args:
        task: What is predicted.
        models: The champions, one for each set of features.
        decision: How a genre is named; without a calibration the most probable one is, whatever this says.
        folder: Folder for temporary files; None for that of the system.
    """

    def __init__(
        self,
        task: Task,
        models: Sequence[StoredModel],
        decision: GenreDecision = MOST_ACCURATE,
        folder: Path | None = None,
    ) -> None:
        self.models = models
        self._of = {model.name: _OfModel(task, model, decision, folder) for model in models}

    def gather(self, frame: pd.DataFrame) -> None:
        """Apply the champions to a batch.

        Args:
            frame: From `genrelab.evaluation.predictions.join`.

        Raises:
            GenrelabError: The tables lack a feature of a model.
        """
        for model, rows in serving(frame, self.models):
            self._of[model.name].gather(frame.iloc[rows])

    def finish(self) -> tuple[CollectionMix, ...]:
        """Compute what needs all rows; return the mix of genres of each collection, by champion."""
        ranked = sorted(self.models, key=lambda model: (-len(model.features), model.name))
        return tuple(mix for model in ranked for mix in self._of[model.name].finish())

    def rows(self, frame: pd.DataFrame) -> pa.Table:
        """Return the rows of `predictions` of the next batch, in its order."""
        served = serving(frame, self.models)
        parts = [self._of[model.name].rows(frame.iloc[rows]) for model, rows in served]
        return in_order(parts, [rows for _, rows in served])


def predict(
    task: Task, frame: pd.DataFrame, model: StoredModel, decision: GenreDecision = MOST_ACCURATE
) -> Predicted:
    """Predict every row by one champion, in one batch.

    Args:
        task: What is predicted.
        frame: From `genrelab.evaluation.predictions.join`.
        model: A champion.
        decision: How a genre is named.

    Raises:
        GenrelabError: The tables lack a feature of the model.
    """
    found = _OfModel(task, model, decision)
    found.gather(frame)
    mixes = found.finish()
    return Predicted(found.rows(frame), mixes)


def _hashes(values: pd.Series) -> npt.NDArray[np.uint64]:
    """A hash of each text or number; `NONE` for a missing one."""
    if pd.api.types.is_numeric_dtype(values):  # of whole numbers, a batch with a missing one has floats
        plain = values.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        plain = values.astype(str).to_numpy(dtype=object)
    return np.where(values.isna(), NONE, pd.util.hash_array(plain, categorize=False))


def _numbers(hashes: NumberFile) -> npt.NDArray[np.int32]:
    """Number of each row's hash, from 0; -1 for `NONE`."""
    distinct = np.unique(hashes[:])
    found = np.empty(len(hashes), dtype=np.int32)
    for rows in parts_of(len(hashes)):
        found[rows] = np.searchsorted(distinct, hashes[rows])
    if NONE in distinct[-1:]:
        found[found == len(distinct) - 1] = -1
    return found


class _OfModel:
    """The rows that one champion predicts."""

    def __init__(
        self, task: Task, model: StoredModel, decision: GenreDecision, folder: Path | None = None
    ) -> None:
        self.task, self.model, self.decision = task, model, decision
        self.own = NumberFile(np.float64, len(model.labels), folder)
        self.of_rows = NumberFile(OF_ROWS, folder=folder)
        self.of_tracks = {name: NumberFile(dtype, folder=folder) for name, dtype in OF_TRACKS.items()}
        self.next_row = self.next_whole = 0

    def gather(self, frame: pd.DataFrame) -> None:
        features = feature_frame(frame, self.model)
        is_whole = features.notna().all(axis=1).to_numpy()
        is_fitted = was_fitted_on(frame, features, is_whole, self.task, self.model)
        self.of_rows.append(np.rec.fromarrays([is_whole, is_fitted], OF_ROWS))
        whole, labels = frame[is_whole], self.model.labels
        if not len(whole):
            return
        own = probabilities(self.model.estimator, labels, features[is_whole], labels)
        self.own.append(calibrated(own, self.model.calibration))
        for name, values in {
            "sources": _hashes(whole["source"]),
            "artists": _hashes(whole[self.task.group]),
            "tracks": row_hashes(features[is_whole]),
            "has_label": whole[self.task.target].notna().to_numpy(),
            "was_fitted_on": is_fitted[is_whole],
            "is_of_training": is_of_training(whole, self.task),
        }.items():
            self.of_tracks[name].append(values)

    def finish(self) -> tuple[CollectionMix, ...]:
        artists, sources = (_numbers(self.of_tracks.pop(name)) for name in ("artists", "sources"))
        kept = {name: self.of_tracks.pop(name)[:] for name in tuple(self.of_tracks)}
        self.means = ArtistMeans(self.own, artists, tracks=kept["tracks"])
        tracks = Tracks(artists=artists, sources=sources, **kept)
        found = judge_collections(
            self.model.name, self.own, tracks, self.model.labels, self.model.calibration
        )
        self.weights = [one.weights for one in found if one.mix.has_moved]
        self.moved = np.full(len(self.own), -1, dtype=np.int8)
        for number, one in enumerate(one for one in found if one.mix.has_moved):
            self.moved[one.rows] = number
        return tuple(one.mix for one in found)

    def rows(self, frame: pd.DataFrame) -> pa.Table:
        model, labels = self.model, frame[self.task.target]
        here = slice(self.next_row, self.next_row + len(frame))
        of_rows = self.of_rows[here]
        is_whole, is_fitted = of_rows["is_whole"], of_rows["is_fitted"]
        whole = slice(self.next_whole, self.next_whole + int(is_whole.sum()))
        self.next_row, self.next_whole = here.stop, whole.stop
        proba, together, changed = (np.full((len(frame), len(model.labels)), np.nan) for _ in range(3))
        others = np.zeros(len(frame), dtype=np.int64)
        proba[is_whole] = np.round(self.own[whole], DECIMALS)
        together[is_whole] = np.round(with_artist_means(self.means, whole, model.calibration), DECIMALS)
        others[is_whole] = self.means.others(whole)
        changed[is_whole] = np.round(self._adjusted(whole), DECIMALS)
        order = np.argsort(-proba, axis=1, kind="stable")
        ranked = np.take_along_axis(proba, order, axis=1)
        names = np.asarray(model.labels, dtype=object)
        missing = ~is_whole

        def named(values: FloatArray, place: int = 0) -> tuple[pa.Array, pa.Array]:
            """The genre that the decision names by some probabilities, or the one after it, with its probability."""
            decided = weighed(values, model.calibration, model.labels, self.decision)
            at = np.argsort(-decided, axis=1, kind="stable")[:, [place]]
            found = np.take_along_axis(values, at, axis=1)[:, 0]
            none = np.isnan(found)
            return pa.array(names[at[:, 0]], pa.string(), mask=none), pa.array(found, pa.float64(), mask=none)

        genre, probability = named(proba)
        second_genre, second_probability = named(proba, 1)
        artist_genre, artist_probability = named(together)
        adjusted_genre, adjusted_probability = named(changed)
        columns = {
            **predicted_rows(self.task, frame, model),
            "decision": [MOST_ACCURATE if model.calibration is None else self.decision] * len(frame),
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
        return pa.table(columns, schema=PREDICTIONS.schema)

    def _adjusted(self, rows: slice) -> FloatArray:
        """Probabilities under the mix of the collection, NaN where nothing is adjusted."""
        own, moved = self.own[rows], self.moved[rows]
        changed = np.full_like(own, np.nan)
        for number, weights in enumerate(self.weights):
            inside = moved == number
            changed[inside] = adjusted(own[inside], weights)
        return changed


def _ranked_lists(
    genres: npt.NDArray[np.object_], ranked: FloatArray, is_whole: npt.NDArray[np.bool_]
) -> pa.Array:
    """Genres with their probabilities as one list a row; none where there are no features."""
    width = genres.shape[1]
    ends = np.cumsum(np.where(is_whole, width, 0))
    offsets = pa.array(
        np.concatenate([[0], ends]),
        pa.int32(),
        mask=np.append(~is_whole, False),
    )
    pairs = pa.StructArray.from_arrays(
        [
            pa.array(genres[is_whole].ravel(), pa.string()),
            pa.array(ranked[is_whole].ravel(), pa.float64()),
        ],
        fields=list(ONE_PROBABILITY),
    )
    return pa.ListArray.from_arrays(offsets, pairs)
