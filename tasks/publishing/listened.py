"""Publishes the table `listened`; without Prefect, so that `genrelab listen` starts fast."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from genrelab.audio.listening import merged
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.runtime.home import Home
from genrelab.serving.description import ChampionDescription
from genrelab.tables.listened import LISTENED

CHANGES = ("path", "champion", "model_version", "digest", "problem", "genre", "probability")


def stored(home: Home) -> pa.Table | None:
    """Return the newest version of `listened`, or None if it was never published."""
    lake = Lake(home)
    return lake.read(LISTENED.name) if lake.find(LISTENED.name) else None


def publish_listened(home: Home, rows: pa.Table, asked: Sequence[ChampionDescription]) -> TableVersion:
    """Publish rows with those of other files that are still there, unless nothing has changed; return the version.

    Args:
        home: The home.
        rows: Rows of this run.
        asked: The champions that judged them.

    Raises:
        RefusedError: The rows break the suite of the table.
    """
    lake, earlier = Lake(home), stored(home)
    table = merged(earlier, rows)
    if earlier is not None and _shown(earlier) == _shown(table):
        return lake.current(LISTENED.name)
    from tasks.publishing.publish import publish_derived  # noqa: PLC0415 - the suite takes seconds to import

    tables = dict.fromkeys(each.table for each in asked)
    return publish_derived(lake, LISTENED, table, [lake.current(each) for each in tables if lake.find(each)])


def _shown(table: pa.Table) -> list[tuple[Any, ...]]:
    """What makes two tables the same: all but the time."""
    return sorted((tuple(row.values()) for row in table.select(CHANGES).to_pylist()), key=repr)
