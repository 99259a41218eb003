"""Kinds of targets by name: one label, several labels, a number, a place.

What a kind says is in `genrelab.models.target_kind`. What is to be predicted from which table does not belong here but
in `genrelab.models.tasks`.
"""

from typing import Any, Protocol

import numpy as np
import pandas as pd

from genrelab.evaluation import label_sets, numbers, places
from genrelab.models import task
from genrelab.models.declaration import Estimator
from genrelab.models.label_kinds import OneLabel, SeveralLabels
from genrelab.models.target_kind import FloatArray, Labels, Target, TargetKind, widened
from genrelab.models.zoo import baselines

__all__ = [
    "KINDS",
    "NUMBER",
    "ONE_LABEL",
    "PLACE",
    "SEVERAL_LABELS",
    "Labels",
    "Target",
    "TargetKind",
    "kind_of",
    "widened",
]


class Place(TargetKind):
    """Latitude and longitude: a target `artist_` is the columns `artist_latitude` and `artist_longitude`."""

    def columns(self, target: str) -> list[str]:
        """Both columns."""
        return [f"{target}latitude", f"{target}longitude"]

    def read(self, frame: pd.DataFrame, target: str) -> tuple[Target, tuple[Any, ...]]:
        """Degrees, shape (rows, 2)."""
        return frame[self.columns(target)].to_numpy(dtype=np.float64), ()

    def predict(self, estimator: Estimator, own_labels: Labels, features: Any, labels: Labels) -> FloatArray:
        """Degrees, brought back onto the globe."""
        return super().predict(estimator, own_labels, features, labels).clip((-90, -180), (90, 180))


ONE_LABEL = OneLabel("log_loss", has_labels=True, is_explained=True)
SEVERAL_LABELS = SeveralLabels(
    "jaccard", label_sets.SCORES, baselines.SEVERAL_LABELS, has_labels=True, publishes_all=True
)
NUMBER = TargetKind("mae", numbers.SCORES, baselines.NUMBER)
PLACE = Place("great_circle_km", places.SCORES, baselines.PLACE)

KINDS: dict[str, TargetKind] = {
    task.ONE_LABEL: ONE_LABEL,
    task.SEVERAL_LABELS: SEVERAL_LABELS,
    task.NUMBER: NUMBER,
    task.PLACE: PLACE,
}
"""By the name that a task declares."""


class HasKind(Protocol):
    """A task, or a question of a cross-validation: it names its kind, since tasks import nothing heavy."""

    @property
    def kind(self) -> str:
        """Name of the kind."""


def kind_of(what: HasKind) -> TargetKind:
    """The kind of target that something declares."""
    return KINDS[what.kind]
