"""Checks that people write in addition to the declaration, and the numbers that these checks need.

Great Expectations checks columns. If a check is about more than one row ("an artist has one set of micro-genres"), a
number is computed first: `PerRow` as a helper column, `OfTable` as one number of the whole table. The expectation
then checks that number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import great_expectations.expectations as gxe
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from expectations.baseline import Baseline
from genrelab.lake.stored_rows import Rows


@dataclass(frozen=True)
class PerRow:
    """A helper column.

    Args:
        name: Its name in the frame that is checked.
        columns: Columns it is computed from; the check is skipped if one is missing.
        compute: Returns one value per row from these columns.
        shows: Returns what a row is shown with as an example, by its position; None shows the helper's own value.
        is_local: Whether the value of a row depends on that row alone, so that many rows are computed in batches.
        learn: Reads many rows once and returns what then computes a batch of them; None if a batch is not enough, or
            `is_local`.
        by: Columns in which rows agree whose values depend on each other.
        candidates: Marks, of many rows, those whose value may differ from that of a row without another one like it,
            and all rows that their values are computed from; None if a value may depend on any row.
    """

    name: str
    columns: tuple[str, ...]
    compute: Callable[[pa.Table], Any]
    shows: Callable[[pa.Table, int], object] | None = None
    is_local: bool = False
    learn: Callable[[Rows], Callable[[pa.Table], Any]] | None = None
    by: tuple[str, ...] = ()
    candidates: Callable[[Rows], npt.NDArray[np.bool_]] | None = None


@dataclass(frozen=True)
class OfTable:
    """A number of the whole table.

    Args:
        name: Its name in the frame of one row that is checked.
        columns: Columns it is computed from.
        compute: Returns the number from these columns and the baseline; None skips the check (nothing to compare).
    """

    name: str
    columns: tuple[str, ...]
    compute: Callable[[pa.Table, Baseline], float | None]


@dataclass(frozen=True)
class DomainRule:
    """One check that a person wrote, with its reason.

    Args:
        rule: Name, `<column or table>: <what must hold>`.
        reason: Why it must hold; shown with the warning.
        expectation: The check; severity `critical` rejects rows or refuses the table, `warning` reports.
        computed_from: The number to check, if it is not a column of the table.
        refuses: Whether failing rows refuse the table instead of being rejected individually.
        broken: What is wrong with the failing rows, in words that follow their number: `tracks have tempo 0`.
    """

    rule: str
    reason: str
    expectation: gxe.Expectation
    computed_from: PerRow | OfTable | None = None
    refuses: bool = False
    broken: str = ""

    @property
    def severity(self) -> str:
        """`critical` or `warning`."""
        severity = self.expectation.severity
        return str(getattr(severity, "value", severity))
