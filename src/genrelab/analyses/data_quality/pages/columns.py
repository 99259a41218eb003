"""The page of columns: what every column of every table in use means, what is legal, missing and checked.

Conventions: it shows the declarations in `genrelab.tables`, from which `docs/data-dictionary.md` is generated too. The
address of a column is `genrelab.report.table_links.column_page(table, column)`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genrelab.analyses.data_quality.analysis import TABLES, VALIDATION
from genrelab.analyses.data_quality.result import NO_TABLES, PublishedTable
from genrelab.lake.schema import Column
from genrelab.lake.validation_records import CRITICAL, REFUSED, Check
from genrelab.report.figure import Cell, Grid, table_of, text_column
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.table_links import column_anchor, column_page
from genrelab.report.wording import DASH, count, percent, plural
from genrelab.tables import TABLES as DECLARED
from genrelab.tables.dictionary import shown_columns


@dataclass(frozen=True)
class Described:
    """A column of a table in use.

    Args:
        table: The table.
        column: Its declaration.
        missing: Share of missing values; None if it is not known.
        checks: The checks of the column.
    """

    table: PublishedTable
    column: Column
    missing: float | None
    checks: tuple[Check, ...]

    @property
    def name(self) -> str:
        """Return the name of the column within all tables."""
        return f"{self.table.table}.{self.column.name}"


def fill(facts: Facts) -> Summary:
    """Return one table of all columns."""
    tables = [one for one in (TABLES.found_in(facts) or NO_TABLES).tables if one.table in DECLARED]
    checks = _checks(facts)
    described = [
        Described(table, column, table.missing.get(column.name), tuple(checks[table.table, column.name]))
        for table in tables
        for column in shown_columns(DECLARED[table.table])
    ]
    return {
        "finding": _finding(described, tables),
        "columns": _grid(described),
        "search": [
            ("Columns", one.name, column_page(one.table.table, one.column.name), one.column.meaning)
            for one in described
        ],
    }


def _checks(facts: Facts) -> Mapping[tuple[str, str], list[Check]]:
    """Return the checks of the versions in use by table and column."""
    found: dict[tuple[str, str], list[Check]] = defaultdict(list)
    audits = VALIDATION.found_in(facts)
    for record in audits.records if audits else ():
        for check in record.checks if record.verdict != REFUSED else ():
            found[record.table, check.column].append(check)
    return found


def _finding(described: Sequence[Described], tables: Sequence[PublishedTable]) -> str:
    total = sum(len(DECLARED[table.table].columns) for table in tables)
    text = f"{plural(len(tables), 'table')} with {count(total)} columns are in use"
    known = [one for one in described if one.missing]
    if not known:
        return f"{text}."
    most = max(known, key=lambda one: one.missing or 0.0)
    return f"{text}; {most.name} is missing most often, in {percent(most.missing, 0)} of its rows."


def _grid(described: Sequence[Described]) -> Grid:
    return table_of(
        described,
        (
            text_column("Column"),
            lambda one: Cell(
                one.column.name,
                one.column.official if one.column.official != one.column.name else "",
                anchor=column_anchor(one.table.table, one.column.name),
            ),
        ),
        (
            text_column("Table"),
            lambda one: Cell(
                one.table.table, _source(one.table), link=f"tables.html#{slug(one.table.table)}"
            ),
        ),
        (text_column("Meaning"), lambda one: one.column.meaning.replace("`", "")),
        (text_column("Unit"), lambda one: one.column.unit),
        ("Missing", _missing),
        (text_column("Legal values"), lambda one: one.column.allowed),
        (text_column("Checks"), _check_cell),
        (text_column("Type"), lambda one: str(one.column.type)),
        caption="Below a name: what the column is called in its source, if that differs; below a table: its source."
        " Missing: share of the rows of the version in use; a dash where it is not known (lists). Of numbered families"
        " of columns, such as the 20 means of mfcc, only the first and last are shown.",
    )


def _source(table: PublishedTable) -> str:
    """Return the file or folder that a table was read from, without the way there; the page Tables has it whole."""
    return table.source.rstrip("/").rpartition("/")[2]


def _missing(one: Described) -> Cell:
    if one.missing is None:
        return Cell(DASH)
    return Cell(percent(one.missing), "" if one.column.nullable else "never allowed")


def _check_cell(one: Described) -> Cell:
    """Say how many checks hold; the rules that people wrote, and those that fail, are named."""
    failed = [check for check in one.checks if not check.passed]
    named = [
        check.rule.partition(": ")[2] or check.rule for check in one.checks if check.human or check in failed
    ]
    mark = "bad" if any(check.severity == CRITICAL for check in failed) else "warn" if failed else ""
    link = f"validation.html#{slug(one.table.table)}"
    if not one.checks:
        return Cell(DASH)
    text = f"{count(len(one.checks) - len(failed))} of {count(len(one.checks))} hold"
    return Cell(text, "\n".join(named), mark=mark, link=link)


PAGE = Page(
    name="columns",
    label="Columns",
    group="Data",
    title="What does each column mean?",
    question="The data dictionary: every column of every table in use, with its unit, its legal values, how much of it"
    " is missing and what is checked. Type a name or a word into the filter.",
    needs=(TABLES.name,),
    command="genrelab nightly",
    fill=fill,
    has_charts=False,
)
