"""A tree of runs (`genrelab.analyses.runs`) in MLflow.

Which runs there are, and what they hold, does not belong here but in the `runs` module of each analysis.
"""

import time
from collections.abc import Mapping

from mlflow.entities import DatasetInput, Metric

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.runs import Run
from genrelab.home import Home
from tasks.pictures import picture
from tasks.tracking import Door, connect, version_tags

LARGEST_BATCH = 1_000
"""Metrics that MLflow takes at once."""


def log_runs(home: Home, experiment: str, tree: Run, inputs: Inputs) -> dict[str, str]:
    """Log a run and all runs below it.

    Args:
        home: Whose MLflow.
        experiment: Name of the experiment.
        tree: The run at the top.
        inputs: What the analysis read: its dataset is that of every run.

    Returns:
        Id of each run by its key.
    """
    if inputs.dataset is None:
        raise LookupError(f"{inputs.analysis.name} logs runs and does not say on which rows they rest")
    version, frame = inputs.dataset
    door = connect(home)
    return _log(door, experiment, tree, door.dataset(frame, version, None), version_tags(version))


def _log(
    door: Door, experiment: str, tree: Run, dataset: DatasetInput, tags: Mapping[str, str], parent: str = ""
) -> dict[str, str]:
    run = door.start(experiment, tree.name, {**tags, **tree.tags}, parent=parent)
    ids = {tree.key: run}
    try:
        door.log(run, params=tree.params, metrics=tree.metrics)
        _log_curves(door, run, tree)
        door.log_dataset(run, dataset)
        for below in tree.runs:
            ids |= _log(door, experiment, below, dataset, tags, run)
        for file, views in tree.views.items():
            door.client.log_figure(run, picture(views), file)
        for file, values in tree.files.items():
            door.client.log_dict(run, values, file)
    except BaseException:
        door.end(run, "FAILED")
        raise
    door.end(run)
    return ids


def _log_curves(door: Door, run: str, tree: Run) -> None:
    now = int(time.time() * 1000)
    metrics = [
        Metric(name, float(value), now, step) for name, curve in tree.curves.items() for step, value in curve
    ]
    for start in range(0, len(metrics), LARGEST_BATCH):
        door.client.log_batch(run, metrics=metrics[start : start + LARGEST_BATCH])
