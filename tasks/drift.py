"""The task that measures drift between versions before training; open drift blocks a new champion.

A version is compared with the last version of the same source that had different content and no open drift.
`tasks.drift_status` holds the status of each table.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from prefect import State

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.judge import in_words, judge
from genrelab.analyses.drift.result import (
    COMPARED,
    FIRST,
    LOST,
    DriftReport,
    DriftStatus,
    Earlier,
    Thresholds,
)
from genrelab.analyses.drift.watched import WATCHED, Watched
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from tasks.drift_status import read_status, statuses, write_status
from tasks.measure_drift import STEP
from tasks.run.artifacts import publish_rows
from tasks.run.step import Outcome, nothing_to_do, run_step, version_ids

if TYPE_CHECKING:
    from genrelab.analyses.drift.compare import Read


def measure_tables(settings: Settings) -> State[None]:
    """Compare the newest version of every table that models read with its previous version from the same source."""
    home, lake = settings.home, Lake(settings.home)
    thresholds = Thresholds(settings.drift_psi, settings.drift_ks, settings.drift_class_share)
    versions = version_ids(home, *WATCHED)
    if not any(versions.values()):
        return nothing_to_do(STEP, "no table that models read has been published")
    accepted = {each.table: encode(each.accepted) for each in statuses(home) if each.accepted}
    inputs = {**versions, "thresholds": vars(thresholds), "accepted": accepted}

    def work() -> Outcome:
        found: list[DriftStatus] = []
        with progress.track("measuring drift", len(WATCHED), "tables") as advance:
            for table, watched in WATCHED.items():
                version = lake.find(table)
                if version and version.counts.rows:
                    found.append(measure(lake, version, watched, thresholds))
                    write_status(home, found[-1])
                advance(1, table)
        publish_rows("drift", [_row(one) for one in found], "Each table compared with its previous version.")
        return Outcome(_message(found), encode(DriftReport(tuple(found), thresholds)))

    return run_step(
        STEP,
        home,
        inputs,
        work,
        holds=DRIFT.fits,
        code=(DRIFT.folder,),
    )


def measure(lake: Lake, version: TableVersion, watched: Watched, thresholds: Thresholds) -> DriftStatus:
    """Compare a version with the previous one and return its drift status.

    Args:
        lake: The lake with both versions.
        version: The version to measure.
        watched: The columns of its table that are measured.
        thresholds: The limits above which a measure counts as drift.
    """
    compare, content_of = DRIFT.load("compare:compare"), DRIFT.load("compare:content_of")  # imports scipy
    source = source_of(lake, version)
    last = read_status(lake.home, version.table, source)
    here = watched.columns_of(lake.columns(version.table, version.version))
    read = _reader(lake, version)
    content = content_of(read, here)
    status = DriftStatus(
        table=version.table,
        source=source,
        sample=version.is_sample,
        version=version.version,
        id=version.id,
        rows=version.counts.rows,
        published_at=version.published_at,
        content=content,
        status=FIRST,
        earlier=None,
        features=(),
        classes=(),
        words=None,
        findings=(),
        accepted=None,
    )
    if last and last.content == content:
        same = ("status", "earlier", "features", "classes", "words", "findings", "accepted")
        status = replace(status, **{key: getattr(last, key) for key in same})
        return replace(status, findings=judge(status, thresholds)) if status.status == COMPARED else status
    for earlier in _candidates(lake, version, source, last):
        shared = here.shared_with(watched.columns_of(lake.columns(earlier.table, earlier.version)))
        try:
            if last is None and content_of(_reader(lake, earlier), shared) == content:
                continue
            measured = compare(_reader(lake, earlier), read, shared)
        except FileNotFoundError:  # retention removed its files
            continue
        return replace(
            status,
            status=COMPARED,
            earlier=Earlier(earlier.version, earlier.id, earlier.counts.rows, earlier.published_at),
            features=measured.features,
            classes=measured.classes,
            words=measured.words,
            findings=judge(measured, thresholds),
        )
    if last is None:
        return status
    status = replace(status, status=LOST)
    # an open drift stays open, because it cannot be measured again
    return replace(status, earlier=last.earlier, findings=last.findings) if last.is_open else status


def source_of(lake: Lake, version: TableVersion) -> str:
    """The source of a version; for a computed table, the source of the table it was first computed from."""
    derived = re.match(r"(\w+) version (\d+)", version.source)
    origin = lake.find(derived[1], int(derived[2])) if derived else None
    return source_of(lake, origin) if origin else lake.home.short(version.source)


def _candidates(
    lake: Lake, version: TableVersion, source: str, last: DriftStatus | None
) -> Iterator[TableVersion]:
    """Versions to compare with, in order of preference."""
    if last is None:
        for earlier in lake.versions(version.table):
            is_older = earlier.version < version.version and earlier.counts.rows
            if is_older and source_of(lake, earlier) == source:
                yield earlier
        return
    reference: DriftStatus | Earlier | None = last.earlier if last.is_open else last
    try:
        found = lake.find(version.table, reference.version) if reference else None
    except GenrelabError:
        return
    if found and reference and found.id == reference.id:
        yield found


def _reader(lake: Lake, version: TableVersion) -> "Read":
    return lambda names: lake.read(version.table, list(names), version.version)


def _row(status: DriftStatus) -> dict[str, object]:
    return {
        "table": status.table,
        "version": status.version,
        "against": status.earlier.version if status.earlier else "nothing to compare",
        "largest PSI": _largest(status),
        "drift": "; ".join(one.says for one in status.findings),
        "accepted": status.accepted.reason if status.accepted else "",
    }


def _largest(status: DriftStatus) -> str:
    return " ".join(f"PSI of {one.feature} {one.psi:.3f}" for one in status.features[:1])


def _message(found: Sequence[DriftStatus]) -> str:
    """One line: first the tables that drifted, then those that did not, then those with no previous version."""
    drifted, stable, first = [], [], []
    for one in found:
        if one.status == COMPARED and one.earlier and one.findings:
            state = "accepted" if one.accepted else "DRIFTED"
            versions = f"version {one.version} against {one.earlier.version}"
            drifted.append(f"{one.table} {state}, {versions}: {in_words(one.findings)}")
        elif one.status == COMPARED:
            stable.append(f"{one.table} ({_largest(one)})")
        else:
            first.append(one.table)
    parts = [*drifted]
    parts += [f"no drift in {', '.join(stable)}"] if stable else []
    parts += [f"nothing to compare yet in {', '.join(first)}"] if first else []
    return "; ".join(parts) or "the tables have no rows"
