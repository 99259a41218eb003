"""The predictions of a task of several genres per track: the rows of the table, and the result for the report.

Conventions: judged are labelled rows that the champion was not fitted on, by Jaccard: genres both named and given among
those named or given. Tracks of one genre per track are in `genrelab.analyses.predictions.collection`.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.analyses.predictions.collection import served_by, with_names
from genrelab.analyses.predictions.result import Champion, GenreSets, NamedGenre, PartJaccard, TrackGenres
from genrelab.analyses.predictions.surprises import PARTS
from genrelab.evaluation.label_set_predictions import given_genres, predict_sets
from genrelab.evaluation.predictions import TRAINING_PART, StoredModel, join, predict_by_features
from genrelab.lake.version import TableVersion
from genrelab.models.task import Task

EXAMPLES = 12
"""Tracks of each table on the page."""


def predict_genre_sets(
    task: Task,
    version: TableVersion,
    tables: Mapping[str, pa.Table],
    tracks: pd.DataFrame,
    models: Sequence[StoredModel],
    champions: Mapping[str, Champion],
    titles: Mapping[int, str],
) -> tuple[pa.Table, GenreSets]:
    """Return the rows of `predictions` of one task, and the result for the report.

    Args:
        task: What is predicted.
        version: The version of its first table.
        tables: Its tables.
        tracks: From `genrelab.analyses.predictions.collection.name_tracks`.
        models: Its champions.
        champions: The champions, by their name in the registry.
        titles: Title of each genre.

    Raises:
        GenrelabError: The tables lack a feature of a model.
    """
    frame = join(task, tables)
    rows = predict_by_features(task, frame, models, partial(predict_sets, titles=titles)).rows
    features = list(dict.fromkeys(name for model in models for name in model.features))
    served = served_by(rows, models, frame, features)
    part = next(name for name in TRAINING_PART if name in frame)
    named = with_names(rows.drop_columns(["probabilities"]).to_pandas(), tracks)
    found = named.assign(
        part=frame[part].map(PARTS).fillna("other").to_numpy(),
        predicted=named["all_genres"].map(_ids),
        given=named["all_labels"].map(_ids),
    )
    found["jaccard"] = [
        len(one & other) / len(one | other) if one | other else 0.0
        for one, other in zip(found["predicted"], found["given"], strict=True)
    ]
    predicted, has_label = found[found["has_features"]], found["all_labels"].notna()
    judged = predicted[has_label[predicted.index] & ~predicted["was_fitted_on"]]
    filled = predicted[predicted["is_filled"].astype(bool)]
    has_some = frame[features].notna().any(axis=1).to_numpy()
    first = tables[task.table].to_pandas()
    return rows, GenreSets(
        task=task.name,
        model=served[0].model,
        title=task.title,
        table=task.table,
        table_version=version.version,
        sample=version.is_sample,
        champion=champions[served[0].model],
        served=served,
        tracks=len(found),
        labelled=int(has_label.sum()),
        filled=len(filled),
        without_features=int((~found["has_features"]).sum()),
        unserved=int((has_some & ~found["has_features"].to_numpy()).sum()),
        fitted=int(found["was_fitted_on"].sum()),
        named=_mean(predicted["predicted"].map(len)),
        given=_mean(found["given"][has_label].map(len)),
        parts=tuple(
            PartJaccard(name, len(inside), float(inside["jaccard"].mean()))
            for name in ("test", "gate", "other")
            if len(inside := judged[judged["part"] == name])
        ),
        examples=_examples(judged[judged["part"] == "test"].sort_values("jaccard", kind="stable")),
        filled_examples=_examples(filled),
        elsewhere=len(first) - len(frame),
        elsewhere_unlabelled=int(given_genres(first, task.target).isna().sum())
        - int(given_genres(frame, task.target).isna().sum()),
    )


def _ids(genres: Sequence[Mapping[str, int]] | None) -> set[int]:
    return set() if genres is None else {one["genre_id"] for one in genres}


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else 0.0


def _examples(rows: pd.DataFrame) -> tuple[TrackGenres, ...]:
    """Tracks spread evenly over the rows, each once."""
    once = rows.drop_duplicates(["artist", "track"])
    places = np.unique(np.linspace(0, max(len(once) - 1, 0), min(EXAMPLES, len(once))).round().astype(int))
    return tuple(
        TrackGenres(
            track=str(row["track"])[:120],
            artist=str(row["artist"])[:120],
            predicted=tuple(NamedGenre(one["genre"], float(one["probability"])) for one in row["all_genres"]),
            given=() if row["all_labels"] is None else tuple(one["genre"] for one in row["all_labels"]),
        )
        for row in once.iloc[places].to_dict("records")
    )
