"""The version of each registered model that is champion, asked without importing MLflow: a skipped step stays quick.

Importing MLflow takes 3 s. What the registry means does not belong here but in `tasks.registry`.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable

from genrelab.home import Home
from tasks.tracking_place import ALIAS, is_there


def champion_versions(home: Home, names: Iterable[str]) -> dict[str, str]:
    """Version of the champion of each registered model that has one.

    MLflow's own database is asked directly; where it lies elsewhere, or its layout is not the one we know,
    MLflow is asked.
    """
    wanted = set(names)
    if not is_there(home):
        return {}
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        question = "SELECT name, version FROM registered_model_aliases WHERE alias = ?"
        uri = f"{(home.mlruns / 'mlflow.db').absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
                rows = opened.execute(question, (ALIAS,)).fetchall()
            return {str(name): str(version) for name, version in rows if name in wanted}
        except sqlite3.Error:
            pass  # asked in the other way below
    from tasks.tracking import connect  # noqa: PLC0415 - see above

    door = connect(home)
    found = {name: door.champion(name) for name in wanted}
    return {name: str(version.version) for name, version in found.items() if version is not None}
