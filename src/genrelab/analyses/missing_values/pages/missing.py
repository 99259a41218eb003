"""The page of missing values: shares, to whom gaps belong, pairs, a picture of the rows, genres, all tables."""

from collections.abc import Sequence

from genrelab.analyses.missing_values.analysis import MISSING_VALUES
from genrelab.analyses.missing_values.pages.charts import (
    agreement_chart,
    pairs_table,
    parts_chart,
    phi_chart,
    shares_chart,
)
from genrelab.analyses.missing_values.pages.nullity import nullity_chart
from genrelab.analyses.missing_values.pages.words import advice, levels, official, source_of, why_apart
from genrelab.analyses.missing_values.references import LINES
from genrelab.analyses.missing_values.result import ColumnGaps, Gaps, MissingValues, TableGaps
from genrelab.report.figure import Grid, table_of
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, listing, percent, plural
from genrelab.tables import TABLES

LONGEST = 60
"""Columns of a table that are listed one by one; those of wider tables are put together."""


def fill(found: MissingValues) -> Summary:
    """Return the gaps of tracks.csv, and the tables."""
    return {
        "gaps": _gaps(found.gaps) if found.gaps else None,
        "why": found.why,
        "tables": _tables(found.tables),
        "columns": [
            (one.table, _columns(one) if len(one.columns) <= LONGEST else _families(one))
            for one in found.tables
            if one.rows
        ],
        "marks": _marks(found.tables),
        "absent": listing(list(found.absent)),
        "finding": _finding(found),
    }


def _gaps(found: Gaps) -> Summary:
    undefined = found.association.undefined
    return {
        "source": source_of(found),
        "shares": shares_chart(found),
        "apart": why_apart(found),
        "levels": levels(found),
        "agreement": agreement_chart(found),
        "advice": advice(found),
        "phi": phi_chart(found),
        "strongest": pairs_table(found.association.strongest) if found.association.strongest else None,
        "document": pairs_table(found.association.document),
        "lines": (
            f"The student project lists {LINES} lines, which are {plural(len(found.association.document), 'pair')}: "
            "most stand in both orders."
        ),
        "undefined": (
            f"Phi is not defined for {plural(len(undefined), 'column')} that {'is' if len(undefined) == 1 else 'are'} "
            f"never or always missing: {listing([official(one) for one in undefined])}."
            if undefined
            else ""
        ),
        "nullity": nullity_chart(found),
        "parts": parts_chart(found),
    }


def _tables(tables: Sequence[TableGaps]) -> Grid:
    return table_of(
        tables,
        ("Table", lambda one: one.table),
        ("Rows", lambda one: count(one.rows)),
        ("Columns", lambda one: count(len(one.columns))),
        ("Complete", lambda one: count(one.never) if one.rows else "\N{EN DASH}"),
        ("Without any value", lambda one: count(one.always) if one.rows else "\N{EN DASH}"),
        ("Cells missing", lambda one: percent(one.share) if one.rows else "\N{EN DASH}"),
        ("Version", lambda one: count(one.version)),
    )


def _columns(found: TableGaps) -> Grid:
    rows = sorted(found.columns, key=lambda one: -one.missing)

    def share(one: ColumnGaps) -> str:
        return percent(one.missing / found.rows)

    return table_of(
        rows,
        ("Column", lambda one: one.column),
        ("Missing", lambda one: count(one.missing)),
        ("Share", share),
        ("-1: unknown", lambda one: count(one.unknown)),
        ("Empty list or blank text", lambda one: count(one.empty)),
    )


def _families(found: TableGaps) -> Grid:
    """Return the columns of a wide table by what FMA's header puts them under: `mfcc.mean`."""
    families: dict[str, list[ColumnGaps]] = {}
    for one in found.columns:
        name = TABLES[found.table][one.column].official if found.table in TABLES else one.column
        families.setdefault(name.rpartition(".")[0] or name, []).append(one)

    def missing(family: list[ColumnGaps]) -> float:
        return sum(one.missing for one in family) / (found.rows * len(family))

    return table_of(
        sorted(families.items(), key=lambda one: -missing(one[1])),
        ("Columns", lambda one: one[0]),
        ("How many", lambda one: count(len(one[1]))),
        ("Complete", lambda one: count(sum(not column.missing for column in one[1]))),
        ("Cells missing", lambda one: percent(missing(one[1]))),
    )


def _marks(tables: Sequence[TableGaps]) -> str:
    """Say how FMA's own marks were counted."""
    unknown = sum(one.unknown for found in tables for one in found.columns)
    empty = sum(one.empty for found in tables for one in found.columns)
    return (
        f"Missing is a cell without a value. FMA has marks of its own, which are values and are counted beside: -1 "
        f"({plural(unknown, 'cell')}), and empty lists or texts of blanks ({plural(empty, 'cell')})."
    )


def _finding(found: MissingValues) -> str:
    if found.gaps is None or not found.gaps.gappy:
        return ""
    gaps = found.gaps
    measured = [one.agreement for one in gaps.gappy if one.agreement is not None]
    over = sum(one.share.value > gaps.limit for one in gaps.gappy)
    text = f"{plural(over, 'column')} of tracks.csv lack more than {percent(gaps.limit, 0)} of their values"
    if measured:
        text += f"; {percent(sum(measured) / len(measured), 0)} of the variance of these gaps lies between artists"
    return f"{text}."


PAGE = Page(
    name="missing",
    label="What is missing",
    group="Data",
    title="What is missing, and who left it blank?",
    question="Artists and curators filled in what they liked. This page counts the blanks of every table, "
    "shows which go together, and whether a blank belongs to a track or to its artist: that "
    "decides how gaps may be treated.",
    needs=(MISSING_VALUES.name,),
    command="genrelab study-archive",
    fill=of_result(MISSING_VALUES, fill),
)
