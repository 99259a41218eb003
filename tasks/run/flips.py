"""Predictions that changed between two runs, with track names; computed once for two versions of the table, and kept.

A file in `data/state/runs/flips/` is named by the two versions. Where a version was removed from the lake before the
predictions were compared, there is nothing to say.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass

from genrelab.analyses.run_history.result import Flip, RunRecord
from genrelab.lake.lake import Lake
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, write_atomically
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode

TABLE = "predictions"
FOLDER = "runs/flips"


@dataclass(frozen=True)
class Flips:
    """Predictions that changed.

    Args:
        counts: How many, by task.
        flips: The most probable of them by the later prediction, at most `MOST_NAMED`.
    """

    counts: Mapping[str, int]
    flips: tuple[Flip, ...]


def flips_between(home: Home, before: RunRecord, after: RunRecord) -> Flips | None:
    """Return the predictions that changed between two runs; None if the table is the same, or cannot be compared.

    Args:
        home: The home.
        before: The earlier run.
        after: The later run.
    """
    earlier, later = before.tables.get(TABLE), after.tables.get(TABLE)
    if earlier is None or later is None or earlier.id == later.id:
        return None
    path = home.state / FOLDER / f"{digest(earlier.id, later.id)}.json.gz"
    try:
        return decode(Flips, json.loads(gzip.decompress(path.read_bytes())))
    except (OSError, EOFError, ValueError):  # not there yet, or damaged
        pass
    from tasks.run.changed_predictions import compare  # noqa: PLC0415 - it imports pandas

    lake = Lake(home)
    if (version := lake.find(TABLE, earlier.version)) is None or version.id != earlier.id:
        return None
    try:
        found = compare(lake, earlier.version, later.version)
    except (GenrelabError, OSError) as error:  # the files of the version were removed
        progress.say(f"{'':<22} the predictions of both runs cannot be compared: {error}")
        return None
    write_atomically(path, gzip.compress(json.dumps(encode(found), ensure_ascii=False).encode(), mtime=0))
    return found
