"""What the lake held before a table is checked; nothing here knows Great Expectations."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa


def _reads_nothing(_table: str, _columns: list[str]) -> pa.Table | None:
    return None


@dataclass(frozen=True)
class Baseline:
    """What the lake held before this try.

    Args:
        rows: Rows of the last version of the table, None when there is none or it came from another source.
        read: Columns of the newest version of any table, None when there is none.
        refuse_above: Share of rejected records past which a table is refused; 1 where a person lets everything in.
    """

    rows: int | None = None
    read: Callable[[str, list[str]], pa.Table | None] = _reads_nothing
    refuse_above: float = 0.0
