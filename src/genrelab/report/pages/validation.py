"""What every table was checked for, what failed, and what a refused table leaves in use."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.exploration import items
from genrelab.report.figure import Cell, Column, Grid, columns, text_cells
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.wording import (
    DASH,
    count,
    listing,
    number,
    percent,
    plural,
    said,
    seconds,
    sentence,
    when,
)

REFUSED, WARNED, PASSED = "refused", "warned", "passed"
ORDER = (REFUSED, WARNED, PASSED)
MARKS = {REFUSED: "bad", WARNED: "warn", PASSED: "good"}
CRITICAL = "critical"
KINDS = {
    "presence": "no value missing that must be there",
    "range": "values within their legal range",
    "closed set": "values out of a closed set",
    "uniqueness": "keys unique",
    "size": "as many rows and columns as declared",
    "reader": "values of the declared type",
    "knowledge": "what only a person knows",
}
"""Kinds of checks in words, in the order of the columns."""
LONGEST, NAMED = 160, 6


def fill(facts: Facts) -> Summary:
    """The matrix of all tables, and one entry for each; refused tables come first."""
    records = items((facts.get("validation") or {}).get("records"))
    entries = sorted(
        (_entry(record) for record in records), key=lambda one: (ORDER.index(one["verdict"]), one["name"])
    )
    return {
        "finding": _finding(records),
        "refused": [entry for entry in entries if entry["verdict"] == REFUSED],
        "matrix": _matrix(records),
        "kinds": _kinds(records),
        "entries": entries,
    }


def verdict_of(record: Mapping[str, Any]) -> str:
    """One of `ORDER`; a record that does not say is told by what failed."""
    told = record.get("verdict")
    if told in ORDER:
        return str(told)
    return WARNED if _failed(record) else PASSED


def _failed(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Checks that do not hold, critical ones and those of most rows first."""
    failed = [check for check in items(record.get("checks")) if check.get("passed") is False]
    return sorted(
        failed, key=lambda one: (one.get("severity") != CRITICAL, -(number(one.get("failing")) or 0))
    )


def _finding(records: Sequence[Mapping[str, Any]]) -> str:
    if not records:
        return ""
    verdicts = Counter(map(verdict_of, records))
    parts = [f"{count(verdicts[PASSED])} passed every check"] if verdicts[PASSED] else []
    parts += [f"{count(verdicts[WARNED])} passed with warnings"] if verdicts[WARNED] else []
    text = (
        f"Of {plural(len({said(one.get('table')) for one in records}), 'table')}, {listing(parts)}"
        if parts
        else ""
    )
    refused = [one for one in records if verdict_of(one) == REFUSED]
    told = "; ".join(f"the table {said(one.get('table'))} was refused, {_in_use(one)}" for one in refused)
    return ". ".join(filter(None, [sentence(told), text])) + "."


def _in_use(record: Mapping[str, Any]) -> str:
    """What readers see instead of a refused try."""
    last = number(record.get("last_good"))
    return (
        "no version of it is in use"
        if last is None
        else f"version {count(last)}, the last good one, is in use"
    )


def _matrix(records: Sequence[Mapping[str, Any]]) -> Grid | None:
    if not records:
        return None
    rows = []
    for record in sorted(records, key=lambda one: (ORDER.index(verdict_of(one)), said(one.get("table")))):
        checks, failed = items(record.get("checks")), _failed(record)
        critical = sum(one.get("severity") == CRITICAL for one in failed)
        warned, verdict = len(failed) - critical, verdict_of(record)
        name, version = said(record.get("table")), number(record.get("version"))
        below = _in_use(record) if verdict == REFUSED else f"version {count(version)}"
        rows.append(
            (
                Cell(name, "synthetic sample" if record.get("sample") else ""),
                Cell(verdict, below, mark=MARKS[verdict]),
                Cell(count(len(checks) - len(failed)), f"of {count(len(checks))}"),
                Cell(count(warned), mark="warn" if warned else ""),
                Cell(count(critical), mark="bad" if critical else ""),
                Cell(count(record.get("read"))),
                Cell(*_published(record)),
                Cell(count(record.get("quarantined")), _share(record)),
                Cell(count(record.get("duplicates"))),
            )
        )
    headings = ("Checks held", "Warned", "Failed", "Rows read", "Published", "Quarantined", "Duplicates")
    return Grid(
        columns("Table", Column("Verdict", is_number=False), *headings),
        tuple(rows),
        "Rows read = published + quarantined + exact duplicates. Warned and failed count checks: a failed "
        "check rejects rows or refuses the table, a warning is told and rejects nothing.",
    )


def _published(record: Mapping[str, Any]) -> tuple[str, str]:
    if verdict_of(record) != REFUSED:
        return count(record.get("rows")), ""
    return "0", f"{count(record.get('rows'))} legal"


def _share(record: Mapping[str, Any]) -> str:
    """Share of the rows that is quarantined, against the limit, where there are any."""
    if not number(record.get("quarantined")):
        return ""
    limit = number(record.get("share_limit"))
    told = percent(record.get("quarantined_share"))
    return f"{told}, limit {percent(limit, 0)}" if limit is not None else told


def _kinds(records: Sequence[Mapping[str, Any]]) -> Grid | None:
    """Table by kind of check: how many hold, of how many."""
    present = {said(check.get("kind")) for record in records for check in items(record.get("checks"))}
    kinds = [kind for kind in KINDS if kind in present] + sorted(present - set(KINDS))
    if not kinds:
        return None
    rows = []
    for record in records:
        cells = []
        for kind in kinds:
            checks = [one for one in items(record.get("checks")) if said(one.get("kind")) == kind]
            failed = [one for one in checks if one.get("passed") is False]
            is_critical = any(one.get("severity") == CRITICAL for one in failed)
            mark = ("bad" if is_critical else "warn") if failed else "good"
            text = f"{count(len(checks) - len(failed))} of {count(len(checks))}"
            cells.append(Cell(text, mark=mark) if checks else Cell(DASH))
        tried = "refused try" if verdict_of(record) == REFUSED else ""
        rows.append((Cell(said(record.get("table")), tried), *cells))
    return Grid(
        (Column("Table", is_number=False), *(Column(sentence(kind), KINDS.get(kind, "")) for kind in kinds)),
        tuple(rows),
        "How many checks of each kind hold.",
    )


def _entry(record: Mapping[str, Any]) -> Summary:
    name, verdict = said(record.get("table")), verdict_of(record)
    checks = items(record.get("checks"))
    human = [check for check in checks if check.get("human")]
    derived = [check for check in checks if not check.get("human")]
    return {
        "name": name,
        "anchor": slug(f"{name} {verdict}" if verdict == REFUSED else name),
        "verdict": verdict,
        "version": count(record.get("version")),
        "in_use": _in_use(record),
        "is_sample": bool(record.get("sample")),
        "source": said(record.get("source")),
        "checked_at": when(record.get("checked_at")),
        "seconds": seconds(record.get("seconds")),
        "refusals": [str(refusal) for refusal in record.get("refusals") or []],
        "equation": [count(record.get(part)) for part in ("read", "rows", "quarantined", "duplicates")],
        "share": _share(record),
        "failed": [_told(check) for check in _failed(record)],
        "human": _human(human),
        "derived": _derived(derived),
        "derived_count": count(len(derived)),
        "holds": not any(check.get("passed") is False for check in derived),
    }


def _told(check: Mapping[str, Any]) -> Summary:
    """A check that does not hold, with its worst examples."""
    examples = items(check.get("examples"))
    return {
        "rule": said(check.get("rule"), "unnamed"),
        "severity": said(check.get("severity"), "warning"),
        "reason": said(check.get("reason"), ""),
        "observed": _observed(check),
        "is_human": bool(check.get("human")),
        "examples": Grid(
            (Column("Source", is_number=False), Column("Row"), Column("Value", is_number=False)),
            tuple(
                text_cells(said(one.get("source")), count(one.get("source_row")), _short(one.get("value")))
                for one in examples
            ),
        )
        if examples
        else None,
    }


def _observed(check: Mapping[str, Any]) -> str:
    failing, observed = number(check.get("failing")), said(check.get("observed"), "")
    rows = plural(round(failing), "row") if failing else ""
    released = number(check.get("released"))
    let_in = f"{count(released)} of them let in by a person" if released else ""
    told = [rows if not observed.startswith(rows.split(" ")[0]) else "", observed, let_in]
    return "; ".join(part for part in told if part)


def _short(value: Any) -> str:
    text = "missing" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _human(checks: Sequence[Mapping[str, Any]]) -> Grid | None:
    if not checks:
        return None
    return Grid(
        columns(
            "What must hold",
            Column("Severity", is_number=False),
            Column("Result", is_number=False),
        ),
        tuple(
            text_cells(
                Cell(said(check.get("rule"), "unnamed"), said(check.get("reason"), "")),
                said(check.get("severity")),
                _result(check),
            )
            for check in checks
        ),
    )


def _result(check: Mapping[str, Any]) -> Cell:
    if check.get("passed") is not False:
        return Cell("holds", said(check.get("observed"), ""), mark="good")
    is_critical = check.get("severity") == CRITICAL
    return Cell(
        "failed" if is_critical else "warned", _observed(check), mark="bad" if is_critical else "warn"
    )


def _derived(checks: Sequence[Mapping[str, Any]]) -> Grid | None:
    """The checks that follow from the declaration, by kind: a wide table has two thousand of them."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for check in checks:
        kinds.setdefault(said(check.get("kind")), []).append(check)
    if not kinds:
        return None
    return Grid(
        columns("Kind", "Checks", "Hold", Column("Of", is_number=False)),
        tuple(
            text_cells(
                Cell(sentence(kind), KINDS.get(kind, "")),
                count(len(found)),
                count(sum(one.get("passed") is not False for one in found)),
                _names(found),
            )
            for kind, found in kinds.items()
        ),
    )


def _names(checks: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(said(check.get("column"), "") for check in checks if check.get("column")))
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {count(rest)} more" if rest > 0 else "")


PAGE = Page(
    name="validation",
    label="Validation",
    group="Data",
    title="Can the tables be trusted?",
    question="Every table is checked before anybody sees it: against its declaration, and against what only a "
    "person knows. Rows that fail are quarantined; a table of which too much fails is refused, and its last good "
    "version stays in use.",
    needs=("validation",),
    command="genrelab nightly",
    fill=fill,
    has_charts=False,
)
