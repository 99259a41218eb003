"""Apply the retention rules of `genrelab.toml`: back up MLflow's database, plan the removals and carry them out.

Conventions: the plan lists everything to remove; nothing else is removed. MLflow is imported only if it is needed,
because that takes seconds. A clean-up never fails a nightly run: what could not be removed is a warning, and the next
run tries again.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import State, task
from prefect.states import Completed

from genrelab.lake.databases import back_up, is_sound
from genrelab.lake.lake import Lake
from genrelab.lake.retention import (
    Removal,
    compared_versions,
    left_in_storage,
    old_backups,
    old_pages,
    old_reports,
    old_run_records,
    old_versions,
    versions_to_keep,
)
from genrelab.lake.sent import old_sent
from genrelab.runtime import progress
from genrelab.runtime.disk import in_words
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.operations import Retention, load_operations
from tasks.run.history import RUNS
from tasks.tracking.place import database, is_there, require_answer

if TYPE_CHECKING:
    from tasks.tracking.old_runs import Runs

STEP = "clean_up"
RECORD = "operations/clean_up.json"
"""Not in the folder of the step records, because a clean-up does not affect the report."""
LONGEST_GAP = timedelta(days=14)
"""Longest expected time between clean-ups; after a longer one the clock may be wrong, and nothing is removed."""


@dataclass(frozen=True)
class Cleaned:
    """The result of a clean-up.

    Args:
        removed: What was removed.
        failed: What could not be removed, with the reason.
    """

    removed: tuple[Removal, ...]
    failed: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of bytes freed."""
        return sum(each.size for each in self.removed)


@task
def clean_up() -> State[None]:
    """Back up MLflow's database and remove what the retention rules no longer keep; errors become warnings."""
    home, now = Home.find(), datetime.now(UTC)
    warnings: list[str] = []
    try:
        rules = load_operations(home).retention
        warnings += back_up_tracking(home, now)
        if _clock_jumped(home, now):
            warnings.append(
                "the clock moved by more than two weeks since the last clean-up, so nothing is removed in this run"
            )
            cleaned = Cleaned((), ())
        else:
            cleaned = do(plan(home, rules, now))
        message = in_a_line(cleaned, [*warnings, *cleaned.failed])
        _note(home, now, cleaned, message)
    except Exception as error:  # noqa: BLE001 - any error: the results of the run stay, the next run tries again
        message = f"not finished, the next nightly run tries again: {type(error).__name__}: {error}"
        warnings.append(message)
    progress.say(f"{STEP:<22} {message}")
    return Completed(name="Warned" if warnings else "Completed", message=message)


def plan(home: Home, rules: Retention, now: datetime) -> list[Removal]:
    """Return everything that the rules no longer keep.

    Args:
        home: The home to clean up.
        rules: The retention rules.
        now: The current time, with a time zone.
    """
    lake = Lake(home)
    runs = _runs(home, rules, now)
    may_rest_on_all = not is_there(home) and any(home.state.glob("train_*.json"))
    if may_rest_on_all:
        progress.say(
            f"{STEP:<22} MLflow cannot be read, so the tables of its champions are unknown: all table versions are kept"
        )
    found = [
        *old_reports(home.reports, rules.reports, now),
        *old_pages(home.raw, rules.raw_days, now),
        *old_backups(home.mlruns / "backups", rules.backups),
        *old_run_records(home.state / RUNS, rules.runs_days, now),
        *left_in_storage(lake.storage),
        *old_sent(lake.storage, rules.reports, rules.raw_days, now),
    ]
    sound = [table for table, version in lake.newest().items() if version]
    for table in [] if may_rest_on_all else sound:
        versions = lake.versions(table)
        keep = versions_to_keep(versions, rules.table_versions_days, now, compared_versions(home, table))
        if len(keep) < len(versions):
            runs = runs or _ask(home, rules, now)
            keep |= runs.protected_versions(lake, table) if runs else set()
        found += old_versions(lake, table, keep)
    return [*found, *(runs.removals(home) if runs else [])]


def do(removals: Sequence[Removal]) -> Cleaned:
    """Remove the items of a plan; an item that cannot be removed does not stop the others."""
    removed, failed = [], []
    with progress.track("cleaning up", len(removals), "items") as advance:
        for number, removal in enumerate(removals, start=1):
            try:
                removal.remove()
            except Exception as error:  # noqa: BLE001 - files, MLflow and its database have errors of their own
                failed.append(f"{removal.kind} {removal.what}: {type(error).__name__}: {error}")
            else:
                removed.append(removal)
            advance(number, removal.what)
    return Cleaned(tuple(removed), tuple(failed))


def in_a_line(cleaned: Cleaned, warnings: Sequence[str]) -> str:
    """Describe what a clean-up did, in one line."""
    kinds: dict[str, int] = {}
    for each in cleaned.removed:
        kinds[each.kind] = kinds.get(each.kind, 0) + 1
    counts = ", ".join(f"{count} x {kind}" for kind, count in kinds.items())
    done = f"{counts} removed, {in_words(cleaned.size)} freed" if counts else "nothing to remove"
    return "; ".join([done, *(f"warning: {each}" for each in warnings)])


def back_up_tracking(home: Home, now: datetime) -> list[str]:
    """Copy MLflow's database once a day, if it is local and intact; return warnings."""
    path = database(home)
    if path is None or not path.is_file():
        return []
    copy = home.mlruns / "backups" / f"mlflow-{now:%Y-%m-%d}.db"
    if copy.exists():
        return []
    if not is_sound(path):
        return [f"{path} is damaged and was not backed up; the next training restores the last backup"]
    try:
        back_up(path, copy)
    except (sqlite3.Error, OSError) as error:
        return [f"{path} could not be backed up: {error}"]
    return []


def _runs(home: Home, rules: Retention, now: datetime) -> "Runs | None":
    """MLflow's runs if some may be too old; None if none is, or there is no MLflow."""
    path = database(home)
    if path is not None and path.is_file():
        before = int((now - timedelta(days=rules.runs_days)).timestamp() * 1000)
        try:
            if not _has_older(path, before):
                return None
        except sqlite3.Error:
            return _ask(home, rules, now)  # an unknown layout, which MLflow can read
    return _ask(home, rules, now)


def _has_older(path: Path, before: int) -> bool:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT 1 FROM runs WHERE start_time < ? LIMIT 1", (before,)).fetchall()
    finally:
        connection.close()
    return bool(rows)


def _ask(home: Home, rules: Retention, now: datetime) -> "Runs | None":
    if not is_there(home):
        return None
    require_answer(home)
    from tasks.tracking.old_runs import runs_of  # noqa: PLC0415 - imports MLflow

    return runs_of(home, rules, now)


def _clock_jumped(home: Home, now: datetime) -> bool:
    record: dict[str, Any] | None = read_json(home.state / RECORD)
    return record is not None and abs(now - datetime.fromisoformat(record["at"])) > LONGEST_GAP


def _note(home: Home, now: datetime, cleaned: Cleaned, message: str) -> None:
    record = {"at": now.isoformat(timespec="seconds"), "removed": len(cleaned.removed), "message": message}
    write_json(home.state / RECORD, {**record, "bytes": cleaned.size})
