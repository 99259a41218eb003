"""Run a suite over many rows, of which only some are held at once.

Conventions: a rule about one row is run over batches, and what it found is added up. A rule about several rows (a key
that is unique, one name for an artist id) is run over the rows that may break it: those whose hash says that another
row has the same key, or another value for it. A rule without a column asks whether there are rows. Any other rule is
run over all rows of its columns. Each finds what it would find in one frame of all rows; `expectations.check` says from
how many rows on it is worth the time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

import great_expectations.expectations as gxe
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.expectations.expectation import ColumnMapExpectation, ColumnPairMapExpectation

from expectations.domain_rules import PerRow
from expectations.outcome import Outcome, ValidationTarget, can_reject, looks_at, outcome_of, verdict_of
from expectations.run import run
from expectations.verdict import EXAMPLES, Verdict
from genrelab.lake.stored_rows import BATCH, Rows, batches_of, marked_rows
from genrelab.sources.codes import SHARES, come_again, row_hashes

UNIQUE = (gxe.ExpectColumnValuesToBeUnique, gxe.ExpectCompoundColumnsToBeUnique)
OF_ONE_ROW = (ColumnMapExpectation, ColumnPairMapExpectation)
OF_PRESENCE = (gxe.ExpectColumnValuesToNotBeNull, gxe.ExpectColumnValuesToBeNull)


def check_in_parts(name: str, data: Rows, rules: Sequence[Any], helpers: Sequence[PerRow]) -> Verdict:
    """Check many rows and return the verdict.

    Args:
        name: Name of the suite.
        data: The rows.
        rules: The expectations.
        helpers: The helper columns that they name.
    """
    by_name = {helper.name: helper for helper in helpers}
    used = {place: _helpers_of(rule, by_name) for place, rule in enumerate(rules)}
    of_one_row = [place for place, rule in enumerate(rules) if _is_of_one_row(rule, used[place])]
    outcomes = _in_batches(name, data, [rules[place] for place in of_one_row], helpers)
    target = ValidationTarget.rows_of(data)
    found = {
        place: verdict_of([outcome], target) for place, outcome in zip(of_one_row, outcomes, strict=True)
    }
    verdict = Verdict()
    for place, rule in enumerate(rules):
        verdict += found[place] if place in found else _of_several_rows(name, data, rule, used[place])
    return verdict


def frame_of(data: pa.Table, rules: Sequence[Any], helpers: Sequence[PerRow]) -> Any:
    """Return the columns that rules name (the texts of fma_tracks are 300 MB), and the helper columns."""
    judged = {name for each in rules for name in looks_at(each.configuration)}
    columns = {name: _flat(data[name]) for name in data.column_names if name in judged}
    columns |= {helper.name: helper.compute(data) for helper in helpers if helper.name in judged}
    return pa.table(columns).to_pandas() if columns else pd.DataFrame(index=range(len(data)))


def shows_of(data: pa.Table, helpers: Sequence[PerRow]) -> dict[str, Any]:
    """Return what the rows of a table are shown with as examples, by helper column and position."""
    return {helper.name: partial(helper.shows, data) for helper in helpers if helper.shows}


def _helpers_of(rule: Any, by_name: Mapping[str, PerRow]) -> list[PerRow]:
    return [by_name[name] for name in looks_at(rule.configuration) if name in by_name]


def _is_of_one_row(rule: Any, helpers: Sequence[PerRow]) -> bool:
    is_local = all(helper.is_local or helper.learn for helper in helpers)
    return isinstance(rule, OF_ONE_ROW) and not isinstance(rule, UNIQUE) and is_local


def _in_batches(name: str, data: Rows, rules: Sequence[Any], helpers: Sequence[PerRow]) -> list[Outcome]:
    """What rules about one row find in all rows."""
    local = [replace(each, compute=each.learn(data)) if each.learn else each for each in helpers]
    strict = [rule.copy(update={"mostly": 1.0}) for rule in rules]
    sums, start = list(map(_Sum, rules)), 0
    for part in batches_of(data, _needed(data, rules, helpers)) if rules else ():
        frame, positions = frame_of(part, rules, local), np.arange(start, start + len(part))
        for one, result in zip(sums, run(frame, name, strict), strict=True):
            one.add(outcome_of(result, frame), frame, positions)
        start += len(part)
    return [one.outcome() for one in sums]


class _Sum:
    """What a rule found in the batches so far.

    Args:
        rule: Its expectation. It is run with `mostly` of 1, so that every failing row counts.
    """

    def __init__(self, rule: Any) -> None:
        self.rule, self.config = rule, rule.configuration
        self.considered = self.number = 0
        self.failing: list[tuple[int, Any]] = []
        self.has_floats = False

    def add(self, found: Outcome, frame: Any, positions: npt.NDArray[Any]) -> None:
        """Add what it found in a frame of the rows at some positions."""
        judged = frame[looks_at(self.config)]
        is_of_presence = isinstance(self.rule, OF_PRESENCE)
        self.considered += len(judged) if is_of_presence else int(judged.notna().all(axis=1).sum())
        self.has_floats |= judged.dtypes.iloc[0].kind == "f"
        self.number += found.number
        self.failing += [(int(positions[place]), value) for place, value in found.failing]
        self.failing.sort(key=itemgetter(0))
        if not can_reject(self.config):
            del self.failing[EXAMPLES:]

    def outcome(self) -> Outcome:
        """What it found in all rows; a whole number is a float where any row of its column lacks one, as in pandas."""
        share = (self.considered - self.number) / self.considered if self.considered else 1.0
        if share >= self.rule.mostly:
            return Outcome(self.config, success=True)
        failing = self.failing
        if self.has_floats:
            failing = [
                (position, float(value) if isinstance(value, (int, np.integer)) else value)
                for position, value in failing
            ]
        return Outcome(self.config, success=False, number=self.number, failing=failing)


def _of_several_rows(name: str, data: Rows, rule: Any, helpers: Sequence[PerRow]) -> Verdict:
    """The verdict of a rule on the rows that may break it, or on all rows."""
    columns = looks_at(rule.configuration)
    if isinstance(rule, UNIQUE) and not helpers:
        by, mask = columns, come_again(row_hashes(data, columns))
    elif len(helpers) == 1 and helpers[0].candidates and rule.mostly == 1:
        by, mask = list(helpers[0].by), helpers[0].candidates(data)
    else:
        return _of_all_rows(name, data, rule, helpers)
    positions = np.flatnonzero(mask).astype(np.int32)
    rows = marked_rows(data, mask, _needed(data, [rule], helpers))
    del mask
    found = _Sum(rule)
    for share in _shares(rows, by):
        frame = frame_of(rows.filter(pa.array(share)), [rule], helpers)
        found.add(outcome_of(run(frame, name, [rule])[0], frame), frame, positions[share])
    found.has_floats |= bool(found.failing) and _lacks_some(data, {*_needed(data, [rule], ()), *by})
    shows = {
        each: lambda position, shown=shown: shown(int(np.searchsorted(positions, position)))
        for each, shown in shows_of(rows, helpers).items()
    }
    return verdict_of([found.outcome()], ValidationTarget.rows_of(data, shows))


def _lacks_some(data: Rows, columns: Collection[str]) -> bool:
    """Whether a row lacks a value of one of these columns."""
    parts = batches_of(data, [name for name in data.column_names if name in columns])
    return any(column.null_count for part in parts for column in part.columns)


def _of_all_rows(name: str, data: Rows, rule: Any, helpers: Sequence[PerRow]) -> Verdict:
    needed = _needed(data, [rule], helpers)
    # pandas would make a number of 8 bytes for each row that is counted, three times
    rows = data.select(needed) if needed else next(batches_of(data, data.column_names[:1]))
    frame = frame_of(rows, [rule], helpers)
    found = outcome_of(run(frame, name, [rule])[0], frame)
    return verdict_of([found], ValidationTarget.rows_of(data, shows_of(rows, helpers)))


def _needed(data: Rows, rules: Sequence[Any], helpers: Sequence[PerRow]) -> list[str]:
    """The columns that rules look at, and those that their helper columns are computed from."""
    named = {name for rule in rules for name in looks_at(rule.configuration)}
    named = named.union(*(helper.columns for helper in helpers if helper.name in named))
    return [name for name in data.column_names if name in named]


def _shares(rows: pa.Table, by: Sequence[str]) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield masks of the rows, those that agree in the columns `by` in the same one."""
    shares = SHARES if by and len(rows) > BATCH else 1
    share = (row_hashes(rows, by) % shares).astype(np.uint8)
    for number in range(shares):
        yield share == number


def _flat(column: Any) -> Any:
    """A scalar column unchanged; of a list or a map only whether it is present."""
    return pc.if_else(pc.is_null(column), None, "there") if pa.types.is_nested(column.type) else column
