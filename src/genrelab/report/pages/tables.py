"""Every table: where its rows came from, where each record went, and the worst of what was rejected."""

import json
from collections.abc import Mapping
from typing import Any

from genrelab.report.figure import Cell, Column, Grid
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.wording import DASH, count, number, plural, said, when

PARTS = ("rows", "quarantined", "duplicates")


def fill(facts: Facts) -> Summary:
    """The accounts of all tables, and one entry for each."""
    given: list[Mapping[str, Any]] = facts.get("tables") or []
    entries = [_entry(table) for table in given]
    return {
        "finding": _finding(given),
        "accounts": _accounts(given),
        "entries": entries,
    }


def adds_up(table: Mapping[str, Any]) -> bool | None:
    """Whether read = published + quarantined + duplicates; None when a count is missing."""
    read, parts = number(table.get("read")), [number(table.get(part)) for part in PARTS]
    if read is None or any(part is None for part in parts):
        return None
    return read == sum(part for part in parts if part is not None)


def _finding(tables: list[Mapping[str, Any]]) -> str:
    if not tables:
        return ""
    wrong = [said(table.get("table")) for table in tables if adds_up(table) is False]
    if wrong:
        return f"The accounts of {', '.join(wrong)} do not add up."
    quarantined = round(sum(number(table.get("quarantined")) or 0 for table in tables))
    warned = sum(bool(table.get("warnings")) for table in tables)
    text = f"{plural(len(tables), 'table')} published; every record read is accounted for"
    text += f", {plural(quarantined, 'row')} quarantined" if quarantined else ", nothing quarantined"
    text += f"; {plural(warned, 'table')} with warnings" if warned else ""
    changed = [said(table.get("table")) for table in tables if table.get("caveats")]
    return f"{text}. Read the caveats of {', '.join(changed)} first." if changed else f"{text}."


def _accounts(tables: list[Mapping[str, Any]]) -> Grid | None:
    if not tables:
        return None
    rows = [
        (
            Cell(said(table.get("table")), "synthetic sample" if table.get("sample") else ""),
            Cell(said(table.get("version"))),
            *(Cell(count(table.get(part))) for part in ("read", *PARTS)),
            Cell(*_verdict(table)),
            Cell(count(len(table.get("warnings") or []))),
        )
        for table in tables
    ]
    headings = ("Table", "Version", "Read", "Published", "Quarantined", "Duplicates", "Adds up", "Warnings")
    return Grid(
        tuple(Column(heading, is_number=heading not in {"Table", "Adds up"}) for heading in headings),
        tuple(rows),
        "Read = published + quarantined + exact duplicates.",
    )


def _verdict(table: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Text, second line, swatch and mark of the cell that says whether the counts add up."""
    verdict = adds_up(table)
    if verdict is None:
        return DASH, "", "", ""
    return ("yes", "", "", "good") if verdict else ("no", "", "", "bad")


def _entry(table: Mapping[str, Any]) -> Summary:
    name = said(table.get("table"))
    rejected = [row for row in table.get("rejected") or [] if isinstance(row, Mapping)]
    return {
        "name": name,
        "anchor": slug(name),
        "meaning": said(table.get("meaning"), ""),
        "version": said(table.get("version")),
        "is_sample": bool(table.get("sample")),
        "source": said(table.get("source")),
        "published_at": when(table.get("published_at")),
        "equation": [count(table.get(part)) for part in ("read", *PARTS)],
        "adds_up": adds_up(table),
        "notes": [str(note) for note in table.get("notes") or []],
        "caveats": [str(caveat) for caveat in table.get("caveats") or []],
        "warnings": [str(warning) for warning in table.get("warnings") or []],
        "rejected": [_rejected(row) for row in rejected],
        "more_rejected": max(0, round(number(table.get("quarantined")) or 0) - len(rejected)),
    }


def _rejected(row: Mapping[str, Any]) -> Summary:
    return {
        "source": said(row.get("source")),
        "source_row": count(row.get("source_row")),
        "reasons": [str(reason) for reason in row.get("reasons") or []],
        "record": readable(said(row.get("record"), "")),
    }


def readable(record: str) -> str:
    """A record's JSON with one column a line; what is no JSON stays as it is."""
    try:
        return json.dumps(json.loads(record), indent=2, ensure_ascii=False)
    except json.JSONDecodeError:
        return record


PAGE = Page(
    name="tables",
    label="Tables",
    group="Data",
    title="Where did every record go?",
    question="Nothing is published unchecked and nothing is dropped in silence: a record is published, "
    "quarantined with its reason, or an exact duplicate of another.",
    needs=("tables",),
    command="genrelab nightly",
    fill=fill,
    has_charts=False,
)
