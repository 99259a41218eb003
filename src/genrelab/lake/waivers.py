"""Waivers: a person's decision to publish rows although they break a rule.

Conventions: a waiver names a table, a rule and a source. It applies whenever that source is read, so a re-run changes
nothing. Only rows that break no other rule are admitted. Waivers are stored in `quarantine/releases.json` of the lake,
beside the rejected rows, because they are decisions and not the state of a step.

Rules about the type, presence or identity of a value cannot be waived: such a row cannot be in the table.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from genrelab.lake.schema import Table
from genrelab.lake.storage import storage_of
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import as_json, json_or_none
from genrelab.runtime.home import Home

FILE = "quarantine/releases.json"


@dataclass(frozen=True)
class Waiver:
    """One waiver.

    Args:
        table: Table of the rows.
        rule: The rule that the rows break.
        source: Source of the rows.
        reason: Why the rows are correct.
        who: Who decided.
        when: Time of the decision, ISO 8601.
    """

    table: str
    rule: str
    source: str
    reason: str
    who: str
    when: str


def read_waivers(home: Home, table: str | None = None) -> list[Waiver]:
    """Return all waivers, or those of one table, oldest first."""
    found = [Waiver(**each) for each in json_or_none(storage_of(home).read(FILE)) or []]
    return [each for each in found if table in (None, each.table)]


def add_waiver(home: Home, release: Waiver) -> None:
    """Store a waiver; it replaces an older one for the same rows."""
    kept = [each for each in read_waivers(home) if not _is_same(each, release)]
    _store(home, [*kept, release])


def withdraw_waiver(home: Home, table: str, rule: str) -> list[Waiver]:
    """Remove the waivers of a rule and return them."""
    every = read_waivers(home)
    gone = [each for each in every if (each.table, each.rule) == (table, rule)]
    if gone:
        _store(home, [each for each in every if each not in gone])
    return gone


def waived_rules(home: Home, table: str, source: str) -> frozenset[str]:
    """Return the rules that rows of a source may break in a table."""
    return frozenset(
        each.rule for each in read_waivers(home, table) if home.short(each.source) == home.short(source)
    )


def waivable_rules(table: Table) -> frozenset[str]:
    """Return the rules of a declaration that can be waived: legal ranges and closed sets."""
    return frozenset(
        f"{column.name}: {column.allowed}"
        for column in table
        if column.choices or column.low is not None or column.high is not None
    )


def why_not(table: Table, rule: str) -> str:
    """Return why a rule cannot be waived; empty if it can."""
    if rule in waivable_rules(table):
        return ""
    kind = rule.partition(": ")[2]
    if kind == "present":
        return "the declaration says that the value is never missing, and later steps rely on it"
    if kind == "unique":
        return "the key identifies a row; two rows with the same key cannot both be in the table"
    return "the value is not of the column's type, so the row cannot be in the table"


def rows_of(rejected: pa.Table, table: Table) -> pa.Table:
    """Return rejected records as rows of their table.

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
            do="correct the source and ingest it again",
        ) from error


def only_breaking(rejected: pa.Table, rules: Iterable[str]) -> list[bool]:
    """Return for each rejected record whether it breaks only these rules."""
    allowed = set(rules)
    return [set(broken) <= allowed for broken in rejected["rules"].to_pylist()]


def _is_same(one: Waiver, other: Waiver) -> bool:
    return (one.table, one.rule, one.source) == (other.table, other.rule, other.source)


def _store(home: Home, waivers: list[Waiver]) -> None:
    storage_of(home).write(FILE, as_json([asdict(each) for each in waivers]))
