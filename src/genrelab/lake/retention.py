"""Finds what can be removed: old reports, raw pages, table versions with their rejected rows, and backups.

Conventions: age alone decides nothing. The newest of every kind stays, whatever its date, and a date after `now` counts
as new: a wrong clock must not delete everything. A `Removal` describes what will be removed; its `remove` does it. A
table version is removed by deleting its files: the log keeps its entry, and no commit is made, so no step runs again.

Which data a champion needs does not belong here but in `tasks.retention`, which reads MLflow.
"""

import re
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from genrelab.lake.lake import Lake
from genrelab.lake.storage import PROBES, WORK, Storage
from genrelab.lake.validation_records import refused_try
from genrelab.lake.version import TableVersion
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import lies_below, read_json
from genrelab.runtime.home import Home

REPORT = re.compile(r"\d{4}-\d\d-\d\dT\d{6}(-\d+)?")
UNFINISHED = re.compile(r"\.\d{4}-\d\d-\d\dT\d{6}.*")
"""Folders left by a killed report step."""
LATEST = "latest"
SEGMENT = re.compile(r"(\d{8}T\d{6})\d*-\d+\.jsonl\.gz")
BACKUP = re.compile(r"mlflow-(\d{4}-\d\d-\d\d)\.db")
ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True)
class Removal:
    """One thing that can be removed.

    Args:
        kind: `report`, `raw pages`, `table version`, `backup`, `run`, `run record`, `model` or `leftover`.
        what: Its name.
        why: The retention rule.
        size: Bytes that are freed.
        remove: Function that removes it.
    """

    kind: str
    what: str
    why: str
    size: int
    remove: Callable[[], None] = field(repr=False, compare=False)


def of_paths(kind: str, what: str, why: str, paths: Sequence[Path], within: Path) -> Removal:
    """The removal of files and folders below `within`; one that lies elsewhere is refused, a link goes alone."""

    def remove() -> None:
        for path in paths:
            if not lies_below(path, within):
                raise GenrelabError(f"{path} is not removed", found=f"it lies outside of {within}")
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    return Removal(kind, what, why, sum(map(size_of, paths)), remove)


def size_of(path: Path) -> int:
    """Bytes of a file, or of everything in a folder."""
    files = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())


def old_reports(folder: Path, keep: int, now: datetime) -> list[Removal]:
    """Return reports beyond the newest `keep`, except the one that `latest` points to, and leftovers of killed ones.

    Args:
        folder: Of all reports.
        keep: How many stay.
        now: With a time zone.
    """
    if not folder.is_dir():
        return []
    shown = (folder / LATEST).resolve()
    sites = sorted(path for path in folder.iterdir() if path.is_dir() and REPORT.fullmatch(path.name))
    old = [path for path in sites[:-keep] if path.resolve() != shown]
    leftovers = [
        path
        for path in folder.iterdir()
        if path.is_dir() and UNFINISHED.fullmatch(path.name) and now - _changed(path) > ORPHAN_AGE
    ]
    return [
        *(of_paths("report", path.name, f"more than {keep} reports", [path], folder) for path in old),
        *(
            of_paths("leftover", path.name, "a report that was never finished", [path], folder)
            for path in leftovers
        ),
    ]


def old_pages(raw: Path, days: int, now: datetime) -> list[Removal]:
    """Segments of raw pages older than `days`; the newest of each folder stays, and 0 days keep all.

    The manifest beside them goes on naming what lay there, with its sha256.

    Args:
        raw: Of everything that came from outside.
        days: Age from which a segment goes; 0 for never.
        now: With a time zone.
    """
    if not days:
        return []
    found = []
    for folder in sorted((raw / "spotify").glob("*/pages")):
        segments = sorted(path for path in folder.iterdir() if SEGMENT.fullmatch(path.name))
        old = [path for path in segments[:-1] if now - stamped(path.name) > timedelta(days=days)]
        if old:
            what = f"{folder.parent.name}: {len(old)} segments"
            found.append(of_paths("raw pages", what, f"older than {days} days", old, raw))
    return found


def old_backups(folder: Path, keep: int) -> list[Removal]:
    """Backups of MLflow's database beyond the newest `keep`."""
    if not folder.is_dir():
        return []
    backups = sorted(path for path in folder.iterdir() if BACKUP.fullmatch(path.name))
    return [
        of_paths("backup", path.name, f"more than {keep} backups", [path], folder) for path in backups[:-keep]
    ]


def old_run_records(folder: Path, days: int, now: datetime) -> list[Removal]:
    """Return the records of runs, and of predictions that changed, older than `days`; the newest record stays.

    Args:
        folder: Of the records of all runs.
        days: Age from which a record goes.
        now: With a time zone.
    """
    records = sorted(folder.glob("*.json"))
    old = [
        path
        for path in [*records[:-1], *folder.glob("flips/*.json.gz")]
        if now - _changed(path) > timedelta(days=days)
    ]
    if not old:
        return []
    return [of_paths("run record", f"{len(old)} files", f"older than {days} days", sorted(old), folder)]


def versions_to_keep(
    versions: Sequence[TableVersion], days: int, now: datetime, protected: Collection[int] = ()
) -> set[int]:
    """Versions of a table whose data stay.

    These are the newest; the one before it of the same source, with which a drift is measured; those published
    within `days`; and the protected ones.

    Args:
        versions: Of one table, newest first.
        days: Age from which a replaced version goes.
        now: With a time zone.
        protected: Numbers of versions that something else rests on.
    """
    if not versions:
        return set()
    newest = versions[0]
    before = next((each for each in versions[1:] if _origin(each) == _origin(newest)), newest)
    young = {
        each.version
        for each in versions
        if now - datetime.fromisoformat(each.published_at) <= timedelta(days=days)
    }
    return {newest.version, before.version} | young | {each.version for each in versions} & set(protected)


def old_versions(lake: Lake, table: str, keep: Collection[int]) -> list[Removal]:
    """The files of a table that no kept version holds, and rejected rows that no kept version names.

    Rejected rows of a refused update stay until the table is published again, so that they can be inspected.

    Args:
        lake: The tables.
        table: Name.
        keep: Numbers of the versions to keep.
    """
    versions = lake.versions(table)
    if not versions:
        return []
    named = {f"quarantine/{each.quarantine}" for each in versions if each.version in keep}
    if refused := refused_try(lake.home, table):
        named.add(f"quarantine/{refused.quarantine}")
    rejected = lake.storage.sizes(f"quarantine/{table}")
    sizes = {name: size for name, size in rejected.items() if name.endswith(".parquet") and name not in named}
    there = lake.storage.sizes(f"lake/{table}")
    lake.storage.forget(f"quarantine/{table}", rejected)
    lake.storage.forget(f"lake/{table}", there)
    unneeded = (f"lake/{table}/{name}" for name in _unneeded(lake, table, keep))
    sizes |= {name: there[name] for name in unneeded if name in there}
    if not sizes:
        return []
    gone = sorted(each.version for each in versions if each.version not in keep)
    what = f"{table}: {_ranges(gone)}" if gone else f"{table}: files of no version"
    why = "replaced, old, and not needed by anything"
    return [Removal("table version", what, why, sum(sizes.values()), partial(lake.storage.delete, sizes))]


def left_in_storage(storage: Storage) -> list[Removal]:
    """Return what killed runs left in the storage of the lake: rows for workers, probes, unfinished uploads.

    Args:
        storage: Of the lake.
    """
    seconds, why = ORPHAN_AGE.total_seconds(), "left by a run that was killed"
    files = {**storage.old(WORK, seconds), **storage.old(PROBES, seconds)}
    uploads = storage.unfinished_uploads(seconds)
    found = []
    if files:
        remove = partial(storage.delete, files)
        found.append(Removal("leftover", f"{len(files)} files in the lake", why, sum(files.values()), remove))
    if uploads:
        remove = partial(storage.abandon, uploads)
        found.append(Removal("leftover", f"{len(uploads)} unfinished uploads", why, 0, remove))
    return found


def compared_versions(home: Home, table: str) -> set[int]:
    """Versions that the next measurement of drift may compare with, for every source that was measured."""
    found: dict[str, Any] = read_json(home.state / "drift" / f"{table}.json") or {}
    standings = found.get("sources", {}).values()
    compared = [each for standing in standings for each in (standing, *standing.get("champions", ()))]
    named = [*standings, *(each["earlier"] for each in compared if each.get("earlier"))]
    return {int(each["version"]) for each in named}


def _unneeded(lake: Lake, table: str, keep: Collection[int]) -> list[str]:
    # Only listed, and removed by us: its own removal makes a commit, and every step would run again.
    uri, options = lake.storage.uri(f"lake/{table}"), lake.storage.options
    names: list[str] = DeltaTable(uri, storage_options=options).vacuum(
        retention_hours=0,
        dry_run=True,
        enforce_retention_duration=False,
        full=True,
        keep_versions=sorted(keep),
    )
    return names


def _origin(version: TableVersion) -> str:
    """Where a version came from; for a computed table the tables without their versions."""
    return re.sub(r" version \d+", "", version.source)


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in words.

    >>> _ranges([1, 2, 3, 7])
    'versions 1 to 3, 7'
    """
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    parts = [str(group[0]) if len(group) == 1 else f"{group[0]} to {group[-1]}" for group in groups]
    return f"version{'s' if len(numbers) > 1 else ''} {', '.join(parts)}"


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def stamped(segment: str) -> datetime:
    """Return the time in the name of a segment of raw pages."""
    found = SEGMENT.fullmatch(segment)
    stamp = found[1] if found else "19700101T000000"
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
