"""Run a suite over a frame and say which rows fail, what refuses the table, and what is only a warning.

Conventions: rows are named by their position in the frame. A critical failure that names rows rejects those
rows; one that names none (a count, a share) refuses the table. Nothing is repaired and nothing is written.
"""

import importlib
import logging
import os
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")  # read when great_expectations is imported

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.derive import Human, suite
from genrelab.schema import Table

POSITION = "position"
EXAMPLES = 3


@dataclass(frozen=True)
class Broken:
    """One rule that one row breaks.

    Args:
        rule: Name of the rule.
        value: The value found.
    """

    rule: str
    value: object

    def __str__(self) -> str:
        column, _, allowed = self.rule.partition(": ")
        return f"{column} is {self.value!r}, allowed: {allowed}"


@dataclass(frozen=True)
class Verdict:
    """What a suite says of a frame.

    Args:
        rows: For each failing row, by position, the rules it breaks.
        refusals: Why the table as a whole may not be published; empty when it may.
        warnings: What should be looked at, one sentence each.
        checked: How many expectations were run.
    """

    rows: dict[int, list[Broken]] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    checked: int = 0


def human_part(table: str) -> tuple[Human, ...]:
    """What `expectations/<table>.py` knows beyond the declaration."""
    try:
        module = importlib.import_module(f"expectations.{table}")
    except ModuleNotFoundError as error:
        if error.name != f"expectations.{table}":
            raise
        return ()
    return tuple(module.HUMAN)


def check(table: Table, data: pa.Table) -> Verdict:
    """Audit the rows of a table.

    Args:
        table: The declaration.
        data: Rows with the declared columns, or those of them that a source has.

    Returns:
        The verdict; publishing is up to the caller.
    """
    context = new_context()
    columns = tuple(name for name in data.column_names if name in table)
    known = tuple(each for each in human_part(table.name) if _columns_of(each.expectation) <= set(columns))
    expectations = suite(table, known, columns)
    # texts that no rule names stay out of the frame: those of fma_tracks are 300 MB
    judged = set().union(*(_columns_of(each) for each in expectations.expectations))
    frame = _frame(data.select([name for name in columns if name in judged]))
    return verdict_of(validate(context, frame, expectations))


def _columns_of(expectation: gxe.Expectation) -> set[str]:
    values = expectation.configuration.kwargs
    named = [
        values.get("column"),
        values.get("column_A"),
        values.get("column_B"),
        *values.get("column_list", []),
    ]
    return {name for name in named if name}


def _frame(data: pa.Table) -> Any:
    """Scalars as they are; of a list only whether it is there."""
    flat = {
        name: pc.if_else(pc.is_null(data[name]), None, "list")
        if pa.types.is_list(data.schema.field(name).type)
        else data[name]
        for name in data.column_names
    }
    return pa.table(flat).to_pandas()


def new_context() -> Any:
    """A context of its own for every check: Great Expectations wants one before a suite can be made."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def validate(context: Any, frame: Any, expectations: gx.ExpectationSuite) -> list[Any]:
    """Run a suite over a frame; every failing row is named by its position."""
    if POSITION not in frame:
        frame = frame.assign(**{POSITION: range(len(frame))})
    asset = context.data_sources.add_pandas("frame").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    result = batch.validate(
        expectations,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [POSITION]},
    )
    return list(result.results)


def verdict_of(results: list[Any]) -> Verdict:
    """The results of a run as a verdict."""
    rows: dict[int, list[Broken]] = defaultdict(list)
    refusals, warnings = [], []
    for result in results:
        config = result.expectation_config
        rule, reason = config.meta["rule"], config.meta.get("reason", "")
        crashed = (result.exception_info or {}).get("exception_message")
        if crashed:
            raise RuntimeError(f"the check {rule!r} could not be run: {crashed}")
        if result.success:
            continue
        failing = result.result.get("unexpected_index_list") or []
        if str(getattr(config.severity, "value", config.severity)) != "critical":
            warnings.append(_warning(rule, reason, result.result))
        elif failing:
            for found in failing:
                rows[int(found[POSITION])].append(Broken(rule, _value(found)))
        else:
            refusals.append(f"{rule} (found {result.result.get('observed_value')})")
    return Verdict(dict(rows), tuple(refusals), tuple(warnings), len(results))


def _value(found: dict[str, Any]) -> object:
    values = [value for name, value in found.items() if name != POSITION]
    plain = [value.item() if hasattr(value, "item") else value for value in values]
    plain = [None if value != value else value for value in plain]  # noqa: PLR0124 - NaN is a missing value
    return plain[0] if len(plain) == 1 else tuple(plain)


def _warning(rule: str, reason: str, result: dict[str, Any]) -> str:
    count = result.get("unexpected_count")
    found = f"{count:,} rows" if count else f"found {result.get('observed_value')}"
    return f"{rule}: {found}" + (f" ({reason})" if reason else "")
