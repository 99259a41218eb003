"""What an analysis logs to MLflow, as plain data: a tree of runs.

Conventions: a run's metrics are named as docs/architecture.md says; a curve is a metric with one value per step. A
picture is a view of the report, drawn once more for the MLflow UI, or several side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genrelab.report.figure import View

Curve = Sequence[tuple[int, float]]
"""Step and value."""


@dataclass(frozen=True)
class Run:
    """One run and the runs below it.

    Args:
        key: Where it stands in the step's record, unique in the tree: `country/blend`.
        name: Its name in MLflow.
        tags: Its tags, beside those that say which rows and which code it stands on.
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
