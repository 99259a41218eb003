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
import pyarrow.compute as pc

from genrelab.lake.stored_rows import Rows, batches_of, numbers_of
from genrelab.lake.validation_records import WARNING

FloatArray = npt.NDArray[np.float64]

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
        elsewhere: Median of the values of all other files; None unless the distance is above `DIFFERENT` and they have
            `FEWEST` of them.
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
    if seen.low == seen.high or seen.elsewhere is None:
        return ""
    return (
        f"{seen.column} differs by {seen.distance:.2f}: median {seen.median:g} in {seen.rows:,} rows, "
        f"{seen.elsewhere:g} in all others"
    )


def file_columns(data: Rows, columns: Sequence[str]) -> Iterator[FileColumn]:
    """Yield each column of each file that can be compared, the most distant first.

    Args:
        data: Rows with `source`.
        columns: Columns of numbers.
    """
    names, files = _files(data)
    if len(names) <= 1:
        return
    found = []
    for column in columns:
        values = numbers_of(data, column)
        known = np.isfinite(values) & (files >= 0)
        order = np.argsort(files[known], kind="stable")
        sizes = np.bincount(files[known], minlength=len(names))
        own = values[known][order]
        del values, order
        of_all, ends = np.sort(own), np.cumsum(sizes)
        for file in np.flatnonzero((sizes >= FEWEST) & (sizes < len(own))):
            start, end = ends[file] - sizes[file], ends[file]
            inside = np.sort(own[start:end])
            others = (own[:start], own[end:])
            distance = _distance(inside, of_all)
            differs = distance > DIFFERENT and len(own) - len(inside) >= FEWEST
            found.append(
                FileColumn(
                    source=names[file],
                    column=column,
                    rows=len(inside),
                    low=float(inside[0]),
                    high=float(inside[-1]),
                    median=float(np.median(inside)),
                    elsewhere=float(np.median(np.concatenate(others))) if differs else None,
                    distance=distance,
                )
            )
    yield from sorted(found, key=lambda one: -one.distance)


def _files(data: Rows) -> tuple[list[str], npt.NDArray[np.int32]]:
    """The names of the files in the order in which they come, and the number of that of each row; -1 for none."""
    known: dict[str, int] = {}
    files, start = np.empty(len(data), dtype=np.int32), 0
    for part in batches_of(data, ["source"]):
        encoded = part["source"].combine_chunks().dictionary_encode()
        of_part = [known.setdefault(name, len(known)) for name in encoded.dictionary.to_pylist()]
        places = np.asarray(pc.fill_null(encoded.indices, len(of_part)))
        files[start : start + len(part)] = np.array([*of_part, -1], dtype=np.int32)[places]
        start += len(part)
    return list(known), files


def findings(rules: Sequence[FileRule], data: Rows) -> tuple[list[FileColumn], pd.DataFrame]:
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


def _distance(values: FloatArray, of_all: FloatArray) -> float:
    """The distance of a file's values from those of all others.

    Args:
        values: The values of the file, in order.
        of_all: Those of all files, in order.
    """
    own, first = np.unique(values, return_index=True)
    last = np.append(first[1:], len(values))
    of_others = np.searchsorted(of_all, own, "left"), np.searchsorted(of_all, own, "right")
    distances = [
        np.abs(up_to / len(values) - others / len(of_all)).max()
        for up_to, others in zip((first, last), of_others, strict=True)
    ]
    return float(max(distances) * len(of_all) / (len(of_all) - len(values)))
