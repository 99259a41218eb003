"""What the audit of a table found: one record per table, and one for a try that was refused.

Conventions: `data/state/validation/<table>.json` tells of the version that was published last and
`<table>.refused.json` of a later try that was refused; publishing removes the latter. A record holds JSON values
only, so that a reader needs neither the suites nor the lake. How a table is judged does not belong here: the
suites in `expectations` do that.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from genrelab.files import read_json, write_json
from genrelab.home import Home

PASSED, WARNED, REFUSED = "passed", "warned", "refused"
REFUSE_ABOVE = 0.05
"""Share of a source's records that may be rejected before the table is refused."""
FEWEST = 5
"""A share of fewer rejected records says little of a source: they are quarantined, unless they are most of it."""
_REFUSED_FILE = ".refused.json"


def is_past(rejected: int, read: int, limit: float = REFUSE_ABOVE) -> bool:
    """Whether so many records are rejected that the table is refused.

    A single bad record of ten is 10 % and no sign of a broken source, so at least `FEWEST` records must be
    rejected, or more than half of them.

    >>> is_past(3, 40), is_past(5, 40), is_past(3, 4), is_past(5, 1000)
    (False, True, True, False)
    """
    return rejected > limit * read and (rejected >= FEWEST or rejected * 2 > read)


def write_record(home: Home, record: Mapping[str, Any]) -> None:
    """Keep the record of a published version, or of a refused try.

    Args:
        home: Where.
        record: With `table` and `verdict`; see docs/validation.md.
    """
    folder, table = _folder(home), record["table"]
    if record["verdict"] == REFUSED:
        write_json(folder / f"{table}{_REFUSED_FILE}", dict(record))
        return
    write_json(folder / f"{table}.json", dict(record))
    (folder / f"{table}{_REFUSED_FILE}").unlink(missing_ok=True)


def read_records(home: Home) -> list[dict[str, Any]]:
    """Every record, by table; that of a refused try stands after that of the version in use."""
    files = sorted(_folder(home).glob("*.json"), key=lambda file: (file.name.split(".")[0], len(file.name)))
    return [record for file in files if (record := read_json(file))]


def read_record(home: Home, table: str) -> dict[str, Any] | None:
    """The record of the version of a table that was published last, None when there is none."""
    return read_json(_folder(home) / f"{table}.json")


def refused_try(home: Home, table: str) -> dict[str, Any] | None:
    """The record of a try to publish that was refused since the table was last published."""
    return read_json(_folder(home) / f"{table}{_REFUSED_FILE}")


def standing_in(home: Home, tables: Iterable[str]) -> list[str]:
    """A sentence for each of the tables whose last good version stands in for a refused try.

    A table that was computed from such a table counts too.
    """
    return [sentence for table in tables if (sentence := _stands_in(home, table))]


def _stands_in(home: Home, table: str, derived: str = "") -> str:
    refused = refused_try(home, table)
    last_good = read_record(home, table)
    if refused:
        version = refused["last_good"]
        kept = f"version {version}, the last good one" if version is not None else "which has no version"
        through = f"; {derived} was made from it" if derived else ""
        return (
            f"on {table}, {kept}{through}: the try of {refused['checked_at'][:16].replace('T', ' ')} "
            f"was refused: {'; '.join(refused['refusals'])}"
        )
    for origin in (last_good or {}).get("made_from", {}):
        sentence = _stands_in(home, origin, derived or table)
        if sentence:
            return sentence
    return ""


def _folder(home: Home) -> Path:
    return home.state / "validation"
