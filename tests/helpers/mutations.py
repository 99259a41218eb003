"""The mutation table: one kind of dirt in one column of a legal frame, and the rule that must name it.

    python tests/helpers/mutations.py [--write]

prints the table as Markdown, or writes it into docs/validation.md. `test_mutations.py` runs it.
"""

import sys
from pathlib import Path

import pyarrow as pa
from data_quirks import Mutation
from data_quirks_fma import FMA, WIDE
from data_quirks_origin import ORIGIN
from data_quirks_spotify import SPOTIFY
from frames import legal

from expectations.baseline import Baseline
from expectations.check import check, check_rows
from expectations.profile import check_profile
from expectations.verdict import Verdict
from genrelab.lake.profile import profile_table
from genrelab.tables import TABLES

DOCUMENT = Path(__file__).parents[2] / "docs" / "validation.md"
START, END = "<!-- mutations -->", "<!-- end of mutations -->"
MUTATIONS = [*SPOTIFY, *FMA, *ORIGIN, *WIDE]


def baseline_of(mutation: Mutation) -> Baseline:
    """A lake that holds the legal frame of every table."""
    return Baseline(mutation.rows, lambda name: legal(TABLES[name], mutation.rows))


def judge(table: str, data: pa.Table, baseline: Baseline) -> Verdict:
    """The verdict on a frame; of a wide table on its profile."""
    declared = TABLES[table]
    if declared.is_wide and table.startswith("fma"):
        of_columns = check_profile(declared, profile_table(data), baseline)
        return of_columns + check_rows(declared, data, baseline, columns=data.column_names, declared=False)
    return check(declared, data, baseline)


def as_markdown() -> str:
    """The table for people."""
    lines = [
        f"{len(MUTATIONS)} kinds of dirt, each in one column of a legal frame, and the rule that names it.",
        "",
        "| table | column | dirt | rule |",
        "| --- | --- | --- | --- |",
    ]
    for each in MUTATIONS:
        found = judge(each.table, each.frame(), baseline_of(each))
        rules = [
            check.rule for check in found.checks if not check.passed and check.rule.startswith(each.rule)
        ]
        lines.append(
            f"| `{each.table}` | `{each.column}` | {each.dirt} | {rules[0] if rules else 'NOT CAUGHT'} |"
        )
    return "\n".join(lines)


def write() -> None:
    """Put the table into the documentation."""
    head, rest = DOCUMENT.read_text(encoding="utf-8").split(START)
    tail = rest.split(END)[1]
    DOCUMENT.write_text(f"{head}{START}\n{as_markdown()}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        print(as_markdown())  # noqa: T201 - this is what it is for
