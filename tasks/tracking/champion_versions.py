"""Read the champion versions without importing MLflow, so that skipped steps are fast.

Importing MLflow takes 3 s. Everything else about the registry belongs in `tasks.tracking.registry`.
"""

import contextlib
import sqlite3
from collections.abc import Iterable

from genrelab.models.task import WITHOUT
from genrelab.runtime.home import Home
from tasks.tracking.place import ALIAS, database, is_there


def champion_versions(home: Home, names: Iterable[str]) -> dict[str, str]:
    """Return the version of the champion of each registered model that has one.

    The database in the home is read directly. If it is elsewhere, or has an unknown layout, MLflow is used.

    Args:
        home: The home with the registry.
        names: Names of tasks; their models without some features are included.
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
            pass  # use MLflow below
    from tasks.tracking.registry import champions  # noqa: PLC0415 - see above

    return {name: version for name, version in champions(home).items() if task_of(name) in wanted}


def task_of(model: str) -> str:
    """Return the task of a registered model, which may be one without some features.

    >>> task_of("spotify-bins-reviewed-without-time-signature"), task_of("fma-top-genre")
    ('spotify-bins-reviewed', 'fma-top-genre')
    """
    return str(model).partition(WITHOUT)[0]
