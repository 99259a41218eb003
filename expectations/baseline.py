"""Earlier data that a table is compared with; independent of Great Expectations."""

from collections.abc import Callable
from dataclasses import dataclass

from genrelab.lake.stored_rows import Rows


def _reads_nothing(_table: str) -> Rows | None:
    return None


@dataclass(frozen=True)
class Baseline:
    """The earlier data that a new table is compared with.

    Args:
        rows: Number of rows of the last version of the table; None if there is none or its source was different.
        read: Returns the rows of the newest version of any table, or None if there is none.
        refuse_above: Share of rejected records above which a table is refused; 1 refuses none.
    """

    rows: int | None = None
    read: Callable[[str], Rows | None] = _reads_nothing
    refuse_above: float = 0.0
