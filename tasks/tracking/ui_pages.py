"""Addresses of pages in the UI of MLflow, relative to where it runs.

Conventions: `workflowType` opens the pages for training; without it MLflow shows its pages for language models. A view
(`VIEW`) is a tag of the experiment that names the columns of the table of runs.
"""

import json
from collections.abc import Sequence
from urllib.parse import quote

TRAINING = "workflowType=machine_learning"
VIEW = "genrelab"
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"

EXPERIMENTS = f"#/experiments?{TRAINING}"


def experiment_page(experiment_id: str) -> str:
    """Return the page with the runs of an experiment, with the columns of its view."""
    return f"#/experiments/{experiment_id}/runs?{TRAINING}&viewStateShareKey={VIEW}"


def run_page(experiment_id: str, run_id: str) -> str:
    """Return the page of a run."""
    return f"#/experiments/{experiment_id}/runs/{run_id}?{TRAINING}"


def version_page(name: str, version: str) -> str:
    """Return the page of a version of a registered model, with its card.

    >>> version_page("fma-top-genre", "3")
    '#/models/fma-top-genre/versions/3?workflowType=machine_learning'
    """
    return f"#/models/{quote(name, safe='')}/versions/{version}?{TRAINING}"


def view_of(metrics: Sequence[str]) -> str:
    """Return the value of `VIEW_TAG`: the newest training first, with columns for these metrics and the best model."""
    columns = [*(f"metrics.`{name}`" for name in metrics), "tags.`best_model`"]
    return json.dumps(
        {
            "selectedColumns": columns,
            "searchFilter": "",
            "orderByKey": "attributes.start_time",
            "orderByAsc": False,
            "startTime": "ALL",
            "lifecycleFilter": "Active",
            "datasetsFilter": [],
            "modelVersionFilter": "All Runs",
        }
    )
