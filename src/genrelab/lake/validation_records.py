"""What the audit of a table found: one record per table, and one for a try that was refused.

Conventions: `data/state/validation/<table>.json` tells of the version that was published last and
`<table>.refused.json` of a later try that was refused; publishing removes the latter. A record that another version
wrote, or that was cut short, counts as none. How a table is judged does not belong here: the
suites in `expectations` do that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode

PASSED, WARNED, REFUSED = "passed", "warned", "refused"
CRITICAL, WARNING = "critical", "warning"
REFUSE_ABOVE = 0.05
"""Share of a source's records that may be rejected before the table is refused."""
FEWEST = 5
"""A share of fewer rejected records says little of a source: they are quarantined, unless they are most of it."""
_REFUSED_FILE = ".refused.json"


@dataclass(frozen=True)
class Example:
    """A row that breaks a rule; `source_row` is None for a column of a wide table."""

    source: str
    source_row: int | None
    value: object


@dataclass(frozen=True)
class Check:
    """One rule of a suite and how the table stands to it.

    Args:
        rule: Name, `<column or table>: <what must hold>`.
        kind: `presence`, `range`, `closed set`, `uniqueness`, `size`, `reader` or `knowledge`.
        severity: `critical` rejects rows or refuses the table, `warning` is reported.
        reason: Why, where a person wrote the rule.
        column: What the rule is about.
        human: Whether a person wrote it; all others follow from the declaration.
        passed: Whether it holds.
        failing: Rows (columns, of a wide table) that break it.
        observed: What was found, in words.
        examples: The first rows that break it.
        expectation: Name of the expectation of Great Expectations, empty for what a reader judged.
        released: Failing rows that a person let in.
    """

    rule: str
    kind: str
    severity: str
    reason: str
    column: str
    human: bool
    passed: bool
    failing: int = 0
    observed: str = ""
    examples: tuple[Example, ...] = ()
    expectation: str = ""
    released: int = 0

    @property
    def sentence(self) -> str:
        """The failure in one line, with the reason."""
        return f"{self.rule}: {self.observed}" + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True)
class AuditRecord:
    """The audit of a table; docs/validation.md explains every value.

    Args:
        table: Its name.
        version: Number of the version that was published; None of a refused try.
        checked_at: When, ISO 8601.
        source: Where the records came from.
        sample: Whether they are synthetic.
        verdict: `passed`, `warned` or `refused`.
        read: Records in the source.
        rows: Rows published; of a refused try those that are legal.
        quarantined: Records rejected.
        duplicates: Exact duplicates of a published row.
        quarantined_share: Share of the records that is rejected.
        share_limit: The share past which the table is refused.
        checks: Every rule that was checked.
        refusals: Why it was refused; empty where it was published.
        last_good: Number of the version in use; None where there is none.
        origins: Sources of the tables that it was made from, or its own.
        made_from: Versions of the tables that it was computed from.
        quarantine: File of the rejected records below the quarantine; empty where there are none.
        seconds: How long the suite took.
    """

    table: str
    version: int | None
    checked_at: str
    source: str
    sample: bool
    verdict: str
    read: int
    rows: int
    quarantined: int
    duplicates: int
    quarantined_share: float
    share_limit: float
    checks: tuple[Check, ...]
    refusals: tuple[str, ...]
    last_good: int | None
    origins: tuple[str, ...]
    made_from: Mapping[str, int]
    quarantine: str
    seconds: float


def is_past(rejected: int, read: int, limit: float = REFUSE_ABOVE) -> bool:
    """Whether so many records are rejected that the table is refused.

    A single bad record of ten is 10 % and no sign of a broken source, so at least `FEWEST` records must be
    rejected, or more than half of them.

    >>> is_past(3, 40), is_past(5, 40), is_past(3, 4), is_past(5, 1000)
    (False, True, True, False)
    """
    return rejected > limit * read and (rejected >= FEWEST or rejected * 2 > read)


def write_record(home: Home, record: AuditRecord) -> None:
    """Keep the record of a published version, or of a refused try."""
    published, refused = _files(home, record.table)
    if record.verdict == REFUSED:
        write_json(refused, encode(record))
        return
    write_json(published, encode(record))
    refused.unlink(missing_ok=True)


def read_records(home: Home) -> list[AuditRecord]:
    """Every record, by table; that of a refused try stands after that of the version in use."""
    tables = sorted({file.name.partition(".")[0] for file in _folder(home).glob("*.json")})
    found = [_read(file) for table in tables for file in _files(home, table)]
    return [record for record in found if record]


def read_record(home: Home, table: str) -> AuditRecord | None:
    """The record of the version of a table that was published last, None when there is none."""
    return _read(_files(home, table)[0])


def refused_try(home: Home, table: str) -> AuditRecord | None:
    """The record of a try to publish that was refused since the table was last published."""
    return _read(_files(home, table)[1])


def fallback_notices(home: Home, tables: Iterable[str]) -> list[str]:
    """A sentence for each of the tables whose last good version stands in for a refused try.

    A table that was computed from such a table counts too.
    """
    return [sentence for table in tables if (sentence := _stands_in(home, table))]


def _stands_in(home: Home, table: str, derived: str = "") -> str:
    refused = refused_try(home, table)
    if refused:
        version = refused.last_good
        kept = f"version {version}, the last good one" if version is not None else "which has no version"
        through = f"; {derived} was made from it" if derived else ""
        return (
            f"on {table}, {kept}{through}: the try of {refused.checked_at[:16].replace('T', ' ')} "
            f"was refused: {'; '.join(refused.refusals)}"
        )
    last_good = read_record(home, table)
    origins = (
        (_stands_in(home, origin, derived or table) for origin in last_good.made_from) if last_good else ()
    )
    return next(filter(None, origins), "")


def _read(file: Path) -> AuditRecord | None:
    return decode(AuditRecord, read_json(file))


def _folder(home: Home) -> Path:
    return home.state / "validation"


def _files(home: Home, table: str) -> tuple[Path, Path]:
    """Where the record of the version in use lies, and that of a refused try."""
    return _folder(home) / f"{table}.json", _folder(home) / f"{table}{_REFUSED_FILE}"
