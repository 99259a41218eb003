"""Helper columns and numbers of whole tables that the checks of people need.

Conventions: functions take a table and return one value per row; a row without the needed values gets a missing value,
which no expectation checks. The allowed values of a number belong in the suite of its table, with the reason.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import OfTable, PerRow
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.sources.codes import contradict, pair_codes, row_hashes, value_codes

PARTS_JOINED = "\x1f"
MOST_SHOWN = 4
"""Values that contradict each other which an example names."""


def distinct_within(of: str, by: Sequence[str], name: str, most_missing: int = 0) -> PerRow:
    """Count the distinct values of one column among the rows that agree in other columns.

    Rows that lack more than `most_missing` of the columns `by` are skipped; the others are compared with rows that lack
    the same columns. Lists are compared as sets.

    Args:
        of: The column whose values are counted.
        by: The columns that define the groups.
        name: Name of the helper column.
        most_missing: How many columns of `by` a row may lack.
    """

    def compute(data: pa.Table) -> pa.Array:
        missing = _missing(data, by).sum(axis=1)
        group = np.where(missing > most_missing, -1, _codes(data, by))
        both = pair_codes(group + 1, _codes(data, [of]))
        first = np.unique(both, return_index=True)[1]
        counts = np.bincount(group[first][group[first] >= 0], minlength=int(group.max(initial=0)) + 1)
        return pa.array(np.where(group >= 0, counts[group], 0), mask=group < 0)

    def shows(data: pa.Table, position: int) -> str:
        """Return the values that contradict each other in the group of a row."""
        same = np.ones(len(data), dtype=bool)
        for column in by:
            value = data[column][position]
            equal = pc.equal(data[column], value) if value.is_valid else pc.is_null(data[column])
            same &= np.asarray(pc.fill_null(equal, fill_value=False))
        values = data[of].filter(pa.array(same)).to_pylist()
        listed = dict.fromkeys(
            ", ".join(sorted(one)) if isinstance(one, list) else str(one) for one in values
        )
        more = len(listed) - MOST_SHOWN
        return " / ".join([*list(listed)[:MOST_SHOWN], *([f"{more:,} more"] if more > 0 else [])])

    def candidates(rows: Rows) -> npt.NDArray[np.bool_]:
        """Mark the rows whose group has several values; a row that is skipped is in no group."""
        is_compared = np.concatenate(
            [_missing(part, by).sum(axis=1) <= most_missing for part in batches_of(rows, by)]
        )
        return np.asarray(contradict(row_hashes(rows, by), row_hashes(rows, [of])) & is_compared)

    return PerRow(name, (of, *by), compute, shows, by=tuple(by), candidates=candidates)


def missing_of(columns: Sequence[str], name: str, by: str = "") -> PerRow:
    """Count the missing values of a row in some columns; 0 if all are missing.

    Args:
        columns: The columns.
        name: Name of the helper column.
        by: A column that defines groups. A column without values in a whole group was not measured and does not count.
    """

    def learn(rows: Rows) -> Callable[[pa.Table], pa.Array]:
        """Find out which columns have a value in each group."""
        measured: dict[object, npt.NDArray[np.bool_]] = {}
        for part in batches_of(rows, names) if by else ():
            missing = _missing(part, columns)
            for group, of_group in _groups(part[by]):
                has_value = ~missing[of_group].all(axis=0)
                measured[group] = measured.get(group, np.zeros_like(has_value)) | has_value

        def compute(data: pa.Table) -> pa.Array:
            missing = _missing(data, columns)
            has_none = missing.all(axis=1)
            for group, of_group in _groups(data[by]) if by else ():
                missing[of_group] &= measured[group]
            return pa.array(np.where(has_none, 0, missing.sum(axis=1)))

        return compute

    names = (*columns, *([by] if by else []))
    return PerRow(name, names, lambda data: learn(data)(data), learn=learn)


def _missing(data: pa.Table, columns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether each value is missing, shape (rows, columns)."""
    return np.stack([np.asarray(data[column].is_null()) for column in columns], axis=1)


def _groups(column: pa.ChunkedArray) -> Iterator[tuple[object, npt.NDArray[np.bool_]]]:
    """Yield each distinct value of a column, the missing one included, and which rows have it."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    indices = np.asarray(encoded.indices)
    for place, value in enumerate(encoded.dictionary.to_pylist()):
        yield value, indices == place


def present_in_both(one: str, other: str, name: str) -> PerRow:
    """1 if two columns are both present or both missing, else 0."""

    def compute(data: pa.Table) -> pa.Array:
        return pc.cast(pc.equal(data[one].is_valid(), data[other].is_valid()), pa.int64())

    return PerRow(name, (one, other), compute, is_local=True)


def length_of(column: str, name: str) -> PerRow:
    """The number of values in a list."""
    return PerRow(name, (column,), lambda data: pc.list_value_length(data[column]), is_local=True)


def year_of(column: str) -> PerRow:
    """The year of a time."""
    return PerRow(f"year_of_{column}", (column,), lambda data: pc.year(data[column]), is_local=True)


def is_among(value: str, values: str, name: str, field: str = "") -> PerRow:
    """1 if a value is in the list of its row, else 0; missing if either is missing.

    Args:
        value: The column with the value.
        values: The column with the list.
        name: Name of the helper column.
        field: For a list of structs, the field to compare.
    """

    def compute(data: pa.Table) -> pa.Array:
        lists = data[values].combine_chunks()
        rows = pc.list_parent_indices(lists)
        listed = pc.list_flatten(lists)
        wanted = data[value].combine_chunks()
        hits = pc.equal(pc.struct_field(listed, field) if field else listed, wanted.take(rows))
        found = np.zeros(len(data), dtype=np.int64)
        found[np.asarray(rows)[np.asarray(pc.fill_null(hits, fill_value=False))]] = 1
        return pa.array(found, mask=np.asarray(pc.or_(wanted.is_null(), lists.is_null())))

    return PerRow(name, (value, values), compute, is_local=True)


def unknown_to(table: str, column: str, name: str) -> OfTable:
    """Count the values of a column that are not in another table; skipped if that table does not exist."""

    def compute(data: pa.Table, baseline: Baseline) -> float | None:
        known = baseline.read(table)
        if known is None or not len(known):
            return None
        return float(pc.sum(pc.invert(pc.is_in(data[column], known[column].combine_chunks()))).as_py() or 0)

    return OfTable(name, (column,), compute)


def share_of(column: str, value: str, name: str, fewest: int) -> OfTable:
    """The share of rows with a given value in a column; skipped for tables of few rows."""

    def compute(data: pa.Table, _: Baseline) -> float | None:
        if len(data) < fewest:
            return None
        return float(pc.sum(pc.equal(data[column], value)).as_py() or 0) / len(data)

    return OfTable(name, (column,), compute)


def ends_of_shares(column: str, *, largest: bool, name: str, fewest: int) -> OfTable:
    """The share of the largest or smallest class among the rows that have one; skipped for few rows."""

    def compute(data: pa.Table, _: Baseline) -> float | None:
        counts = np.asarray(data[column].drop_null().value_counts().field("counts"))
        if counts.sum() < fewest:
            return None
        return float((counts.max() if largest else counts.min()) / counts.sum())

    return OfTable(name, (column,), compute)


def count_where(columns: Sequence[str], test: Callable[[pa.Table], float], name: str) -> OfTable:
    """A number of the table, without a comparison."""
    return OfTable(name, tuple(columns), lambda data, _: float(test(data)))


def constant_columns(columns: Sequence[str], name: str, fewest: int = 10) -> OfTable:
    """Count the columns that have the same number in all rows; skipped for few rows."""

    def compute(data: Rows, _: Baseline) -> float | None:
        if len(data) < fewest:
            return None
        seen = [
            [pc.min_max(part[column]).as_py() for column in columns] for part in batches_of(data, columns)
        ]
        ends = [
            (pc.min(pa.array([one["min"] for one in each])), pc.max(pa.array([one["max"] for one in each])))
            for each in zip(*seen, strict=True)
        ]
        return float(sum(low.is_valid and low.as_py() == high.as_py() for low, high in ends))

    return OfTable(name, tuple(columns), compute)


def _codes(data: pa.Table, columns: Sequence[str]) -> np.ndarray:
    """A number for each distinct combination of values, a missing one included."""
    codes = np.zeros(len(data), dtype=np.int64)
    for name in columns:
        column = data[name]
        values = value_codes(_as_text(column) if pa.types.is_list(column.type) else column)
        codes = pair_codes(codes, values)
    return codes


def _as_text(lists: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each distinct list as one text, its values in order."""
    encoded = pc.binary_join(
        pc.cast(lists.combine_chunks(), pa.list_(pa.string())), PARTS_JOINED
    ).dictionary_encode()
    ordered = [
        None if text is None else PARTS_JOINED.join(sorted(text.split(PARTS_JOINED)))
        for text in encoded.dictionary.to_pylist()
    ]
    return pa.chunked_array([pa.array(ordered, pa.string()).take(encoded.indices)])
