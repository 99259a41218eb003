"""The checks of `genrelab doctor` on the data: lake, model registry, schedule, runs and failed steps."""

import contextlib
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from genrelab.lake.databases import is_sound
from genrelab.lake.lake import Lake
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.run_lock import last_owner, lock_owner
from genrelab.runtime.running_servers import is_ours
from genrelab.runtime.unexpected import kept
from genrelab_cli.checks.environment import FIX, LOOK, OK, Finding
from tasks.tracking.artifact_places import below, in_words, local_path, strays
from tasks.tracking.place import ALIAS, database

STALE = timedelta(days=2)
"""Age of the last nightly run at which a running scheduler should have started another one."""
SCHEDULER = "serve"
NIGHTLY_RECORD = "operations/nightly.json"


def lake(home: Home) -> list[Finding]:
    """Check that every table can be opened and all its files exist."""
    area, tables, findings = "lake", Lake(home), []
    names = tables.tables()
    if not names:
        return [Finding(area, LOOK, "no table yet", "genrelab nightly")]
    rows = 0
    for name in names:
        try:
            version = tables.current(name)
            missing = tables.missing(name)
        except GenrelabError as error:
            findings.append(Finding(area, FIX, error.what, error.do))
            continue
        rows += version.counts.rows
        if missing:
            place = tables.storage.uri(f"lake/{name}")
            do = f"move {place} away and run `genrelab nightly`, or restore the files"
            findings.append(Finding(area, FIX, f"{len(missing)} files of the table {name} are missing", do))
    return [Finding(area, OK, f"{len(names)} tables, {rows:,} rows"), *findings]


def registry(home: Home) -> list[Finding]:
    """Check MLflow's database, its backups and the champions."""
    area, path = "registry", database(home)
    if path is None:
        return [Finding(area, OK, "on the server of MLFLOW_TRACKING_URI; see `genrelab champion show`")]
    if not path.is_file():
        return [Finding(area, LOOK, "no model yet", "genrelab nightly")]
    backups = sorted((home.mlruns / "backups").glob("mlflow-*.db"))
    if not is_sound(path):
        instead = (
            f"it restores the backup {backups[-1].name}"
            if backups
            else "there is no backup, so MLflow starts empty"
        )
        do = f"genrelab train ({instead}; the damaged file is kept)"
        return [Finding(area, FIX, f"{path} is damaged", do)]
    findings = [*_champions(area, home, path), *_places(area, home)]
    newest = f", the newest {backups[-1].stem.removeprefix('mlflow-')}" if backups else ""
    findings.append(Finding(area, OK, f"database intact, {len(backups)} backups{newest}"))
    findings += [
        Finding(area, LOOK, f"{left} is a damaged database that was kept", f"rm {left} if you do not need it")
        for left in sorted(home.mlruns.glob("*.corrupt-*"))
        if not left.name.endswith(("-wal", "-shm", "-journal"))
    ]
    return findings


def _places(area: str, home: Home) -> list[Finding]:
    """Check that the files of runs and models are looked up inside this home."""
    linked = [
        each for each in (home.mlruns, home.mlruns / "artifacts", home.root / "data") if each.is_symlink()
    ]
    findings = [
        Finding(area, LOOK, f"{each} is a link to {each.resolve()}: a copy of this home would share it")
        for each in linked
    ]
    if said := in_words(strays(home)):
        says = f"this home was moved or copied: {said}"
        findings.append(Finding(area, FIX, says, "genrelab doctor --fix, or any command that opens MLflow"))
    return findings


def _champions(area: str, home: Home, path: Path) -> list[Finding]:
    question = (
        "SELECT name, version, storage_location FROM registered_model_aliases "
        "LEFT JOIN model_versions USING (name, version) WHERE alias = ? ORDER BY name"
    )
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            rows = opened.execute(question, (ALIAS,)).fetchall()
    except sqlite3.Error as error:
        return [Finding(area, LOOK, f"the champions could not be read: {error}", "genrelab champion show")]
    if not rows:
        return [Finding(area, LOOK, "no champion yet", "genrelab train")]
    said = "champions: " + ", ".join(f"{name} version {number}" for name, number, _ in rows)
    return [
        Finding(area, OK, said),
        *(_without_files(area, home, *row) for row in rows if _lacks_files(home, row[2])),
    ]


def _lacks_files(home: Home, address: str | None) -> bool:
    """Whether the files of a version are missing, both at its recorded address and at the corrected one."""
    place = local_path(below(home, address) or address) if address else None
    return place is not None and not place.is_dir()


def _without_files(area: str, home: Home, name: str, version: str, address: str) -> Finding:
    place = local_path(below(home, address) or address)
    do = "restore them from a backup, run `genrelab champion rollback`, or train again"
    return Finding(
        area, FIX, f"the files of {name} version {version}, the champion, are missing: {place}", do
    )


def schedule(home: Home) -> list[Finding]:
    """Check when nightly runs, and whether a scheduler is running."""
    area = "schedule"
    try:
        plan = load_operations(home).schedule
    except GenrelabError:
        return []  # reported under settings
    findings = [
        Finding(
            area,
            OK,
            f"nightly at {plan.cron} ({plan.timezone}); if another run is in progress: {plan.when_busy}",
        )
    ]
    if is_ours(home, SCHEDULER, 0):
        findings.append(Finding(area, OK, "genrelab serve is running"))
    elif os.environ.get("PREFECT_API_URL"):
        findings.append(
            Finding(
                area,
                LOOK,
                "genrelab serve is not running on this machine",
                "run genrelab serve here or elsewhere",
            )
        )
    else:
        findings.append(
            Finding(
                area, LOOK, "genrelab serve is not running: no run starts automatically", "genrelab serve"
            )
        )
    return findings


def runs(home: Home) -> list[Finding]:
    """Check the current run, the last nightly run and the steps that failed last time."""
    area, findings = "runs", []
    holder, left = lock_owner(home), last_owner(home)
    if holder is not None:
        findings.append(Finding(area, OK, f"in progress: {holder}"))
    elif left is not None:
        do = "genrelab nightly: finished steps are skipped, the others run again"
        findings.append(Finding(area, LOOK, f"{left.flow} of {left.started_at[:16]} UTC was killed", do))
    findings.append(_last_nightly_run(area, home))
    failed = [
        record for path in sorted((home.state / "failures").glob("*.json")) if (record := read_json(path))
    ]
    findings += [_failed_step(area, record) for record in failed]
    if errors := kept(home):
        says = f"{len(errors)} unexpected errors, the newest in {errors[-1]}"
        findings.append(Finding(area, LOOK, says, f"read it; rm -r {errors[-1].parent} when they are solved"))
    cleaned = read_json(home.state / "operations" / "clean_up.json")
    if cleaned:
        findings.append(Finding(area, OK, f"last clean-up {_when(cleaned['at'])}: {cleaned['message']}"))
    return findings


def _last_nightly_run(area: str, home: Home) -> Finding:
    last = read_json(home.state / NIGHTLY_RECORD)
    if not last:
        return Finding(area, LOOK, "no nightly run has ended yet", "genrelab nightly")
    said = f"last nightly run {_when(last['at'])}: {last['message']}"
    if last["state"] != "completed":
        return Finding(
            area, FIX, said, "fix what the message names, then genrelab nightly: finished steps are skipped"
        )
    is_stale = datetime.now(UTC) - datetime.fromisoformat(last["at"]) > STALE
    if is_stale and is_ours(home, SCHEDULER, 0):
        return Finding(
            area, LOOK, said, "see the runs in `genrelab ui`: the scheduler has started none since"
        )
    return Finding(area, OK, said)


def _failed_step(area: str, record: Mapping[str, Any]) -> Finding:
    message, _, do = str(record["message"]).partition("; to do: ")
    says = f"{record['step']} failed {_when(record['failed_at'])}: {message}"
    return Finding(area, FIX, says, do or "genrelab nightly --verbose shows the traceback")


def _when(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"
