"""Log a tree of runs (`genrelab.analyses.runs`) to MLflow.

The `runs` module of each analysis defines the runs and their content.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlflow.entities import DatasetInput, Metric

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.runs import NOTE, Run
from genrelab.runtime.home import Home
from tasks.tracking.client import TrackingClient, connect, version_tags
from tasks.tracking.pictures import picture

LARGEST_BATCH = 1_000
"""Maximum number of metrics per call of MLflow."""

FIT_SECONDS = "fit_seconds"
"""Metric of the runs that fit a model; their duration in MLflow."""

FAST_PNG = {"pil_kwargs": {"compress_level": 1}}
"""Pictures half as large again take a quarter less time."""

_drawing = threading.Lock()  # Matplotlib is not made for several threads


def log_runs(
    home: Home, experiment: str, tree: Run, inputs: Inputs, seconds: float | None = None
) -> dict[str, str]:
    """Log a run and all its child runs, and return their ids.

    Args:
        home: The home of MLflow.
        experiment: Name of the experiment.
        tree: The top run.
        inputs: The inputs of the analysis, whose tables are the datasets of every run.
        seconds: How long the analysis took, the duration of the top run.

    Returns:
        Id of each run by its key.
    """
    if inputs.dataset is None:
        raise LookupError(f"the analysis {inputs.analysis.name} logs runs but names no dataset for them")
    (main, frame), tracking = inputs.dataset, connect(home)
    others = [version for version in inputs.versions if version.table != main.table]
    datasets = [tracking.dataset(main, frame), *map(tracking.dataset, others)]
    note = {NOTE: inputs.analysis.description} if inputs.analysis.description else {}
    tree = replace(tree, tags={**note, **tree.tags})
    return log_tree(tracking, experiment, tree, datasets, version_tags([main, *others]), seconds=seconds)


def log_tree(
    tracking: TrackingClient,
    experiment: str,
    tree: Run,
    datasets: Sequence[DatasetInput],
    tags: Mapping[str, str],
    parent: str = "",
    seconds: float | None = None,
) -> dict[str, str]:
    """Log a run and all its child runs, and return their ids.

    Args:
        tracking: MLflow.
        experiment: Name of the experiment.
        tree: The top run.
        datasets: The inputs of all runs.
        tags: Tags of all runs, in addition to their own.
        parent: Id of the parent run.
        seconds: How long its work took; None takes the time of its fit, if the run has one.

    Returns:
        Id of each run by its key.
    """
    seconds = tree.metrics.get(FIT_SECONDS) if seconds is None else seconds
    run = tracking.start(experiment, tree.name, {**tags, **tree.tags}, parent=parent, seconds=seconds or 0.0)
    ids = {tree.key: run}
    try:
        tracking.log_datasets(run, datasets)
        add_to_run(tracking, run, tree)
        for below in tree.runs:
            ids |= log_tree(tracking, experiment, below, datasets, tags, run)
    except BaseException as error:
        tracking.end(run, error)
        raise
    tracking.end(run, after_seconds=seconds)
    return ids


def add_to_run(tracking: TrackingClient, run: str, tree: Run) -> None:
    """Log the content of a run, without its child runs, to a started run.

    Args:
        tracking: MLflow.
        run: Its id.
        tree: Its content.
    """
    tracking.log(run, params=tree.params, metrics=tree.metrics, tags=tree.tags)
    now = int(time.time() * 1000)
    metrics = [
        Metric(name, float(value), now, step) for name, curve in tree.curves.items() for step, value in curve
    ]
    for start in range(0, len(metrics), LARGEST_BATCH):
        tracking.client.log_batch(run, metrics=metrics[start : start + LARGEST_BATCH])
    for file, views in tree.views.items():
        with _drawing:
            tracking.client.log_figure(run, picture(views), file, save_kwargs=FAST_PNG)
    for file, values in tree.files.items():
        if isinstance(values, str):
            tracking.client.log_text(run, values, file)
        else:
            tracking.client.log_dict(run, values, file)
