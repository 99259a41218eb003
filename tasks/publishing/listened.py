"""Publishes the table `listened`; without Prefect, so that `genrelab listen` starts fast."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from genrelab.audio.extract import Extracted
from genrelab.audio.listening import Heard, champions_for_audio, listen, merged, without
from genrelab.audio.recipes import ONE_GENRE, SEVERAL_GENRES
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.runtime import progress
from genrelab.runtime.home import Home
from genrelab.serving.description import ChampionDescription
from genrelab.tables.listened import LISTENED
from tasks.training.bundles import compile_if_old

CHANGES = ("path", "champion", "model_version", "digest", "problem", "genre", "probability", "answered_by")


def stored(home: Home) -> pa.Table | None:
    """Return the newest version of `listened`, or None if it was never published."""
    lake = Lake(home)
    return lake.read(LISTENED.name) if lake.find(LISTENED.name) else None


def publish_listened(
    home: Home, rows: pa.Table, asked: Sequence[ChampionDescription], searched: Sequence[Path]
) -> TableVersion:
    """Publish rows with those of other places, unless nothing has changed; return the version.

    Args:
        home: The home.
        rows: Rows of this run.
        asked: The champions that judged them.
        searched: The files and folders of this run.

    Raises:
        RefusedError: The rows break the suite of the table.
    """
    lake, earlier = Lake(home), stored(home)
    table = merged(earlier, rows, searched)
    if earlier is not None and _shown(earlier) == _shown(table):
        return lake.current(LISTENED.name)
    return _publish(lake, table, asked)


def hear(
    home: Home, files: Sequence[Path], unusable: Sequence[Extracted], cores: int
) -> tuple[list[Heard], tuple[ChampionDescription, ...]]:
    """Return what the champions say of files, with progress, and the champions that were asked.

    Args:
        home: Its champions are compiled first where that is necessary; stored answers are used again.
        files: The files.
        unusable: What cannot be used; it comes last.
        cores: Processes that compute features.

    Raises:
        GenrelabError: No champion can judge audio.
    """
    compile_if_old(home, (ONE_GENRE, SEVERAL_GENRES))
    asked = champions_for_audio(home)
    with progress.track("listening", len(files), "files") as advance:
        heard = listen(home, files, asked, stored(home), cores, lambda done, _: advance(done, ""))
    return heard + [Heard(each) for each in unusable], asked


def out_of_reach(home: Home) -> int:
    """Return how many files of the table are not there now; the disk that holds them may not be connected."""
    table = stored(home)
    return 0 if table is None else sum(not os.path.lexists(path) for path in set(table["path"].to_pylist()))


def forget(home: Home, places: Sequence[Path]) -> int:
    """Publish the table without the rows of files, and of files below folders; return how many files left.

    Raises:
        RefusedError: The rows break the suite of the table.
    """
    earlier = stored(home)
    if earlier is None:
        return 0
    kept = without(earlier, places)
    if len(kept) < len(earlier):
        _publish(Lake(home), kept, champions_for_audio(home))
    return len(set(earlier["path"].to_pylist()) - set(kept["path"].to_pylist()))


def _publish(lake: Lake, table: pa.Table, asked: Sequence[ChampionDescription]) -> TableVersion:
    from tasks.publishing.audit import PublishContext  # noqa: PLC0415 - the suite takes seconds to import
    from tasks.publishing.publish import publish_derived, publish_empty  # noqa: PLC0415 - as above

    tables = dict.fromkeys(each.table for each in asked)
    made_from = [lake.current(each) for each in tables if lake.find(each)]
    if not len(table):
        context = PublishContext.of_derived(lake.home, made_from, None)
        return publish_empty(lake, LISTENED, context, "no file is known any more")
    return publish_derived(lake, LISTENED, table, made_from)


def _shown(table: pa.Table) -> list[tuple[Any, ...]]:
    """What makes two tables the same: all but the time."""
    return sorted((tuple(row.get(name) for name in CHANGES) for row in table.to_pylist()), key=repr)
