"""Checks of the genres of audio files.

The table is computed, so a critical failure means an error in the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.domain_rules import DomainRule, PerRow

CRITICAL = "critical"


def _champion_or_problem(data: pa.Table) -> pa.Array:
    has_champion, has_problem = pc.not_equal(data["champion"], ""), pc.not_equal(data["problem"], "")
    return pc.cast(pc.xor(has_champion, has_problem), pa.int64())


HUMAN = (
    DomainRule(
        "champion: there exactly where the file has no problem",
        "a file is answered for, or says why not",
        gxe.ExpectColumnValuesToBeBetween(column="champion_or_problem", min_value=1, severity=CRITICAL),
        PerRow("champion_or_problem", ("champion", "problem"), _champion_or_problem),
    ),
)
