"""Predictions that changed between two runs, with track names; computed once for two versions of the table, and kept.

A file in `data/state/runs/flips/` is named by the two versions. Where a version was removed from the lake before the
predictions were compared, there is nothing to say.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genrelab.analyses.run_history.changes import MOST_NAMED
from genrelab.analyses.run_history.result import Flip, RunRecord
from genrelab.lake.lake import Lake
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, write_atomically
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode

if TYPE_CHECKING:
    import pandas as pd

TABLE = "predictions"
FOLDER = "runs/flips"
KEY = ["task", "source_table", "track_id"]
NAMES = {"spotify_binned": ("track_name", "artist_name"), "fma_tracks": ("track_title", "artist_name")}
"""Columns of a track's title and artist, by table."""


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


def compare(lake: Lake, before: int, after: int) -> Flips:
    """Compare two versions of the predictions.

    Args:
        lake: The lake.
        before: The earlier version.
        after: The later version.

    Raises:
        GenrelabError: A version does not exist.
        OSError: Its files were removed.
    """
    both = _genres(lake, before).merge(_genres(lake, after), on=KEY, suffixes=("_before", "_after"))
    both = both.dropna(subset=["genre_before", "genre_after"])
    both = both[both["genre_before"] != both["genre_after"]].sort_values(
        ["probability_after", *KEY], ascending=[False, True, True, True]
    )
    counts = {str(task): int(count) for task, count in both["task"].value_counts(sort=False).items()}
    named = both.head(MOST_NAMED)
    names = {
        str(table): _names(lake, str(table), set(rows["track_id"]))
        for table, rows in named.groupby("source_table")
    }
    columns = (named[column].astype(str) for column in (*KEY, "genre_before", "genre_after"))
    return Flips(
        counts,
        tuple(
            Flip(task, key, *names[table].get(key, (f"track {key}", "")), old, new)
            for task, table, key, old, new in zip(*columns, strict=True)
        ),
    )


def _genres(lake: Lake, version: int) -> "pd.DataFrame":
    """The genre of each prediction, or its genres where several are named."""
    present = lake.columns(TABLE, version)
    wanted = [*KEY, "genre", "probability", *(["all_genres"] if "all_genres" in present else [])]
    frame: pd.DataFrame = lake.read(TABLE, wanted, version).to_pandas().drop_duplicates(KEY)
    if "all_genres" in frame:
        several = frame.pop("all_genres").map(_titles, na_action="ignore")
        frame["genre"] = frame["genre"].fillna(several)
    return frame


def _titles(genres: object) -> str:
    """The titles of several genres, in the order of the alphabet."""
    found: list[dict[str, str]] = list(genres)  # type: ignore[call-overload] # a list of structs, from Arrow
    return ", ".join(sorted(genre["genre"] for genre in found)) or "no genre"


def _names(lake: Lake, table: str, ids: set[str]) -> dict[str, tuple[str, str]]:
    """Title and artist of tracks, by id; of tracks that the newest version of their table still holds."""
    version = lake.find(table)
    columns = ["track_id", *NAMES.get(table, ())]
    if version is None or not set(columns) <= set(lake.columns(table, version.version)):
        return {}
    rows = lake.read(table, columns).to_pydict()
    return {
        str(key): (str(track or f"track {key}"), str(artist or ""))
        for key, track, artist in zip(*(rows[column] for column in columns), strict=True)
        if str(key) in ids
    }
