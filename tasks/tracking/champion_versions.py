"""The version of each registered model that is champion, asked without importing MLflow: a skipped step stays quick.

Importing MLflow takes 3 s. What the registry means does not belong here but in `tasks.tracking.registry`.
"""

import contextlib
import sqlite3
from collections.abc import Iterable

from genrelab.models.task import WITHOUT
from genrelab.runtime.home import Home
from tasks.tracking.place import ALIAS, database, is_there


def champion_versions(home: Home, names: Iterable[str]) -> dict[str, str]:
    """Version of the champion of each registered model that has one.

    MLflow's own database is asked directly; where it lies elsewhere, or its layout is not the one we know,
    MLflow is asked.

    Args:
        home: Where.
        names: Names of tasks; their models without some features are asked for as well.
    """
    wanted, path = set(names), database(home)
    if not is_there(home):
        return {}
    if path is not None:
        question = "SELECT name, version FROM registered_model_aliases WHERE alias = ? ORDER BY name"
        uri = f"{path.absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
                rows = opened.execute(question, (ALIAS,)).fetchall()
            return {str(name): str(version) for name, version in rows if task_of(name) in wanted}
        except sqlite3.Error:
            pass  # asked in the other way below
    from tasks.tracking.registry import champions  # noqa: PLC0415 - see above

    return {name: version for name, version in champions(home).items() if task_of(name) in wanted}


def task_of(model: str) -> str:
    """The task of a registered model, which may do without some features.

    >>> task_of("spotify-bins-reviewed-without-time-signature"), task_of("fma-top-genre")
    ('spotify-bins-reviewed', 'fma-top-genre')
    """
    return str(model).partition(WITHOUT)[0]
