"""Stores the audit records of a table: one of the published version, and one of a refused update.

Conventions: `data/state/validation/<table>.json` describes the version that was published last, and
`<table>.refused.json` a later update that was refused; publishing removes the latter. A record of another version
or a truncated one counts as missing. How a table is checked does not belong here but in the suites of `expectations`.
"""

import re
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
"""With fewer rejected records the share is not significant; they are quarantined unless they are more than half."""
OF_ROWS = re.compile(r"([\d,]+ of [\d,]+) rows")
_REFUSED_FILE = ".refused.json"


@dataclass(frozen=True)
class Example:
    """A row that breaks a rule.

    Args:
        source: File or address.
        source_row: Number of the row there; None for a column of a wide table.
        value: What breaks the rule: the value, or the values that contradict each other.
        track: Artist and title, where the table has them.
    """

    source: str
    source_row: int | None
    value: object
    track: str = ""


@dataclass(frozen=True)
class Check:
    """One rule of a suite and its result for the table.

    Args:
        rule: Name, `<column or table>: <what must hold>`.
        kind: `presence`, `range`, `closed set`, `uniqueness`, `size`, `reader` or `knowledge`.
        severity: `critical` rejects rows or refuses the table, `warning` is reported.
        reason: Why the rule exists, if a person wrote it.
        column: Column of the rule.
        human: Whether a person wrote the rule; all others follow from the declaration.
        passed: Whether the rule holds.
        failing: Rows (columns, of a wide table) that break it.
        observed: What was found, in words.
        examples: The first rows that break it.
        expectation: Name of the expectation of Great Expectations, empty for a check of the reader.
        released: Failing rows that were admitted by a waiver.
        broken: What is wrong with the failing rows, in words that follow their number: `tracks have tempo 0`; empty
            where nobody wrote it.
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
    broken: str = ""

    @property
    def sentence(self) -> str:
        """The failure in one line, with the rule and the reason."""
        more = f"rule {self.rule}" if self.broken else self.reason
        return self.headline + (f" ({more})" if more else "")

    @property
    def headline(self) -> str:
        """What is wrong with how many rows, as far as somebody wrote it; else the rule that they break.

        >>> from dataclasses import replace
        >>> rows = "71 of 38,535 rows"
        >>> zeros = Check("tempo: above 0", "knowledge", WARNING, "", "tempo", True, False, 71, rows)
        >>> zeros.headline
        '71 of 38,535 rows break the rule "tempo: above 0"'
        >>> replace(zeros, broken="tracks have tempo 0").headline
        '71 of 38,535 tracks have tempo 0'
        """
        rows = OF_ROWS.fullmatch(self.observed)
        if not rows:
            return f"{self.rule}: {self.observed}" if self.observed else self.rule
        return f"{rows[1]} {self.broken}" if self.broken else f'{self.observed} break the rule "{self.rule}"'


@dataclass(frozen=True)
class AuditRecord:
    """The audit of a table; docs/validation.md explains every value.

    Args:
        table: Its name.
        version: Number of the published version; None for a refused update.
        checked_at: When, ISO 8601.
        source: Where the records came from.
        sample: Whether they are synthetic.
        verdict: `passed`, `warned` or `refused`.
        read: Records in the source.
        rows: Rows published; for a refused update, the legal rows.
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
    """Whether too many records are rejected for the table to be published.

    A single bad record of ten is 10 % and no sign of a broken source, so at least `FEWEST` records must be
    rejected, or more than half of them.

    >>> is_past(3, 40), is_past(5, 40), is_past(3, 4), is_past(5, 1000)
    (False, True, True, False)
    """
    return rejected > limit * read and (rejected >= FEWEST or rejected * 2 > read)


def write_record(home: Home, record: AuditRecord) -> None:
    """Store the record of a published version, or of a refused update."""
    published, refused = _files(home, record.table)
    if record.verdict == REFUSED:
        write_json(refused, encode(record))
        return
    write_json(published, encode(record))
    refused.unlink(missing_ok=True)


def read_records(home: Home) -> list[AuditRecord]:
    """Return every record by table; a refused update follows the version in use."""
    tables = sorted({file.name.partition(".")[0] for file in _folder(home).glob("*.json")})
    found = [_read(file) for table in tables for file in _files(home, table)]
    return [record for record in found if record]


def read_record(home: Home, table: str) -> AuditRecord | None:
    """Return the record of the last published version of a table, or None."""
    return _read(_files(home, table)[0])


def refused_try(home: Home, table: str) -> AuditRecord | None:
    """Return the record of an update that was refused since the table was last published."""
    return _read(_files(home, table)[1])


def fallback_notices(home: Home, tables: Iterable[str]) -> list[str]:
    """Return a sentence for each table whose last good version is used because a newer one was refused.

    A table that was computed from such a table counts too.
    """
    return [sentence for table in tables if (sentence := _fallback_notice(home, table))]


def _fallback_notice(home: Home, table: str, derived: str = "") -> str:
    refused = refused_try(home, table)
    if refused:
        version = refused.last_good
        kept = f"version {version}, the last good one" if version is not None else "which has no version"
        through = f"; {derived} was computed from it" if derived else ""
        return (
            f"on {table}, {kept}{through}: the update of {refused.checked_at[:16].replace('T', ' ')} "
            f"was refused: {'; '.join(refused.refusals)}"
        )
    last_good = read_record(home, table)
    origins = (
        (_fallback_notice(home, origin, derived or table) for origin in last_good.made_from)
        if last_good
        else ()
    )
    return next(filter(None, origins), "")


def _read(file: Path) -> AuditRecord | None:
    return decode(AuditRecord, read_json(file))


def _folder(home: Home) -> Path:
    return home.state / "validation"


def _files(home: Home, table: str) -> tuple[Path, Path]:
    """Return the files of the record of the version in use and of the refused update."""
    return _folder(home) / f"{table}.json", _folder(home) / f"{table}{_REFUSED_FILE}"
