"""Where MLflow is: told without importing it, so that a skipped step stays quick."""

import os

from genrelab.home import Home


def tracking_uri(home: Home) -> str:
    """Address of MLflow: MLFLOW_TRACKING_URI, or the database under `mlruns/`."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{home.mlruns / 'mlflow.db'}"


def is_there(home: Home) -> bool:
    """Whether MLflow's database exists, as far as that can be told without asking a server."""
    return bool(os.environ.get("MLFLOW_TRACKING_URI")) or (home.mlruns / "mlflow.db").is_file()
