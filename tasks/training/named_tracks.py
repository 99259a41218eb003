"""Names for people: the titles of genres, the artists and titles of tracks, the labels of models."""

import pandas as pd

from genrelab.analyses.predictions.collection import DISPLAY_COLUMNS, name_tracks
from genrelab.lake.lake import Lake
from genrelab.models.task import Task
from genrelab.models.zoo import MODELS


def genre_titles(lake: Lake, task: Task) -> dict[int, str]:
    """Return the titles of FMA's genres by id; none for other tracks, or without the table."""
    if task.table != "fma_tracks" or not lake.find("fma_genres"):
        return {}
    genres = lake.read("fma_genres", ["genre_id", "title"])
    return dict(zip(genres["genre_id"].to_pylist(), genres["title"].to_pylist(), strict=True))


def named_tracks(lake: Lake, task: Task, version: int, titles: dict[int, str]) -> pd.DataFrame:
    """Return the tracks of a task with artist and title, as `name_tracks` names them.

    Args:
        lake: The lake.
        task: What is predicted.
        version: Version of its first table.
        titles: From `genre_titles`.
    """
    present = lake.columns(task.table, version)
    shown = [name for name in DISPLAY_COLUMNS[task.table] if name in present]
    return name_tracks(lake.read(task.table, shown, version), titles)


def model_label(kind: str) -> str:
    """Return what a model is called in reports; its name if it is no longer declared."""
    return next((model.label for model in MODELS if model.name == kind), kind)
