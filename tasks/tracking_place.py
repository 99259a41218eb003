"""Where MLflow is: told without importing it, so that a skipped step stays quick.

Importing MLflow takes 3 s. Who is champion does not belong here but in `tasks.champion_versions`.
"""

import os
from pathlib import Path

from genrelab.databases import is_sound
from genrelab.home import Home

ALIAS = "champion"


def tracking_uri(home: Home) -> str:
    """Address of MLflow: MLFLOW_TRACKING_URI, or the database under `mlruns/`."""
    return os.environ.get("MLFLOW_TRACKING_URI") or local_uri(home)


def local_uri(home: Home) -> str:
    """Address of the database under `mlruns/`."""
    return f"sqlite:///{home.mlruns / 'mlflow.db'}"


def database(home: Home) -> Path | None:
    """MLflow's database file; None where it lies elsewhere."""
    return None if os.environ.get("MLFLOW_TRACKING_URI") else home.mlruns / "mlflow.db"


def is_there(home: Home) -> bool:
    """Whether MLflow's database exists and can be read, as far as that can be told without asking a server."""
    path = database(home)
    return path is None or (path.is_file() and is_sound(path))
