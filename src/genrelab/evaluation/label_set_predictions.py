"""The champions' genres for every track that may have several, labelled or not.

Conventions
    - Rows are in the order of the frame. A track that lacks a feature has a row without a prediction.
    - Probabilities are the model's own, rounded to `DECIMALS` digits before anything is derived from them; equal ones
      keep the order of the model's labels.
    - Genres are named by the thresholds that were stored with the model (`genrelab.evaluation.thresholds`).
    - A track is filled where genres are predicted and its source names none. One track of the FMA has genres chosen by
      its artist and lacks `genres_all`: those count as its labels.

Predictions of one genre per track are in `genrelab.evaluation.predictions`, which also says which champion serves
which track.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.evaluation.predictions import (
    Predicted,
    StoredModel,
    feature_frame,
    predicted_rows,
    was_fitted_on,
)
from genrelab.models.estimation import probabilities
from genrelab.models.kinds import SEVERAL_LABELS
from genrelab.models.task import Task
from genrelab.tables.predictions import (
    BY_THRESHOLDS,
    DECIMALS,
    MOST_GENRES,
    ONE_GENRE,
    ONE_LABEL,
    ONE_PROBABILITY,
    PREDICTIONS,
)

GIVEN = "genres"
"""Column of the genres that an artist chose."""

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


def predict_sets(task: Task, frame: pd.DataFrame, model: StoredModel, titles: Mapping[int, str]) -> Predicted:
    """Predict every row.

    Args:
        task: What is predicted.
        frame: From `genrelab.evaluation.predictions.join`.
        model: A champion.
        titles: What people call each label; one without a title is called by its number.

    Raises:
        GenrelabError: The tables lack a feature of the model.
    """
    features = feature_frame(frame, model)
    is_whole = features.notna().all(axis=1).to_numpy()
    given = given_genres(frame, task.target)
    has_label = given.notna().to_numpy()
    proba = np.zeros((int(is_whole.sum()), len(model.labels)))
    if is_whole.any():
        proba = np.round(
            probabilities(
                model.estimator, model.labels, features[is_whole], model.labels, SEVERAL_LABELS
            ).clip(0, 1),
            DECIMALS,
        )
    decided = SEVERAL_LABELS.judge(np.empty(0), proba, model.labels, model.published_by).decided
    order = np.argsort(-proba, axis=1, kind="stable")
    ranked, chosen = (np.take_along_axis(each, order, axis=1) for each in (proba, decided))
    first = np.zeros_like(chosen)
    first[:, :MOST_GENRES] = True
    ids = np.asarray(model.labels)[order]

    def listed(shown: BoolArray, fields: pa.StructType) -> pa.Array:
        """Those genres of each row that are shown, the most probable first."""
        columns = {"genre_id": ids[shown], "probability": ranked[shown]}
        return _lists(shown.sum(axis=1), is_whole, columns, fields, titles)

    labels = np.concatenate([np.empty(0, dtype=np.int64), *given[has_label]])
    nothing = pa.nulls(len(frame))
    columns: dict[str, Any] = {
        **{name: nothing.cast(PREDICTIONS.schema.field(name).type) for name in PREDICTIONS.names},
        **predicted_rows(task, frame, model),
        "decision": [BY_THRESHOLDS] * len(frame),
        "probabilities": listed(first, ONE_PROBABILITY),
        "all_genres": listed(chosen, ONE_GENRE),
        "all_labels": _lists(
            given[has_label].map(len).to_numpy(),
            has_label,
            {"genre_id": labels},
            ONE_LABEL,
            titles,
        ),
        "is_filled": is_whole & ~has_label,
        "was_fitted_on": was_fitted_on(frame, features, is_whole, task, model),
        "has_features": is_whole,
    }
    return Predicted(pa.table(columns, schema=PREDICTIONS.schema), ())


def given_genres(frame: pd.DataFrame, target: str) -> pd.Series:
    """The genres that the source names for each row: those of the target, or else of `genres`; None without any.

    Args:
        frame: Tracks with the target and, where that is another column, perhaps `genres`.
        target: Column of lists.
    """
    found = frame[target].where(SEVERAL_LABELS.is_known(frame, target), None)
    if GIVEN in frame and target != GIVEN:
        chosen = frame[GIVEN].where(SEVERAL_LABELS.is_known(frame, GIVEN), None)
        found = found.where(found.notna(), chosen)
    return found


def _lists(
    counts: IntArray,
    is_there: BoolArray,
    columns: Mapping[str, npt.NDArray[Any]],
    fields: pa.StructType,
    titles: Mapping[int, str],
) -> pa.Array:
    """One list of structs a row; none where there is nothing.

    Args:
        counts: Length of the list of each row that has one.
        is_there: Which rows have one.
        columns: Values of the lists, one after another: `genre_id`, perhaps `probability`.
        fields: What a struct holds of these; `genre` is the title.
        titles: Title of each genre.
    """
    of_row = np.zeros(len(is_there), dtype=np.int64)
    of_row[is_there] = counts
    ends = np.concatenate([[0], np.cumsum(of_row)])
    offsets = pa.array(ends, pa.int32(), mask=np.append(~is_there, False))
    names = _titles(columns["genre_id"], titles)
    arrays = [
        pa.array(names if field.name == "genre" else columns[field.name], field.type) for field in fields
    ]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(arrays, fields=list(fields)))


def _titles(ids: npt.NDArray[Any], titles: Mapping[int, str]) -> npt.NDArray[np.object_]:
    known, places = np.unique(ids, return_inverse=True)
    words = np.array([titles.get(genre, str(genre)) for genre in known.tolist()], dtype=object)
    return np.asarray(words[places], dtype=object)
