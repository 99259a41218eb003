"""Check a table by its suite: run Great Expectations over the rows and convert its results into a verdict.

Conventions: a critical rule about rows rejects the failing rows; a critical rule about the whole table refuses the
table. Nothing is repaired and nothing is written.
"""

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import groupby
from types import ModuleType
from typing import Any

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.by_file import FileRule, findings
from expectations.derive import rule_meta, suite, suite_of_whole
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.run import run
from expectations.verdict import EXAMPLES, Broken, Verdict, plain
from genrelab.lake.schema import Table
from genrelab.lake.stored_rows import Rows, StoredRows
from genrelab.lake.validation_records import CRITICAL, Check, Example

NO_BASELINE = Baseline()
LONGEST_SHOWN = 200
NAMES_OF_TRACKS = ("artist_name", "track_name", "track_title")
"""Columns whose texts name a row that stands as an example."""
MANY_ROWS = 250_000
"""Rows from which on rules are checked column by column: the frame of all columns is as large as the table."""


def suite_module(table: str) -> ModuleType | None:
    """Return the module `expectations/<table>.py`, or None if it does not exist."""
    try:
        return importlib.import_module(f"expectations.{table}")
    except ModuleNotFoundError as error:
        if error.name != f"expectations.{table}":
            raise
        return None


def human_part(table: str) -> tuple[DomainRule, ...]:
    """Return the checks of `expectations/<table>.py`, in addition to those of the declaration."""
    return tuple(getattr(suite_module(table), "HUMAN", ()))


def file_part(table: str) -> tuple[FileRule, ...]:
    """Return the checks of `expectations/<table>.py` for the columns of each file."""
    return tuple(getattr(suite_module(table), "FILES", ()))


def check(table: Table, data: Rows, baseline: Baseline = NO_BASELINE) -> Verdict:
    """Check the rows of a table and return the verdict.

    Args:
        table: The declaration.
        data: Rows with the declared columns, or with those that the source has.
        baseline: Earlier data to compare with.

    Returns:
        The verdict; the caller publishes or refuses the table.
    """
    known = [name for name in data.column_names if name in table]
    return check_rows(table, data, baseline, columns=known) + check_files(table, data)


def check_files(table: Table, data: Rows) -> Verdict:
    """Check the columns of each file and return the verdict; without a check if nothing can be compared."""
    rules = file_part(table.name)
    seen, frame = findings(rules, data)
    if not seen:
        return Verdict()
    expected = [
        gxe.ExpectColumnValuesToBeNull(
            column=f"rule_{number}", severity=rule.severity, meta=rule_meta(rule.rule, rule.reason)
        )
        for number, rule in enumerate(rules)
    ]
    judged = ValidationTarget("columns of files", len(seen), lambda place: (seen[place].source, None))
    found = verdict_of(run(frame, f"{table.name} by file", expected), judged, frame)
    checks = tuple(map(_naming_examples, found.checks))
    return Verdict(warnings=tuple(one.sentence for one in checks if not one.passed), checks=checks)


def _naming_examples(found: Check) -> Check:
    """A check whose result names the first findings, so that a warning says what to look at."""
    if found.passed:
        return found
    named = [f"{each.value} ({each.source})" for each in found.examples]
    more = [f"{found.failing - len(named):,} more"] if found.failing > len(named) else []
    return replace(found, observed=f"{found.observed}: {'; '.join([*named, *more])}")


def check_rows(
    table: Table, data: Rows, baseline: Baseline, *, columns: Sequence[str], declared: bool = True
) -> Verdict:
    """Check rows by the rules that need only `columns`, and return the verdict.

    Args:
        table: The declaration.
        data: Rows that have at least these columns.
        baseline: Earlier data to compare with.
        columns: The columns to check.
        declared: Whether to include the checks of the declaration.
    """
    rules, helpers = _rules(table, columns=columns, declared=declared)
    of_rows = Verdict()
    for part in _portions(rules, len(data)):
        frame, target = _frame(data, part, helpers), ValidationTarget.rows_of(data, helpers)
        of_rows += verdict_of(run(frame, table.name, part), target, frame)
        del frame, target  # before the next ones are read
    known = [each for each in human_part(table.name) if needs(each) <= set(columns)]
    numbers = {
        each.computed_from.name: number
        for each in known
        if isinstance(each.computed_from, OfTable)
        and (number := each.computed_from.compute(data, baseline)) is not None
    }
    reported = [
        each
        for each in known
        if isinstance(each.computed_from, OfTable) and each.computed_from.name in numbers
    ]
    if baseline.rows and declared:
        numbers["rows_of_the_last_version"] = len(data) / baseline.rows
    if not numbers:
        return of_rows
    whole = pa.table({name: [float(number)] for name, number in numbers.items()}).to_pandas()
    return of_rows + verdict_of(
        run(whole, f"{table.name} as a whole", suite_of_whole(reported, numbers), always=True),
        THE_WHOLE,
        whole,
    )


def frame_and_rules(
    table: Table, data: pa.Table, *, columns: Sequence[str], declared: bool = True
) -> tuple[Any, list[Any]]:
    """Return the input of Great Expectations: the frame with helper columns, and the expectations."""
    rules, helpers = _rules(table, columns=columns, declared=declared)
    return _frame(data, rules, helpers), rules


def _rules(table: Table, *, columns: Sequence[str], declared: bool = True) -> tuple[list[Any], list[PerRow]]:
    """The expectations for rows, and the helper columns that they need."""
    known = [
        each
        for each in human_part(table.name)
        if needs(each) <= set(columns) and not isinstance(each.computed_from, OfTable)
    ]
    rules = suite(table, known, columns if declared else ())
    return rules, [each.computed_from for each in known if isinstance(each.computed_from, PerRow)]


def _portions(rules: Sequence[Any], rows: int) -> Iterator[list[Any]]:
    """Split the rules into portions whose frames fit into memory; a small table needs only one."""
    if rows <= MANY_ROWS:
        yield list(rules)
        return
    for _, of_columns in groupby(rules, lambda rule: looks_at(rule.configuration)):
        yield list(of_columns)


def looks_at(rule: Any) -> list[str]:
    """Return the columns in the configuration of an expectation, in its order."""
    values = rule.kwargs
    named = [values.get(name) for name in ("column", "column_A", "column_B")]
    return [name for name in [*named, *values.get("column_list", [])] if name]


@dataclass(frozen=True)
class ValidationTarget:
    """What the rows of a checked frame represent.

    Args:
        noun: `rows`, `columns`, or empty for the one row of numbers of a whole table.
        total: How many there are.
        where: Maps a position to `source` and `source_row`.
        can_reject: Whether a row that breaks a critical rule can be rejected by itself.
        track_of: Maps a position to artist and title.
        shows: What a row is shown with as an example instead of its value, by checked column and position.
    """

    noun: str
    total: int
    where: Callable[[int], tuple[str, int | None]]
    can_reject: bool = False
    track_of: Callable[[int], str] = lambda _: ""
    shows: Mapping[str, Callable[[int], object]] = field(default_factory=dict)

    @classmethod
    def rows_of(cls, data: Rows, helpers: Sequence[PerRow] = ()) -> "ValidationTarget":
        """The rows of a table, whose rules check these helper columns among others."""

        def where(position: int) -> tuple[str, int | None]:
            if "source_row" not in data.column_names:
                return "", position + 1
            row = data.slice(position, 1)
            return row["source"][0].as_py(), row["source_row"][0].as_py()

        def track_of(position: int) -> str:
            names = [name for name in NAMES_OF_TRACKS if name in data.column_names]
            row = data.slice(position, 1)
            return ": ".join(str(text) for name in names if (text := row[name][0].as_py()))

        @lru_cache(maxsize=1)  # the examples of one rule come one after the other
        def read(columns: tuple[str, ...]) -> pa.Table:
            return data.select(columns)

        def shown(helper: PerRow, position: int) -> object:
            return helper.shows(read(helper.columns), position) if helper.shows else None

        shows = {helper.name: partial(shown, helper) for helper in helpers if helper.shows}
        return cls("rows", len(data), where, True, track_of, shows)


THE_WHOLE = ValidationTarget("", 1, lambda _: ("", None))


def verdict_of(results: Sequence[Any], judged: ValidationTarget, frame: Any) -> Verdict:
    """Convert the results of Great Expectations to a verdict.

    Args:
        results: One per rule.
        judged: What the rows of the frame represent.
        frame: The rows themselves.
    """
    rows: dict[int, list[Broken]] = defaultdict(list)
    refusals, warnings, checks = [], [], []
    for result in results:
        found, config = _check(result, judged, frame), result.expectation_config
        checks.append(found)
        if found.passed:
            continue
        if found.severity != CRITICAL:
            warnings.append(found.sentence)
        elif judged.can_reject and not config.meta.get("refuses") and (named := _failing(result, frame)):
            for position, value in named:
                rows[position].append(Broken(found.rule, plain(value)))
        else:
            refusals.append(found.sentence)
    return Verdict(dict(rows), tuple(refusals), tuple(warnings), tuple(checks))


def _check(result: Any, judged: ValidationTarget, frame: Any) -> Check:
    config = result.expectation_config
    meta = config.meta
    crashed = (result.exception_info or {}).get("exception_message")
    if crashed:
        raise RuntimeError(f"the check {meta['rule']!r} could not be run: {crashed}")
    found = result.result
    value = found.get("observed_value")
    number = int(found.get("unexpected_count") or 0)
    shows = next((judged.shows[name] for name in looks_at(config) if name in judged.shows), None)

    def _example(position: int, value: object) -> object:
        return shows(position) if shows else value

    if not result.success and number and judged.noun:
        observed = f"{number:,} of {judged.total:,} {judged.noun}"
    elif value is not None:
        observed = f"found {_shown(value)}"
    else:
        observed = f"no {judged.noun[:-1]} breaks it" if judged.noun else ""
    return Check(
        rule=meta["rule"],
        kind=meta["kind"],
        severity=str(getattr(config.severity, "value", config.severity)),
        reason=meta.get("reason", ""),
        column=meta["rule"].partition(": ")[0],
        human=meta["human"],
        passed=bool(result.success),
        failing=0 if result.success else max(number, 1),
        observed=observed,
        examples=tuple(
            Example(*judged.where(position), plain(_example(position, each)), judged.track_of(position))
            for position, each in _failing(result, frame, EXAMPLES)
        )
        if judged.noun
        else (),
        expectation=config.type,
        broken=meta.get("broken", ""),
    )


def needs(known: DomainRule) -> set[str]:
    """Return the columns that a check needs."""
    return set(
        known.computed_from.columns if known.computed_from else looks_at(known.expectation.configuration)
    )


def _frame(data: Rows, rules: Sequence[Any], helpers: Sequence[PerRow]) -> Any:
    """The columns that a rule names (the texts of fma_tracks are 300 MB), and the helper columns."""
    judged = {name for each in rules for name in looks_at(each.configuration)}
    plain = [name for name in data.column_names if name in judged]
    columns = {name: _computed(data, [name], partial(_flat, name)) for name in plain}
    for helper in helpers:
        if helper.name in judged:
            whole = not helper.is_local
            columns[helper.name] = _computed(data, helper.columns, helper.compute, whole=whole)
    return pa.table(columns or {"row": range(len(data))}).to_pandas()


def _computed(
    data: Rows, columns: Sequence[str], compute: Callable[[pa.Table], Any], *, whole: bool = False
) -> Any:
    """One value per row from some columns; of rows in files batch by batch, unless `whole` asks for all at once."""
    if whole or not isinstance(data, StoredRows) or not len(data):
        return compute(data.select(list(dict.fromkeys(columns))))
    parts = [compute(batch) for batch in data.batches(columns)]
    chunks = [part.chunks if isinstance(part, pa.ChunkedArray) else [part] for part in parts]
    return pa.chunked_array([chunk for part in chunks for chunk in part])


def _flat(name: str, data: pa.Table) -> Any:
    """A scalar column unchanged; for a list or a map only whether it is present."""
    column = data[name]
    return pc.if_else(pc.is_null(column), None, "there") if pa.types.is_nested(column.type) else column


def _failing(result: Any, frame: Any, most: int | None = None) -> list[tuple[int, Any]]:
    """Position and value of failing rows, all or the first ones.

    Great Expectations reports every position, but only the first 200 values.
    """
    positions = [int(position) for position in (result.result.get("unexpected_index_list") or [])[:most]]
    named = looks_at(result.expectation_config)
    values = frame[named].take(positions).itertuples(index=False, name=None)
    return [
        (position, row[0] if len(named) == 1 else row)
        for position, row in zip(positions, values, strict=True)
    ]


def _shown(value: object) -> str:
    text = f"{value:,.4g}" if isinstance(value, float) else str(plain(value))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " ..."
