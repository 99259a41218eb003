"""The task that measures drift between versions before training; open drift blocks a new champion.

A version is compared with the last version of the same source that had different content and no open drift, and with
the versions that champions were trained on (`tasks.champion_drift`). `tasks.drift_status` holds the status of tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from prefect import State

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.judge import in_words, judge
from genrelab.analyses.drift.result import (
    COMPARED,
    FIRST,
    LOST,
    Comparison,
    DriftReport,
    DriftStatus,
    Earlier,
    Thresholds,
)
from genrelab.analyses.drift.watched import WATCHED, Watched
from genrelab.lake.lake import Lake
from genrelab.lake.lineage import source_of
from genrelab.lake.version import TableVersion
from genrelab.models.tasks import TASKS
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from tasks.champion_drift import TrainedOn, since_training, trained_on
from tasks.drift_status import accepted_in, read_status, write_status
from tasks.measure_drift import STEP
from tasks.run.artifacts import publish_rows
from tasks.run.step import Outcome, nothing_to_do, refusal, run_step, version_ids
from tasks.tracking.champion_versions import champions_of


def measure_tables(settings: Settings) -> State[None]:
    """Compare the newest version of every table that models read with its last one and those behind champions."""
    home, lake = settings.home, Lake(settings.home)
    thresholds = Thresholds(settings.drift_psi, settings.drift_ks, settings.drift_class_share)
    versions = version_ids(home, *WATCHED)
    if not any(versions.values()):
        return nothing_to_do(home, STEP, "no table that models read has been published")
    try:
        champions = champions_of(home, TASKS)
    except GenrelabError as error:
        return run_step(STEP, home, {}, refusal(error), always=True)
    newest = {table: version for table, version in lake.newest(*WATCHED).items() if version}
    groups = {table: trained_on(lake, version, champions) for table, version in newest.items()}
    identities = {table: [one.identity for one in found] for table, found in groups.items()}
    inputs = {
        **versions,
        "thresholds": vars(thresholds),
        "accepted": accepted_in(home, identities),
        "champions": {
            table: [(one.identity, one.champions) for one in found] for table, found in groups.items()
        },
    }

    def work() -> Outcome:
        found: list[DriftStatus] = []
        with progress.track("measuring drift", len(WATCHED), "tables") as advance:
            for table, watched in WATCHED.items():
                version = lake.find(table)
                if version and version.counts.rows:
                    found.append(measure(lake, version, watched, thresholds, groups.get(table, ())))
                    write_status(home, found[-1])
                advance(1, table)
        rows = [row for one in found for row in _rows(one)]
        publish_rows("drift", rows, "Each table compared with its last version and those behind champions.")
        return Outcome(_message(found), encode(DriftReport(tuple(found), thresholds)))

    return run_step(
        STEP,
        home,
        inputs,
        work,
        holds=DRIFT.fits,
        code=(DRIFT.folder,),
    )


def measure(
    lake: Lake,
    version: TableVersion,
    watched: Watched,
    thresholds: Thresholds,
    groups: Sequence[TrainedOn] = (),
) -> DriftStatus:
    """Compare a version with the last one and those that champions were trained on; return its drift status.

    Args:
        lake: The lake with all versions.
        version: The version to measure.
        watched: The columns of its table that are measured.
        thresholds: The limits above which a measure counts as drift.
        groups: The versions behind champions, from `trained_on`.
    """
    last = read_status(lake.home, version.table, source_of(lake, version))
    status = _since_last(lake, version, watched, thresholds, last)
    return replace(status, champions=since_training(lake, status, last, groups, thresholds))


def _since_last(
    lake: Lake,
    version: TableVersion,
    watched: Watched,
    thresholds: Thresholds,
    last: DriftStatus | None,
) -> DriftStatus:
    compare, content_of = DRIFT.load("compare:compare"), DRIFT.load("compare:content_of")  # imports scipy
    source = source_of(lake, version)
    here = watched.columns_of(lake.columns(version.table, version.version))
    rows = lake.stored(version.table, version.version)
    content = content_of(rows, here)
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
            before = lake.stored(earlier.table, earlier.version)
            if last is None and content_of(before, shared) == content:
                continue
            measured = compare(before, rows, shared)
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


def _rows(status: DriftStatus) -> list[dict[str, object]]:
    return [
        {
            "table": status.table,
            "version": status.version,
            "against": one.against,
            "largest PSI": _largest(one),
            "drift": "; ".join(finding.says for finding in one.findings),
            "accepted": one.accepted.reason if one.accepted else "",
        }
        for one in status.comparisons
    ]


def _largest(status: Comparison) -> str:
    return " ".join(f"PSI of {one.feature} {one.psi:.3f}" for one in status.features[:1])


def _message(found: Sequence[DriftStatus]) -> str:
    """One line: first the tables that drifted, then those that did not, then those with no previous version."""
    drifted, stable, first, lost = [], [], [], []
    for status in found:
        moved = [one for one in status.comparisons if one.findings]
        drifted += [
            f"{status.table} {'accepted' if one.accepted else 'DRIFTED'}, version {status.version} against "
            f"{one.against}: {in_words(one.findings)}"
            for one in moved
        ]
        if status.status != COMPARED:
            first.append(status.table)
        elif not moved:
            stable.append(f"{status.table} ({_largest(status)})")
        lost += [f"{status.table} {one.obstacle}" for one in status.champions if one.obstacle]
    parts = [*drifted]
    parts += [f"no drift in {', '.join(stable)}"] if stable else []
    parts += [f"nothing to compare yet in {', '.join(first)}"] if first else []
    return "; ".join([*parts, *lost]) or "the tables have no rows"
