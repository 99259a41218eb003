"""Read the champions without importing MLflow, so that skipped steps are fast.

Importing MLflow takes 3 s. Everything else about the registry belongs in `tasks.tracking.registry`.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from genrelab.models.task import WITHOUT
from genrelab.runtime.home import Home
from tasks.tracking.place import ALIAS, database, is_there

QUESTION = """
SELECT alias.name, alias.version, model.creation_time, tag.key, tag.value
FROM registered_model_aliases AS alias
JOIN model_versions AS model ON model.name = alias.name AND model.version = alias.version
LEFT JOIN model_version_tags AS tag ON tag.name = alias.name AND tag.version = alias.version
WHERE alias.alias = ? ORDER BY alias.name
"""


@dataclass(frozen=True)
class RegisteredChampion:
    """The champion of a registered model.

    Args:
        name: Name of the registered model.
        version: Its version.
        stored_ms: When it was stored, in milliseconds since 1970.
        tags: Its tags.
    """

    name: str
    version: str
    stored_ms: int
    tags: Mapping[str, str]

    @property
    def stored_at(self) -> datetime:
        """Return the end of the millisecond in which it was stored, with a time zone."""
        return datetime.fromtimestamp((self.stored_ms + 1) / 1_000, UTC)


def champions_of(home: Home, names: Iterable[str]) -> list[RegisteredChampion]:
    """Return the champions of tasks, sorted by name.

    The database in the home is read directly. If it is elsewhere, or has an unknown layout, MLflow is used.

    Args:
        home: The home with the registry.
        names: Names of tasks; their models without some features are included.
    """
    wanted, path = set(names), database(home)
    if not is_there(home):
        return []
    found: dict[str, RegisteredChampion] | None = None
    if path is not None:
        with contextlib.suppress(sqlite3.Error):
            found = _read(f"{path.absolute().as_uri()}?mode=ro")
    if found is None:
        from tasks.tracking.registry import registered_champions  # noqa: PLC0415 - see above

        found = {each.name: each for each in registered_champions(home)}
    return [champion for name, champion in found.items() if task_of(name) in wanted]


def _read(uri: str) -> dict[str, RegisteredChampion]:
    """The champions in a database of MLflow."""
    found: dict[str, RegisteredChampion] = {}
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
        for name, version, stored_ms, key, value in opened.execute(QUESTION, (ALIAS,)):
            before = found.get(name)
            tags = {**(before.tags if before else {}), **({key: value} if key else {})}
            found[name] = RegisteredChampion(str(name), str(version), int(stored_ms), tags)
    return found


def champion_versions(home: Home, names: Iterable[str]) -> dict[str, str]:
    """Return the version of the champion of each registered model that has one; see `champions_of`."""
    return {champion.name: champion.version for champion in champions_of(home, names)}


def task_of(model: str) -> str:
    """Return the task of a registered model, which may be one without some features.

    >>> task_of("spotify-bins-reviewed-without-time-signature"), task_of("fma-top-genre")
    ('spotify-bins-reviewed', 'fma-top-genre')
    """
    return str(model).partition(WITHOUT)[0]
