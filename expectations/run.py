"""Great Expectations itself: a suite runs over a frame.

Conventions: naming every failing row of a hundred thousand costs more than finding out that there is none, so a
suite is first asked for yes or no, and only the rules that say no are run again for the rows. Nothing is stored.
"""

import logging
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")  # read when great_expectations is imported

import great_expectations as gx
import great_expectations.expectations as gxe

YES_OR_NO = {"result_format": "BOOLEAN_ONLY"}
EVERY_ROW = {"result_format": "COMPLETE"}
"""Without names of index columns: looking their values up took 1.3 s instead of 0.5 s on the real pulls."""


@cache
def _whole_frames() -> Any:
    """The door through which frames go to Great Expectations, once per process; it keeps no frame."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frame").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def run(frame: Any, name: str, expectations: Sequence[gxe.Expectation], *, always: bool = False) -> list[Any]:
    """Run a suite over a frame.

    Args:
        frame: Rows; pandas, numbered from 0.
        name: Of the suite.
        expectations: What must hold; each has a name of its own in `meta["rule"]`.
        always: Whether to ask for every detail of the rules that hold too.

    Returns:
        One result per expectation, in their order; those that fail name every failing row by its position.
    """
    batch = _whole_frames().get_batch({"dataframe": frame})
    try:
        return _results(batch, name, expectations, always=always)
    finally:
        _forget()


def _results(batch: Any, name: str, expectations: Sequence[gxe.Expectation], *, always: bool) -> list[Any]:
    if always:
        return _validate(batch, name, expectations, EVERY_ROW)
    results = _validate(batch, name, expectations, YES_OR_NO)
    failed = [place for place, result in enumerate(results) if not result.success]
    if failed:
        again = _validate(batch, f"{name} again", [expectations[place] for place in failed], EVERY_ROW)
        for place, result in zip(failed, again, strict=True):
            results[place] = result
    return results


def _forget() -> None:
    """Drop the columns that Great Expectations keeps for a frame that never comes again: 300 MB per million rows."""
    engine = _whole_frames().data_asset.datasource.get_execution_engine()
    engine._metric_cache.clear()  # noqa: SLF001 - nothing public clears it
    engine.batch_manager.batch_data_cache.clear()


def _validate(
    batch: Any, name: str, expectations: Sequence[gxe.Expectation], how: dict[str, Any]
) -> list[Any]:
    """Results in the order of the expectations; Great Expectations gives them in its own."""
    suite = gx.ExpectationSuite(name=name)
    for each in expectations:
        suite.add_expectation(each)
    found = {
        result.expectation_config.meta["rule"]: result
        for result in batch.validate(suite, result_format=how).results
    }
    return [found[each.meta["rule"]] for each in expectations]
