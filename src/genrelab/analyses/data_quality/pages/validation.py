"""The page of validation: the checks of every table, what failed, and which version is in use."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from genrelab.analyses.data_quality.analysis import VALIDATION
from genrelab.analyses.data_quality.result import Audits
from genrelab.lake.validation_records import CRITICAL, PASSED, REFUSED, WARNED, AuditRecord, Check, Example
from genrelab.report.figure import Cell, Column, Grid, columns, table_of, text_cells, text_column
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import slug
from genrelab.report.vocabulary import in_order
from genrelab.report.wording import (
    DASH,
    count,
    listing,
    percent,
    plural,
    seconds,
    sentence,
    text_or_dash,
    when,
)

ORDER = (REFUSED, WARNED, PASSED)
MARKS = {REFUSED: "bad", WARNED: "warn", PASSED: "good"}
KINDS = {
    "presence": "no required value is missing",
    "range": "values are within their allowed range",
    "closed set": "values belong to a closed set",
    "uniqueness": "keys are unique",
    "size": "the declared number of rows and columns",
    "reader": "values have the declared type",
    "knowledge": "checks written by people",
}
"""What each kind of check requires, in the order of the columns."""
LONGEST, NAMED = 160, 6


def fill(found: Audits) -> Summary:
    """Return the matrix of all tables, and one entry for each; refused tables come first."""
    records = sorted(found.records, key=lambda one: (ORDER.index(one.verdict), one.table))
    entries = [_entry(record) for record in records]
    return {
        "finding": _finding(found.records),
        "refused": [entry for entry in entries if entry["verdict"] == REFUSED],
        "matrix": _matrix(records),
        "kinds": _kinds(found.records),
        "entries": entries,
    }


def _failed(checks: Sequence[Check]) -> list[Check]:
    """Return the failed checks, critical ones and those with most failing rows first."""
    failed = [check for check in checks if not check.passed]
    return sorted(failed, key=lambda one: (one.severity != CRITICAL, -one.failing))


def _finding(records: Sequence[AuditRecord]) -> str:
    verdicts = Counter(record.verdict for record in records)
    parts = [f"{count(verdicts[PASSED])} passed every check"] if verdicts[PASSED] else []
    parts += [f"{count(verdicts[WARNED])} passed with warnings"] if verdicts[WARNED] else []
    tables = plural(len({record.table for record in records}), "table")
    refused = [
        f"the table {record.table} was refused, {_in_use(record)}"
        for record in records
        if record.verdict == REFUSED
    ]
    sentences = [sentence("; ".join(refused)), f"Of {tables}, {listing(parts)}" if parts else ""]
    return ". ".join(filter(None, sentences)) + "."


def _in_use(record: AuditRecord) -> str:
    """Say which version is in use after a refusal."""
    if record.last_good is None:
        return "no version of it is in use"
    return f"version {count(record.last_good)}, the last good one, is in use"


def _matrix(records: Sequence[AuditRecord]) -> Grid:
    rows = []
    for record in records:
        failed = _failed(record.checks)
        critical = sum(one.severity == CRITICAL for one in failed)
        warned, is_refused = len(failed) - critical, record.verdict == REFUSED
        below = _in_use(record) if is_refused else f"version {count(record.version)}"
        rows.append(
            (
                Cell(record.table, "synthetic sample" if record.sample else ""),
                Cell(record.verdict, below, mark=MARKS[record.verdict]),
                Cell(count(len(record.checks) - len(failed)), f"of {count(len(record.checks))}"),
                Cell(count(warned), mark="warn" if warned else ""),
                Cell(count(critical), mark="bad" if critical else ""),
                Cell(count(record.read)),
                Cell("0", f"{count(record.rows)} valid") if is_refused else Cell(count(record.rows)),
                Cell(count(record.quarantined), _share(record)),
                Cell(count(record.duplicates)),
            )
        )
    headings = ("Checks held", "Warned", "Failed", "Rows read", "Published", "Quarantined", "Duplicates")
    return Grid(
        columns("Table", Column("Verdict", is_number=False), *headings),
        tuple(rows),
        "Rows read = published + quarantined + exact duplicates. Warned and failed count checks: a failed "
        "check rejects rows or refuses the table; a warning is reported and rejects nothing.",
    )


def _share(record: AuditRecord) -> str:
    """Return the quarantined share of the rows beside its limit; empty when no row is quarantined."""
    if not record.quarantined:
        return ""
    return f"{percent(record.quarantined_share)}, limit {percent(record.share_limit, 0)}"


def _kinds(records: Sequence[AuditRecord]) -> Grid | None:
    """Return how many checks of each kind passed, by table."""
    kinds = in_order([check.kind for record in records for check in record.checks], list(KINDS))
    if not kinds:
        return None
    rows = []
    for record in records:
        cells = []
        for kind in kinds:
            checks = [one for one in record.checks if one.kind == kind]
            failed = [one for one in checks if not one.passed]
            is_critical = any(one.severity == CRITICAL for one in failed)
            mark = ("bad" if is_critical else "warn") if failed else "good"
            text = f"{count(len(checks) - len(failed))} of {count(len(checks))}"
            cells.append(Cell(text, mark=mark) if checks else Cell(DASH))
        rows.append((Cell(record.table, "refused version" if record.verdict == REFUSED else ""), *cells))
    return Grid(
        (Column("Table", is_number=False), *(Column(sentence(kind), KINDS[kind]) for kind in kinds)),
        tuple(rows),
        "Number of passed checks of each kind.",
    )


def _entry(record: AuditRecord) -> Summary:
    name, verdict = record.table, record.verdict
    human = [check for check in record.checks if check.human]
    derived = [check for check in record.checks if not check.human]
    return {
        "name": name,
        "anchor": slug(f"{name} {verdict}" if verdict == REFUSED else name),
        "verdict": verdict,
        "version": count(record.version),
        "in_use": _in_use(record),
        "is_sample": record.sample,
        "source": text_or_dash(record.source),
        "checked_at": when(record.checked_at),
        "seconds": seconds(record.seconds),
        "refusals": record.refusals,
        "equation": [
            count(part) for part in (record.read, record.rows, record.quarantined, record.duplicates)
        ],
        "share": _share(record),
        "failed": [_failed_check(check) for check in _failed(record.checks)],
        "human": _human(human) if human else None,
        "derived": _derived(derived) if derived else None,
        "derived_count": count(len(derived)),
        "holds": all(check.passed for check in derived),
    }


def _failed_check(check: Check) -> Summary:
    """Return a failed check with its worst examples."""
    return {
        "headline": sentence(check.headline),
        "rule": check.rule,
        "severity": check.severity,
        "reason": "" if check.broken and check.reason in check.broken else check.reason,
        "observed": _more(check),
        "is_human": check.human,
        "examples": _examples(check.examples) if check.examples else None,
    }


def _examples(examples: Sequence[Example]) -> Grid:
    """Return examples: the track where it is known, what is wrong with it, and where it stands."""
    named = any(one.track for one in examples)
    return table_of(
        examples,
        *([(text_column("Track"), lambda one: text_or_dash(_short(one.track)))] if named else []),
        (text_column("Value"), lambda one: _short(one.value)),
        (text_column("Source"), lambda one: text_or_dash(one.source)),
        ("Row", lambda one: count(one.source_row)),
    )


def _more(check: Check) -> str:
    """Return what the headline of a failed check does not say: the rows that a reader refused, and waivers."""
    said = _observed(check)
    for known in (check.headline, check.observed):
        said = said.removeprefix(known).removeprefix("; ")
    return said


def _observed(check: Check) -> str:
    rows = plural(check.failing, "row") if check.failing else ""
    admitted = f"{count(check.released)} of them admitted by a waiver" if check.released else ""
    parts = ["" if check.observed.startswith(rows.split(" ")[0]) else rows, check.observed, admitted]
    return "; ".join(filter(None, parts))


def _short(value: object) -> str:
    text = "missing" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _human(checks: Sequence[Check]) -> Grid:
    return Grid(
        columns("Check", Column("Severity", is_number=False), Column("Result", is_number=False)),
        tuple(text_cells(Cell(check.rule, check.reason), check.severity, _result(check)) for check in checks),
    )


def _result(check: Check) -> Cell:
    if check.passed:
        return Cell("holds", check.observed, mark="good")
    is_critical = check.severity == CRITICAL
    return Cell(
        "failed" if is_critical else "warned", _observed(check), mark="bad" if is_critical else "warn"
    )


def _derived(checks: Sequence[Check]) -> Grid:
    """Return the checks derived from the declaration, by kind: a wide table has two thousand of them."""
    kinds: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        kinds[check.kind].append(check)
    return Grid(
        columns("Kind", "Checks", "Passed", Column("Columns", is_number=False)),
        tuple(
            text_cells(
                Cell(sentence(kind), KINDS[kind]),
                count(len(found)),
                count(sum(one.passed for one in found)),
                _names(found),
            )
            for kind, found in kinds.items()
        ),
    )


def _names(checks: Sequence[Check]) -> str:
    names = list(dict.fromkeys(check.column for check in checks))
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {count(rest)} more" if rest > 0 else "")


PAGE = Page(
    name="validation",
    label="Validation",
    group="Data",
    title="Can the tables be trusted?",
    question="Every table is checked before it is published: against its declaration and against checks written by "
    "people. Rows that fail are quarantined. A table with too many failed rows is refused, and its last good version "
    "stays in use.",
    needs=(VALIDATION.name,),
    command="genrelab nightly",
    fill=of_result(VALIDATION, fill),
    has_charts=False,
)
