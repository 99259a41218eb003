"""What `genrelab doctor` looks at in the data: lake, registry, schedule, runs and failed steps."""

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
from genrelab.runtime.unexpected import kept
from genrelab_cli.checks.environment import LOOK, MEND, OK, Finding
from genrelab_cli.servers.server import is_ours
from tasks.tracking.artifact_places import below, in_words, local_path, strays
from tasks.tracking.place import ALIAS, database

STALE = timedelta(days=2)
"""Age of the last night from which a scheduler that runs should have done another one."""
SCHEDULER = "serve"
NIGHT = "operations/nightly.json"


def lake(home: Home) -> list[Finding]:
    """Whether every table can be opened, and its files are there."""
    area, tables, findings = "lake", Lake(home), []
    names = tables.tables()
    if not names:
        return [Finding(area, LOOK, "no table yet", "genrelab nightly")]
    rows = 0
    for name in names:
        try:
            version = tables.current(name)
            missing = [file for file in tables.files(name) if not file.is_file()]
        except GenrelabError as error:
            findings.append(Finding(area, MEND, error.what, error.do))
            continue
        rows += version.counts.rows
        if missing:
            do = f"move {tables.path(name)} away and run `genrelab nightly`, or bring the files back"
            findings.append(Finding(area, MEND, f"{name} lacks {len(missing)} of its files", do))
    return [Finding(area, OK, f"{len(names)} tables, {rows:,} rows"), *findings]


def registry(home: Home) -> list[Finding]:
    """Whether MLflow's database is sound, and who is champion."""
    area, path = "registry", database(home)
    if path is None:
        return [
            Finding(area, OK, "on the server that MLFLOW_TRACKING_URI names; see `genrelab champion show`")
        ]
    if not path.is_file():
        return [Finding(area, LOOK, "no model yet", "genrelab nightly")]
    backups = sorted((home.mlruns / "backups").glob("mlflow-*.db"))
    if not is_sound(path):
        instead = (
            f"its backup {backups[-1].name} takes its place"
            if backups
            else "there is no backup: it starts empty"
        )
        do = f"genrelab train ({instead}; the damaged file is kept)"
        return [Finding(area, MEND, f"{path} is damaged", do)]
    findings = [*_champions(area, home, path), *_places(area, home)]
    newest = f", the newest {backups[-1].stem.removeprefix('mlflow-')}" if backups else ""
    findings.append(Finding(area, OK, f"database sound, {len(backups)} backups{newest}"))
    findings += [
        Finding(area, LOOK, f"{left} was damaged and is kept", f"rm {left} when nobody needs it any more")
        for left in sorted(home.mlruns.glob("*.corrupt-*"))
        if not left.name.endswith(("-wal", "-shm", "-journal"))
    ]
    return findings


def _places(area: str, home: Home) -> list[Finding]:
    """Whether the files of runs and models are looked for in this home."""
    linked = [
        each for each in (home.mlruns, home.mlruns / "artifacts", home.root / "data") if each.is_symlink()
    ]
    findings = [
        Finding(area, LOOK, f"{each} is a link to {each.resolve()}: a copy of this home would share it")
        for each in linked
    ]
    if said := in_words(strays(home)):
        says = f"this home was moved or copied: {said}"
        findings.append(Finding(area, MEND, says, "genrelab doctor --fix, or any command that opens MLflow"))
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
    """Whether the files of a version are not where MLflow's database names them, or where they are in a moved home."""
    place = local_path(below(home, address) or address) if address else None
    return place is not None and not place.is_dir()


def _without_files(area: str, home: Home, name: str, version: str, address: str) -> Finding:
    place = local_path(below(home, address) or address)
    do = "bring them back from a backup, or `genrelab champion rollback`, or train again"
    return Finding(
        area, MEND, f"the files of version {version} of {name}, its champion, are not in {place}", do
    )


def schedule(home: Home) -> list[Finding]:
    """When nightly runs, and whether somebody will start it."""
    area = "schedule"
    try:
        plan = load_operations(home).schedule
    except GenrelabError:
        return []  # told under settings
    findings = [
        Finding(
            area, OK, f"nightly at {plan.cron} ({plan.timezone}); when another run goes on: {plan.when_busy}"
        )
    ]
    if is_ours(home, SCHEDULER, 0):
        findings.append(Finding(area, OK, "genrelab serve is running"))
    elif os.environ.get("PREFECT_API_URL"):
        findings.append(
            Finding(area, LOOK, "genrelab serve is not running here", "genrelab serve, here or elsewhere")
        )
    else:
        findings.append(
            Finding(area, LOOK, "genrelab serve is not running: nothing starts by itself", "genrelab serve")
        )
    return findings


def runs(home: Home) -> list[Finding]:
    """The run that goes on, the last night, and steps whose last try failed."""
    area, findings = "runs", []
    holder, left = lock_owner(home), last_owner(home)
    if holder is not None:
        findings.append(Finding(area, OK, f"going on: {holder}"))
    elif left is not None:
        do = "genrelab nightly: what was done is kept, the rest runs again"
        findings.append(Finding(area, LOOK, f"{left.flow} of {left.started_at[:16]} UTC was killed", do))
    findings.append(_last_night(area, home))
    failed = [
        record for path in sorted((home.state / "failures").glob("*.json")) if (record := read_json(path))
    ]
    findings += [_failed_step(area, record) for record in failed]
    if errors := kept(home):
        says = f"{len(errors)} errors that the program did not know, the last one in {errors[-1]}"
        findings.append(Finding(area, LOOK, says, f"read it; rm -r {errors[-1].parent} when they are past"))
    cleaned = read_json(home.state / "operations" / "clean_up.json")
    if cleaned:
        findings.append(Finding(area, OK, f"last clean-up {_when(cleaned['at'])}: {cleaned['message']}"))
    return findings


def _last_night(area: str, home: Home) -> Finding:
    night = read_json(home.state / NIGHT)
    if not night:
        return Finding(area, LOOK, "no nightly run has ended yet", "genrelab nightly")
    said = f"last nightly run {_when(night['at'])}: {night['message']}"
    if night["state"] != "completed":
        return Finding(area, MEND, said, "mend what it names, then genrelab nightly: what is done is skipped")
    is_stale = datetime.now(UTC) - datetime.fromisoformat(night["at"]) > STALE
    if is_stale and is_ours(home, SCHEDULER, 0):
        return Finding(
            area, LOOK, said, "see the runs in `genrelab ui`: the scheduler has not started one since"
        )
    return Finding(area, OK, said)


def _failed_step(area: str, record: Mapping[str, Any]) -> Finding:
    message, _, do = str(record["message"]).partition("; to do: ")
    says = f"{record['step']} failed {_when(record['failed_at'])}: {message}"
    return Finding(area, MEND, says, do or "genrelab nightly --verbose shows where")


def _when(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"
