"""Samples: the rows that a study works on where all of them would take too long.

A study that describes (the forests of the rule audit, clusters, distributions by genre, learning curves) needs no more
than `MOST_ROWS` rows: the standard error of a share is below a quarter of a per cent then, and its time no longer grows
with the table. Its result says how many rows of how many it is based on; counts that cost little are of all rows.

Conventions
    - The same seed gives the same sample; positions are in order; a table that is small enough is taken whole.
    - Where artists matter (a part of them is held out), whole artists are drawn. A row without an artist counts as
      an artist of its own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genrelab.lake.stored_rows import StoredRows
from genrelab.sources.codes import MISSING, row_hashes

IntArray = npt.NDArray[np.int64]

MOST_ROWS = 50_000
"""Rows that a describing study works on at most."""


def sample_rows(rows: int, seed: int, most: int = MOST_ROWS) -> IntArray:
    """Positions of `most` of so many rows, in order; of all of them where there are no more.

    >>> sample_rows(3, seed=1).tolist()
    [0, 1, 2]
    """
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def sample_groups(rows: IntArray, groups: npt.NDArray[Any], most: int, seed: int) -> IntArray:
    """Rows of randomly drawn whole groups, at most `most` of them (but one group at least), in order.

    A group that is larger than `most` is drawn only where every other is too.

    Args:
        rows: The rows to draw from, as positions in `groups`.
        groups: Group of every row.
        most: Rows drawn at most.
        seed: Seed of the draw.
    """
    if len(rows) <= most:
        return rows
    return np.sort(rows[_drawn(group_codes(groups[rows]), most, seed)])


def _drawn(codes: npt.NDArray[Any], most: int, seed: int) -> npt.NDArray[np.bool_]:
    """Mark the rows of the groups that are drawn, by the number of each row's group."""
    drawn = np.argsort(np.random.default_rng(seed).permutation(codes.max() + 1))
    sizes = np.bincount(codes)[drawn]
    is_large = sizes > most
    drawn, sizes = (np.concatenate([each[~is_large], each[is_large]]) for each in (drawn, sizes))
    fitting = max(int((np.cumsum(sizes) <= most).sum()), 1)
    is_drawn = np.zeros(len(drawn), dtype=bool)
    is_drawn[drawn[:fitting]] = True
    return np.asarray(is_drawn[codes])


def read_sample(
    rows: StoredRows, columns: Sequence[str], group: str, most: int, seed: int
) -> tuple[pa.Table, str]:
    """Read the rows of artists drawn at random, at most `most` of them; all rows where there are no more.

    Args:
        rows: The rows of a table; they are read in batches, so that only the sample is held.
        columns: Names of the columns to read.
        group: Column that names the artist.
        most: Rows drawn at most; 0 for all.
        seed: Seed of the draw.

    Returns:
        The rows, in their order, and what sample they are, in words; empty where all were read.
    """
    if not 0 < most < len(rows):
        return rows.select(columns), ""
    hashes = row_hashes(rows, [group])
    codes = pd.factorize(hashes)[0]
    if (has_none := hashes == MISSING).any():
        codes = group_codes(np.where(has_none, np.nan, codes))
    del hashes, has_none
    found = pa.concat_tables(rows.filtered(_drawn(codes, most, seed), columns))
    return found, in_words(len(found), len(rows), "rows")


def in_words(rows: int, of: int, what: str = "tracks") -> str:
    """What a study is based on, to follow "on", "of" or "for".

    >>> in_words(38_535, 38_535)
    '38,535 tracks'
    >>> in_words(50_000, 385_350)
    'a sample of 50,000 of 385,350 tracks, seeded'
    """
    return f"a sample of {rows:,} of {of:,} {what}, seeded" if rows < of else f"{rows:,} {what}"


def group_codes(groups: npt.NDArray[Any]) -> IntArray:
    """Number of the group of each row, from 0; a row without a group has a number of its own.

    >>> group_codes(np.array(["a", None, "b", None, "a"], dtype=object)).tolist()
    [0, 2, 1, 3, 0]
    """
    codes = pd.factorize(groups)[0].astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes
