"""Where MLflow is and who is champion: told without importing it, so that a skipped step stays quick.

Importing MLflow takes 3 s. What the registry means does not belong here but in `tasks.registry`.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from genrelab.databases import is_sound
from genrelab.home import Home
from genrelab.models.task import WITHOUT

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


def champion_versions(home: Home, names: Iterable[str]) -> dict[str, str]:
    """Version of the champion of each registered model that has one.

    MLflow's own database is asked directly; where it lies elsewhere, or its layout is not the one we know,
    MLflow is asked.

    Args:
        home: Where.
        names: Names of tasks; their models without some features are asked for as well.
    """
    wanted = set(names)
    if not is_there(home):
        return {}
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        question = "SELECT name, version FROM registered_model_aliases WHERE alias = ? ORDER BY name"
        uri = f"{(home.mlruns / 'mlflow.db').absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
                rows = opened.execute(question, (ALIAS,)).fetchall()
            return {str(name): str(version) for name, version in rows if task_of(name) in wanted}
        except sqlite3.Error:
            pass  # asked in the other way below
    from tasks.registry import names_of  # noqa: PLC0415 - see above
    from tasks.tracking import connect  # noqa: PLC0415

    door = connect(home)
    found = {name: door.champion(name) for name in names_of(door) if task_of(name) in wanted}
    return {name: str(version.version) for name, version in found.items() if version is not None}


def task_of(model: str) -> str:
    """The task of a registered model, which may do without some features.

    >>> task_of("spotify-bins-reviewed-without-time-signature"), task_of("fma-top-genre")
    ('spotify-bins-reviewed', 'fma-top-genre')
    """
    return str(model).partition(WITHOUT)[0]
