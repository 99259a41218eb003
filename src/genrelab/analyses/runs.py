"""MLflow runs of an analysis as plain data: a tree of runs.

Conventions: a run's metrics are named as docs/architecture.md says; a curve is a metric with one value per step. A
picture is one view of the report, or several side by side, drawn for the MLflow UI.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genrelab.report.figure import View

NOTE = "mlflow.note.content"
"""Tag whose Markdown the UI of MLflow shows as the description of a run or an experiment."""

Curve = Sequence[tuple[int, float]]
"""Step and value."""


@dataclass(frozen=True)
class Run:
    """One run and the runs below it.

    Args:
        key: Key in the record of the step, unique in the tree: `country/blend`.
        name: Its name in MLflow.
        tags: Its tags, besides those for data and code versions.
        params: Its parameters.
        metrics: Its metrics.
        curves: Metrics with several values, by name.
        views: Pictures by file name: rows of views.
        files: JSON values, or a text, by file name.
        runs: The runs below it.
    """

    key: str
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    views: "Mapping[str, Sequence[Sequence[View]]]" = field(default_factory=dict)
    files: Mapping[str, object] = field(default_factory=dict)
    runs: Sequence["Run"] = ()
