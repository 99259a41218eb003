"""Releases: a person's decision that rows which break a rule are right all the same.

Conventions: a release names a table, a rule and the source it was made for; it is applied again whenever that
source is read, so a re-run changes nothing. It lets in rows that break released rules only. Kept beside the
quarantine in `data/quarantine/releases.json`, since it is a decision and not the state of a step.

A rule that guards the type, the presence or the identity of a value cannot be released: there is no such row.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from genrelab.lake.schema import Table
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home


@dataclass(frozen=True)
class Waiver:
    """One decision.

    Args:
        table: Whose rows.
        rule: The rule they break.
        source: The source it was made for.
        reason: Why they are right all the same.
        who: Who decided.
        when: ISO 8601.
    """

    table: str
    rule: str
    source: str
    reason: str
    who: str
    when: str


def read_waivers(home: Home, table: str | None = None) -> list[Waiver]:
    """Every release, or those of one table, in the order in which they were made."""
    found = [Waiver(**each) for each in read_json(_file(home)) or []]
    return [each for each in found if table in (None, each.table)]


def add_waiver(home: Home, release: Waiver) -> None:
    """Keep a release; a newer one for the same rows replaces the older."""
    kept = [each for each in read_waivers(home) if not _is_same(each, release)]
    write_json(_file(home), [asdict(each) for each in [*kept, release]])


def withdraw_waiver(home: Home, table: str, rule: str) -> list[Waiver]:
    """Forget the releases of a rule; returns them."""
    every = read_waivers(home)
    gone = [each for each in every if (each.table, each.rule) == (table, rule)]
    if gone:
        write_json(_file(home), [asdict(each) for each in every if each not in gone])
    return gone


def waived_rules(home: Home, table: str, source: str) -> frozenset[str]:
    """The rules that rows of a source may break in a table."""
    return frozenset(
        each.rule for each in read_waivers(home, table) if home.short(each.source) == home.short(source)
    )


def waivable_rules(table: Table) -> frozenset[str]:
    """The rules of a declaration that may be released: legal ranges and closed sets."""
    return frozenset(
        f"{column.name}: {column.allowed}"
        for column in table
        if column.choices or column.low is not None or column.high is not None
    )


def why_not(table: Table, rule: str) -> str:
    """Why a rule cannot be released, empty when it can."""
    if rule in waivable_rules(table):
        return ""
    kind = rule.partition(": ")[2]
    if kind == "present":
        return "the declaration says that the value is never missing, and later steps rely on it"
    if kind == "unique":
        return "the key tells rows apart; two rows with one key cannot both be in the table"
    return "the value is not of the column's type, so there is no row to let in"


def rows_of(rejected: pa.Table, table: Table) -> pa.Table:
    """Rejected records as rows of their table.

    Args:
        rejected: Rows of `genrelab.lake.ingested.QUARANTINE` whose records are typed, as the suites and the FMA's gate
            reject them.
        table: The declaration.

    Raises:
        GenrelabError: A record does not have the declared types.
    """

    def typed(record: dict[str, Any]) -> dict[str, Any]:
        row = {name: record.get(name) for name in table.names}
        for column in table:
            if pa.types.is_timestamp(column.type) and row[column.name] is not None:
                row[column.name] = datetime.fromisoformat(str(row[column.name]))
        return row

    rows = [
        typed(json.loads(each["record"]) | {"source": each["source"], "source_row": each["source_row"]})
        for each in rejected.to_pylist()
    ]
    try:
        return pa.Table.from_pylist(rows, schema=table.schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise GenrelabError(
            f"the rejected records of {table.name} do not have its types",
            found=str(error),
            do="mend the source and ingest it again",
        ) from error


def only_breaking(rejected: pa.Table, rules: Iterable[str]) -> list[bool]:
    """For each rejected record whether it breaks none but these rules."""
    allowed = set(rules)
    return [set(broken) <= allowed for broken in rejected["rules"].to_pylist()]


def _is_same(one: Waiver, other: Waiver) -> bool:
    return (one.table, one.rule, one.source) == (other.table, other.rule, other.source)


def _file(home: Home) -> Path:
    return home.quarantine / "releases.json"
