"""Checks that the ids of a file are FMA's, not row numbers that another program wrote instead.

Conventions: FMA's ids have gaps from the start (2, 3, 5, 10, 20, 26, ...): 106,574 of the numbers up to 155,320.
`track_ids.bin` lists them (`tools/fma_track_ids.py`). Ids are compared as sets, so their order does not matter. Genre
ids are checked by their roots. Other tables are not checked: albums may be numbered without gaps.
"""

import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.runtime.errors import SourceError

KEY = "track_id"
FEWEST = 20
"""Fewest ids of a column without a name: a few row numbers may all be ids by chance."""
FEWEST_ROWS = 3
DENSE = 0.8
"""Share of the numbers up to the largest id, from which ids are row numbers; FMA's own share is 0.69."""
PROVEN, DOUBTFUL = 0.99, 0.9
"""Shares of FMA's ids: a column without a name needs the first; below the second a named column gets a caveat."""
FEW_JOIN = 0.5
NO_PARENT = 0
MOST_STRANGE = 0.1
"""Share of the roots of genres.csv; FMA has no such root, and of its row numbers from 1 many are ids by chance."""
SHOWN = 5


@cache
def _is_known() -> np.ndarray:
    """Return for each number from 0 on whether it is the id of a track."""
    packed = zlib.decompress(Path(__file__).with_name("track_ids.bin").read_bytes())
    return np.unpackbits(np.frombuffer(packed, np.uint8)).astype(bool)


def known_ids() -> np.ndarray:
    """Return the ids of all tracks of the official tracks.csv, in order."""
    return np.flatnonzero(_is_known())


def judge_ids(ids: np.ndarray, source: str, name: str | None) -> tuple[str, ...]:
    """Check that a column holds FMA's track ids, and return caveats.

    Args:
        ids: Its values without missing ones.
        source: File, for messages.
        name: Name of the column in the file; None if it has no meaningful name.

    Returns:
        Caveats.

    Raises:
        SourceError: They are row numbers, or the column has no name and they are not FMA's ids.
    """
    found = np.unique(ids)
    if not len(found):
        return ()
    shown = ", ".join(map(str, found[:SHOWN])) + (", ..." if len(found) > SHOWN else "")
    allowed = "FMA's track ids, which have gaps (2, 3, 5, 10, ...), in a column named track_id"
    if len(found) >= FEWEST_ROWS and found[0] >= 0 and len(found) >= DENSE * found[-1]:
        raise SourceError(
            f"the ids of {source} are row numbers, not track ids",
            found=f"{shown} to {found[-1]} in {name or 'a first column without a name'}",
            allowed=allowed,
            do=_DO,
        )
    judged = found[(found >= 0) & (found < len(_is_known()))]
    known = int(_is_known()[judged].sum())
    if name is None and (len(found) < FEWEST or known < PROVEN * len(found)):
        raise SourceError(
            f"the first column of {source} is not named track_id, and its values are not clearly FMA's track ids",
            found=f"{shown}: {known:,} of {len(found):,} are ids of FMA's tracks",
            allowed=allowed,
            do=_DO,
        )
    if name is None:
        return (
            f"the first column of {source} has no name; its values are FMA's ids and are read as track_id",
        )
    if known >= DOUBTFUL * len(judged):
        return ()
    strange = f"{len(judged) - known:,} of {len(found):,} track ids of {source}"
    return (f"{strange} are not among FMA's {len(known_ids()):,}: they may be row numbers",)


_DO = "save the file with its ids: `frame.rename_axis('track_id').to_csv(path)` while the index still holds them"


def refuse_nameless(source: str, key: str) -> None:
    """Raise the error for a first column without a name whose values cannot be checked.

    Raises:
        SourceError: Always.
    """
    raise SourceError(
        f"the first column of {source} is not named {key} and may hold row numbers",
        allowed=f"a column named {key}",
        do=f"save the file with its ids: `frame.rename_axis('{key}').to_csv(path)` while the index still holds them",
    )


def judge_genre_ids(genres: pa.Table, source: str) -> None:
    """Check that the genre ids agree with parents and roots: a genre without a parent is its own root.

    Args:
        genres: Rows of `fma_genres`.
        source: File, for messages.

    Raises:
        SourceError: Genres without a parent have another genre as their root, so tracks would get wrong genres.
    """
    roots = genres.filter(pc.equal(genres["parent_id"], NO_PARENT))
    strange = roots.filter(pc.not_equal(roots["top_level_id"], roots["genre_id"]))
    if len(strange) <= MOST_STRANGE * len(roots):
        return
    row = strange.slice(0, 1).to_pylist()[0]
    raise SourceError(
        f"the ids of {source} are not genre ids; they may be row numbers",
        found=f"{len(strange):,} of {len(roots):,} genres without a parent have another genre as their root, such as "
        f"{row['title']}: genre_id {row['genre_id']}, top_level {row['top_level_id']}",
        allowed="a genre without a parent has its own id as top_level",
        do="save the file with its ids: `frame.rename_axis('genre_id').to_csv(path)` while the index still holds them",
    )


def judge_joins(ids: np.ndarray, track_ids: np.ndarray, source: str) -> tuple[str, ...]:
    """Check that a table is about the tracks of tracks.csv.

    Args:
        ids: Its track ids.
        track_ids: The track ids of tracks.csv.
        source: File, for messages.

    Returns:
        A caveat if most ids have no track in tracks.csv.

    Raises:
        SourceError: No id is in both files.
    """
    if not len(ids) or not len(track_ids):
        return ()
    shared, fewer = len(np.intersect1d(ids, track_ids)), min(len(ids), len(track_ids))
    if not shared:
        examples = [", ".join(map(str, np.sort(one)[:SHOWN])) for one in (ids, track_ids)]
        raise SourceError(
            f"{source} and tracks.csv share no track",
            found=f"track_id {examples[0]} ... and {examples[1]} ...",
            allowed="files about the same tracks",
            do="check which file was saved with row numbers instead of ids, or belongs to another archive",
        )
    if shared < FEW_JOIN * fewer:
        return (f"only {shared:,} of the {len(ids):,} tracks of {source} are in tracks.csv",)
    return ()
