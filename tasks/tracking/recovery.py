"""Recover from a damaged MLflow database: rename it and restore the last intact backup.

Conventions: the damaged file is kept as `mlflow.db.corrupt-<time>`. A backup is at most a day old and has the
champions; runs logged since then are lost, so the steps that logged them run again. Without a backup MLflow starts
empty, and a first champion is selected again.
"""

import os
import re
import shutil
from pathlib import Path

from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as Tracking
from mlflow.tracking._model_registry.registry import ModelRegistryStoreRegistry
from mlflow.tracking._tracking_service.registry import TrackingStoreRegistry

from genrelab.lake.databases import is_sound, set_aside
from genrelab.lake.retention import BACKUP
from genrelab.runtime import progress
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from tasks.run.notify import notify
from tasks.tracking.place import database, tracking_uri

LOGGED = re.compile(r'"run_ids?": ?["{]')


def repair_tracking(home: Home) -> str:
    """Replace MLflow's database if it is in the home and damaged.

    Args:
        home: The home of the database.

    Returns:
        A sentence about the recovery; empty if there was none.
    """
    path = database(home)
    if path is None:
        return ""
    part = path.with_name(f".{path.name}.part")
    if part.is_file() and not path.exists():  # killed between the two renames below
        part.replace(path)
        _after_replacement(home)
        return _tell(
            "MLflow's database was damaged; its backup is restored now, after an interrupted recovery"
        )
    if is_sound(path):
        return ""
    backup = _last_sound_backup(home.mlruns / "backups")
    # Complete the copy before anything is renamed: a full disk must not lose the champions.
    if backup is not None:
        with backup.open("rb") as source, part.open("wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
    aside = set_aside(path)
    if backup is not None:
        part.replace(path)
    _after_replacement(home)
    instead = (
        f"the backup {backup.name} was restored" if backup else "there was no backup, so MLflow starts empty"
    )
    return _tell(
        f"MLflow's database was damaged; {instead}; the damaged file is kept as {aside.name}",
        kept=str(aside),
        backup=str(backup or ""),
    )


def _tell(message: str, **facts: str) -> str:
    progress.say(f"{'':<22} {message}")
    notify("database_restored", f"genrelab: {message}", facts)
    return message


def _last_sound_backup(folder: Path) -> Path | None:
    if not folder.is_dir():
        return None
    backups = sorted((path for path in folder.iterdir() if BACKUP.fullmatch(path.name)), reverse=True)
    return next((path for path in backups if is_sound(path)), None)


def _after_replacement(home: Home) -> None:
    """Update this process and the step records after the database was replaced."""
    _forget_steps(home)
    _drop_connections(tracking_uri(home))


def _drop_connections(uri: str) -> None:
    """Close MLflow's connections to the old file, so that this process opens the new one."""
    for store in (Tracking, Registry):
        engine = store._engine_map.pop(uri, None)  # noqa: SLF001 - MLflow has no other way to close a database
        if engine is not None:
            engine.dispose()
    for registry in (TrackingStoreRegistry, ModelRegistryStoreRegistry):
        registry._get_store_with_resolved_uri.cache_clear()  # noqa: SLF001 - as above


def _forget_steps(home: Home) -> None:
    """Make the steps that logged runs run again; their results stay in the report until then."""
    for path in home.state.glob("*.json"):
        if LOGGED.search(path.read_text(encoding="utf-8")):
            record = read_json(path)
            if record:
                write_json(path, {**record, "fingerprint": ""})
