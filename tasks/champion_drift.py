"""Drift since the champions were trained: a table against the versions behind the champions that read it.

A slow change stays below every limit from one version to the next; against the version that a champion was trained on
it adds up. Conventions: champions that were trained on one version share a comparison, of the columns that they read. A
drift that a person accepts makes the accepted version the one to compare with, until the champion changes.
docs/decisions/0033-drift-since-training.md gives the reasons.

The comparison with the last version does not belong here but in `tasks.drift`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.drift.judge import judge
from genrelab.analyses.drift.result import (
    COMPARED,
    ELSEWHERE,
    LOST,
    ChampionDrift,
    DriftStatus,
    Earlier,
    Measured,
    Thresholds,
)
from genrelab.analyses.drift.watched import WATCHED
from genrelab.lake.lake import Lake
from genrelab.lake.lineage import source_of, table_ids, training_version
from genrelab.lake.version import TableVersion
from genrelab.models.tasks import TASKS
from tasks.tracking.champion_versions import RegisteredChampion, task_of


@dataclass(frozen=True)
class TrainedOn:
    """A version of a table, other than the newest, that champions were trained on.

    Args:
        identity: Its identity, or what the champions' tags say of it.
        version: The version; None if the lake has it no longer.
        champions: Version of each champion, by the name of its registered model.
        columns: The columns of the table that these champions read.
    """

    identity: str
    version: TableVersion | None
    champions: Mapping[str, str]
    columns: frozenset[str] = frozenset()


def trained_on(
    lake: Lake, newest: TableVersion, champions: Iterable[RegisteredChampion]
) -> tuple[TrainedOn, ...]:
    """Return the versions of a table behind the champions that read it; not the newest, which needs no comparison.

    Args:
        lake: The lake.
        newest: The newest version of the table.
        champions: All champions.
    """
    found: dict[str, TrainedOn] = {}
    for champion in champions:
        columns = TASKS[task_of(champion.name)].columns.get(newest.table)
        if columns is None:
            continue
        version = training_version(lake, newest.table, champion.tags, champion.stored_at)
        identity = version.id if version else table_ids(champion.tags).get(newest.table, "")
        if identity == newest.id:
            continue
        before = found.get(identity, TrainedOn(identity, version, {}))
        named = {**before.champions, champion.name: champion.version}
        found[identity] = replace(before, champions=named, columns=before.columns.union(columns))
    return tuple(found.values())


def since_training(
    lake: Lake,
    status: DriftStatus,
    last: DriftStatus | None,
    groups: Sequence[TrainedOn],
    thresholds: Thresholds,
) -> tuple[ChampionDrift, ...]:
    """Compare a version with those that champions were trained on.

    Args:
        lake: The lake with all versions.
        status: The version at hand, already compared with the last one.
        last: The status before, with what was accepted; None if there is none.
        groups: From `trained_on`.
        thresholds: The limits above which a measure counts as drift.
    """
    known = {one.trained_on: one for one in last.champions} if last else {}
    found = []
    for group in groups:
        before = known.get(group.identity)
        is_same = (
            last
            and before
            and last.content == status.content
            and before.champions.keys() == group.champions.keys()
        )
        if before and is_same:
            same = replace(before, champions=group.champions)
            is_compared = same.status == COMPARED
            found.append(replace(same, findings=judge(same, thresholds)) if is_compared else same)
        else:
            found.append(_compare(lake, status, _reference(last, before, group), before, group, thresholds))
    return tuple(found)


def _reference(last: DriftStatus | None, before: ChampionDrift | None, group: TrainedOn) -> Earlier | None:
    """The version to compare with: the accepted one, that of the comparison before, or that of the training."""
    if last and before and before.accepted:
        return Earlier(last.version, last.id, last.rows, last.published_at)
    if before and before.earlier:
        return before.earlier
    one = group.version
    return Earlier(one.version, one.id, one.counts.rows, one.published_at) if one else None


def _compare(
    lake: Lake,
    status: DriftStatus,
    reference: Earlier | None,
    before: ChampionDrift | None,
    group: TrainedOn,
    thresholds: Thresholds,
) -> ChampionDrift:
    lost = ChampionDrift(
        features=(),
        classes=(),
        words=None,
        champions=group.champions,
        trained_on=group.identity,
        status=LOST,
        earlier=None,
        findings=(),
        accepted=None,
    )
    if before and before.is_open:  # it stays open, because it cannot be measured again
        lost = replace(lost, earlier=before.earlier, findings=before.findings)
    found = lake.find(status.table, reference.version) if reference else None
    if found is None or reference is None or found.id != reference.id:
        return lost
    if source_of(lake, found) != status.source:
        return replace(lost, status=ELSEWHERE)
    try:
        measured = _measure(lake, status, reference, group.columns)
    except FileNotFoundError:  # retention removed its files
        return lost
    return replace(
        lost,
        status=COMPARED,
        earlier=reference,
        features=measured.features,
        classes=measured.classes,
        findings=judge(measured, thresholds),
    )


def _measure(lake: Lake, status: DriftStatus, reference: Earlier, columns: Collection[str]) -> Measured:
    """The measures of the columns that the champions read; those of the last version where it is the same."""
    if status.status == COMPARED and status.earlier and status.earlier.id == reference.id:
        features = (one for one in status.features if one.feature in columns)
        classes = (one for one in status.classes if one.column in columns)
        return Measured(tuple(features), tuple(classes), None)
    table, numbers = status.table, (reference.version, status.version)
    there, here = (WATCHED[table].columns_of(lake.columns(table, number)) for number in numbers)
    earlier, later = (lake.stored(table, number) for number in numbers)
    compare = DRIFT.load("compare:compare")  # imports scipy
    measured: Measured = compare(earlier, later, here.shared_with(there).read_by(columns))
    return measured
