"""The work of `tasks.publishing.ingest_fma`, which a skipped step does not import: read FMA metadata."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from prefect import State, task

from genrelab.analyses.class_balance.counts import count_fma
from genrelab.lake.ingested import Ingested
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.lake.waivers import waived_rules
from genrelab.runtime import progress
from genrelab.runtime.errors import RefusedError, SourceError
from genrelab.runtime.records import encode
from genrelab.runtime.settings import SAMPLE, Settings
from genrelab.sources.fma import (
    Archive,
    Staged,
    download,
    judge_joins,
    open_archive,
    raw_member,
    read_genres,
    read_raw,
    read_tracks,
    stage_echonest,
    stage_features,
    stage_raw_echonest,
    write_sample,
)
from genrelab.sources.fma.download import BrokenOffError
from genrelab.tables import TABLES
from genrelab.tables.fma_raw import RAW_TABLES
from tasks.publishing.audit import PublishContext
from tasks.publishing.ingest_fma import DOWNLOAD, NEEDED
from tasks.publishing.publish import audit_and_publish, audit_and_publish_staged, publish_empty
from tasks.publishing.work_ingest import published
from tasks.run.step import Outcome

Stage = Callable[[Archive, Path, Collection[str]], Staged]
PAUSES = [2.0, 10.0, 30.0, 60.0, 120.0]
"""Seconds to wait before each retry of an interrupted download."""


def ingest_archive(settings: Settings) -> Outcome:
    """Publish every table that the source has."""
    archive = open_archive(_fetch(settings), is_download=settings.fma == DOWNLOAD)
    lake = Lake(settings.home)
    versions = _publish_all(lake, archive, settings)
    tracks = lake.read("fma_tracks", ["split", "subset", "genre_top"])
    return published(*versions, facts=encode(count_fma(tracks)))


def _fetch(settings: Settings) -> Path:
    """Return the path of the archive; create the sample or download it first, if configured."""
    if settings.fma == SAMPLE:
        folder = settings.home.raw / "sample" / "fma"
        write_sample(folder, seed=settings.seed)
        return folder
    if settings.fma == DOWNLOAD:
        return Path(download_archive(settings.home.raw / "fma" / "fma_metadata.zip"))
    return Path(settings.fma)


def _has_broken_off(_task: object, _run: object, state: State[Path]) -> bool:
    """Whether a retry may help; it does not after a refusal or a wrong checksum."""
    try:
        state.result()
    except BrokenOffError as error:
        progress.say(f"{error.what}: {error.found}")
        return True
    except Exception:  # noqa: BLE001 - the task raises it itself
        return False
    return False


@task(retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=_has_broken_off)
def download_archive(target: Path) -> Path:
    """Download the official archive; an interrupted download is resumed."""
    return download(target)


def _publish_all(lake: Lake, archive: Archive, settings: Settings) -> list[TableVersion]:
    """Publish every table that the source has, and empty those that only an earlier source had."""
    context = PublishContext.of_source(
        settings, settings.home.short(settings.fma), is_sample=settings.fma == SAMPLE
    )
    narrow: dict[str, tuple[str, Callable[[Archive], Ingested]]] = {
        "fma_genres": ("genres.csv", read_genres),
        "fma_tracks": ("tracks.csv", read_tracks),
        **{name: (raw_member(name), partial(read_raw, name=name)) for name in RAW_TABLES},
    }
    wide: dict[str, tuple[str, Stage]] = {
        "fma_echonest": ("echonest.csv", stage_echonest),
        "fma_features": ("features.csv", stage_features),
        "fma_raw_echonest": ("raw_echonest.csv", stage_raw_echonest),
    }

    def publish_rows(name: str, read: Callable[[Archive], Ingested]) -> TableVersion:
        return audit_and_publish(lake, TABLES[name], read(archive), context)

    def publish_staged(name: str, stage: Stage) -> TableVersion:
        staged = stage(archive, lake.staging(name), waived_rules(lake.home, name, context.source))
        return audit_and_publish_staged(lake, _compared(lake, staged, versions), context)

    work = [(name, member, partial(publish_rows, name, read)) for name, (member, read) in narrow.items()]
    work += [(name, member, partial(publish_staged, name, stage)) for name, (member, stage) in wide.items()]
    versions: list[TableVersion] = []
    refused: list[RefusedError | SourceError] = []
    for name, member, publish in work:
        try:
            if member in archive:
                versions.append(publish())
            elif name in NEEDED or lake.find(name):
                note = f"the source has no {member}, so the table is empty"
                versions.append(publish_empty(lake, TABLES[name], context, note))
        except (RefusedError, SourceError) as error:  # the other tables are not affected
            refused.append(error)
    if refused:
        raise _all_in_one(refused, versions)
    return versions


def _compared(lake: Lake, staged: Staged, versions: list[TableVersion]) -> Staged:
    """Return the staged table, with a caveat if few of its tracks are in fma_tracks of the same archive.

    Raises:
        SourceError: None of its tracks is.
    """
    if "fma_tracks" not in [version.table for version in versions]:
        return staged  # tracks of another archive cannot be compared
    track_ids = np.asarray(lake.read("fma_tracks", ["track_id"])["track_id"])
    try:
        caveats = judge_joins(staged.track_ids, track_ids, staged.table.name)
    except SourceError:
        staged.discard()
        raise
    return replace(staged, caveats=(*staged.caveats, *caveats))


def _all_in_one(
    refused: list[RefusedError | SourceError], versions: list[TableVersion]
) -> RefusedError | SourceError:
    """Return one error for all refused tables, which says that the others were published."""
    refused = list(
        {str(error): error for error in refused}.values()
    )  # a damaged archive gives the same error for each table
    if not versions and len(refused) == 1:
        return refused[0]
    done = ", ".join(version.table for version in versions)
    return RefusedError(
        "; ".join(error.what for error in refused),
        found="; ".join(error.found for error in refused) + (f"; published: {done}" if done else ""),
        allowed="; ".join(error.allowed for error in refused if error.allowed),
        do="; ".join(error.do for error in refused),
    )
