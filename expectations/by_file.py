"""Check the columns of a table file by file: a fault of one pull disappears among the rows of all others.

Conventions: `source` names the file of a row. A column of a file is checked if it has at least `FEWEST` values there
and some elsewhere. So scrapes (an artist per source) and tables of one file (all of FMA) are not checked. Findings are
warnings: the file may hold other music.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.validation_records import WARNING

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FILES = "files"
"""What the names of these rules begin with, before the colon."""

FEWEST = 100
"""Values of a column in a file, from which on their distribution means something: of 100 random tracks, 1 in 40,000
files would have the commonest time signature alone."""

DIFFERENT = 0.2
"""Kolmogorov-Smirnov distance from which on a distribution differs strongly.

Random files of 100 rows exceed it once in 2,000 columns. In the capstone project's pulls, whose files hold artists in
the order of the alphabet, the largest of all distances below it is 0.15.
"""


@dataclass(frozen=True)
class FileColumn:
    """A column in one file, compared with the rest of the table.

    Args:
        source: The file.
        column: The column.
        rows: Rows of the file that have a value.
        low: Smallest of these values.
        high: Largest of them.
        median: Their median.
        elsewhere: Median of the values of all other files; None unless the distance is above `DIFFERENT`.
        distance: Largest difference of the two cumulative distributions (Kolmogorov-Smirnov), 0 to 1: it depends on the
            order of the values alone, so neither a unit nor an outlier changes it.
    """

    source: str
    column: str
    rows: int
    low: float
    high: float
    median: float
    elsewhere: float | None
    distance: float


@dataclass(frozen=True)
class FileRule:
    """A check of columns file by file that a person wrote.

    Args:
        rule: Name, `files: <what must hold>`.
        reason: Why.
        columns: Columns of numbers; those that a table lacks are skipped.
        finding: Returns what is wrong with a column of a file, in words; empty if nothing is.
    """

    rule: str
    reason: str
    columns: tuple[str, ...]
    finding: Callable[[FileColumn], str]
    severity: str = WARNING


def constant(seen: FileColumn) -> str:
    """Name the value if a file has one only."""
    return f"{seen.column} is {seen.low:g} in all {seen.rows:,} rows" if seen.low == seen.high else ""


def different(seen: FileColumn) -> str:
    """Name the medians if the values of a file are distributed differently; a constant is reported as such."""
    if seen.low == seen.high or seen.distance <= DIFFERENT:
        return ""
    return (
        f"{seen.column} differs by {seen.distance:.2f}: median {seen.median:g} in {seen.rows:,} rows, "
        f"{seen.elsewhere:g} in all others"
    )


def file_columns(data: pa.Table, columns: Sequence[str]) -> Iterator[FileColumn]:
    """Yield each column of each file that can be compared, the most distant first.

    Args:
        data: Rows with `source`.
        columns: Columns of numbers.
    """
    encoded = data["source"].combine_chunks().dictionary_encode()
    names, files = (
        encoded.dictionary.to_pylist(),
        np.asarray(pc.fill_null(encoded.indices, -1)).astype(np.int64),
    )
    found = []
    for column in columns:
        values = data[column].to_numpy(zero_copy_only=False).astype(np.float64)
        known = np.isfinite(values) & (files >= 0)
        own, own_files = values[known], files[known]
        order = np.lexsort((own, own_files))
        sizes = np.bincount(own_files, minlength=len(names))
        distances = _distances(own[order], own_files[order], sizes)
        for file, inside in enumerate(np.split(own[order], np.cumsum(sizes)[:-1])):
            if not FEWEST <= len(inside) < len(own):
                continue
            is_different = distances[file] > DIFFERENT
            found.append(
                FileColumn(
                    source=names[file],
                    column=column,
                    rows=len(inside),
                    low=float(inside[0]),
                    high=float(inside[-1]),
                    median=float(np.median(inside)),
                    elsewhere=float(np.median(own[own_files != file])) if is_different else None,
                    distance=float(distances[file]),
                )
            )
    yield from sorted(found, key=lambda one: -one.distance)


def findings(rules: Sequence[FileRule], data: pa.Table) -> tuple[list[FileColumn], pd.DataFrame]:
    """Return the columns of files that were compared, and what each rule finds wrong with them.

    Args:
        rules: The checks.
        data: Rows; without `source`, nothing is compared.

    Returns:
        The columns; and a frame with a row for each of them and a column `rule_0`, `rule_1`, ... of text for each rule,
        missing where nothing is wrong.
    """
    names = dict.fromkeys(name for rule in rules for name in rule.columns if name in data.column_names)
    seen = list(file_columns(data, list(names))) if names and "source" in data.column_names else []
    found = {
        f"rule_{number}": [(rule.finding(one) if one.column in rule.columns else "") or None for one in seen]
        for number, rule in enumerate(rules)
    }
    return seen, pd.DataFrame(found, dtype=object)


def _distances(values: FloatArray, files: IntArray, sizes: IntArray) -> FloatArray:
    """Distance of each file's values from those of all others, shape (files,).

    Args:
        values: The values in the order of the files and, within a file, of their size.
        files: Number of the file of each.
        sizes: Number of values of each file.
    """
    of_all, apart = np.sort(values), np.zeros(len(sizes))
    place = np.arange(len(values)) - (np.cumsum(sizes) - sizes)[files]
    is_first = np.ones(len(values), dtype=bool)
    is_first[1:] = (np.diff(values) != 0) | (np.diff(files) != 0)
    is_last = np.append(is_first[1:], np.ones(min(len(values), 1), dtype=bool))
    below, up_to = np.searchsorted(of_all, values, "left"), np.searchsorted(of_all, values, "right")
    for at, own, others in ((is_first, place, below), (is_last, place + 1, up_to)):
        differences = np.abs(own[at] / sizes[files[at]] - others[at] / len(values))
        np.maximum.at(apart, files[at], differences)
    return apart * len(values) / np.maximum(len(values) - sizes, 1)
