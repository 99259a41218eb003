"""The page of tables: source, row counts, warnings and the worst rejected records of each table."""

import json
from collections.abc import Sequence

from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.result import PublishedTable, PublishedTables, RejectedRecord
from genrelab.report.figure import Cell, Column, Grid
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import slug
from genrelab.report.table_links import column_page
from genrelab.report.wording import count, plural, text_or_dash, when
from genrelab.tables import TABLES as DECLARED


def fill(found: PublishedTables) -> Summary:
    """Return the row counts of all tables, and one entry for each table."""
    return {
        "finding": _finding(found.tables),
        "accounts": _accounts(found.tables),
        "entries": [_entry(table) for table in found.tables],
    }


def _finding(tables: Sequence[PublishedTable]) -> str:
    wrong = [table.table for table in tables if not table.adds_up]
    if wrong:
        return f"The row counts of {', '.join(wrong)} do not add up."
    quarantined = sum(table.quarantined for table in tables)
    warned = sum(bool(table.warnings) for table in tables)
    text = f"{plural(len(tables), 'table')} published; every record read is accounted for"
    text += f", {plural(quarantined, 'row')} quarantined" if quarantined else ", nothing quarantined"
    text += f"; {plural(warned, 'table')} with warnings" if warned else ""
    changed = [table.table for table in tables if table.caveats]
    return f"{text}. Read the caveats of {', '.join(changed)} first." if changed else f"{text}."


def _equation(table: PublishedTable) -> list[str]:
    return [count(part) for part in (table.read, table.rows, table.quarantined, table.duplicates)]


def _accounts(tables: Sequence[PublishedTable]) -> Grid:
    rows = [
        (
            Cell(table.table, "synthetic sample" if table.sample else ""),
            Cell(str(table.version)),
            *map(Cell, _equation(table)),
            Cell("yes", mark="good") if table.adds_up else Cell("no", mark="bad"),
            Cell(count(len(table.warnings))),
        )
        for table in tables
    ]
    headings = ("Table", "Version", "Read", "Published", "Quarantined", "Duplicates", "Adds up", "Warnings")
    return Grid(
        tuple(Column(heading, is_number=heading not in {"Table", "Adds up"}) for heading in headings),
        tuple(rows),
        "Read = published + quarantined + exact duplicates.",
    )


def _entry(table: PublishedTable) -> Summary:
    return {
        "name": table.table,
        "anchor": slug(table.table),
        "meaning": table.meaning,
        "version": table.version,
        "is_sample": table.sample,
        "source": text_or_dash(table.source),
        "published_at": when(table.published_at),
        "equation": _equation(table),
        "adds_up": table.adds_up,
        "notes": table.notes,
        "caveats": table.caveats,
        "warnings": table.warnings,
        "columns": _columns(table.table),
        "rejected": [_rejected(row) for row in table.rejected],
        "more_rejected": max(0, table.quarantined - len(table.rejected)),
    }


def _columns(table: str) -> Summary | None:
    """Return how many columns a declared table has, and the address of their description."""
    if table not in DECLARED:
        return None
    return {"count": count(len(DECLARED[table].columns)), "address": column_page(table)}


def _rejected(row: RejectedRecord) -> Summary:
    return {
        "source": text_or_dash(row.source),
        "source_row": count(row.source_row),
        "reasons": row.reasons,
        "record": readable(row.record),
    }


def readable(record: str) -> str:
    """Return a record's JSON with one column on each line; other text is returned unchanged."""
    try:
        return json.dumps(json.loads(record), indent=2, ensure_ascii=False)
    except json.JSONDecodeError:
        return record


PAGE = Page(
    name="tables",
    label="Tables",
    group="Data",
    title="What happened to every record?",
    question="Every record is checked. It is published, quarantined with the reason, or removed because it is an exact "
    "duplicate of another one.",
    needs=(TABLES.name,),
    command="genrelab nightly",
    fill=of_result(TABLES, fill),
    has_charts=False,
)
