"""`genrelab quarantine`: show what was rejected and why, and admit it.

Conventions: records of a refused table are listed beside those that the version in use rejected, and are marked as
such. A release is stored before it is applied; if the process is killed in between, the next ingestion applies it.
"""

import getpass
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import read_records, refused_try
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    import pyarrow as pa

    from genrelab.lake.schema import Table

REFUSED = "refused table"
LONGEST_RECORD = 2_000


def print_list(*, as_json: bool) -> None:
    """Print how many records each rule rejected, one line per table and rule, then the releases."""
    from genrelab.lake.waivers import read_waivers

    home = Home.find()
    found = [
        {"table": name, "rule": rule, "records": count, "refused": kind == REFUSED}
        for name in _tables(home)
        for kind, rejected in _rejected(home, name)
        for rule, count in Counter(
            rule for row in rejected["rules"].to_pylist() for rule in row
        ).most_common()
    ]
    released = read_waivers(home)
    if as_json:
        print(json.dumps({"rejected": found, "released": list(map(asdict, released))}, indent=1))
        return
    for each in found:
        note = f"  ({REFUSED})" if each["refused"] else ""
        print(f"{each['table']:<18} {each['records']:>9,}  {each['rule']}{note}")
    if not found:
        print("The quarantine is empty.")
    for one in released:
        print(f"released           {one.table}: {one.rule}, source {one.source}, by {one.who}: {one.reason}")


def print_table(table: str, limit: int, *, as_json: bool) -> None:
    """Print the rejected records of one table, each with its reasons.

    Raises:
        GenrelabError: The table does not exist.
    """
    home = Home.find()
    _declared(table)
    refused, kinds = refused_try(home, table), list(_rejected(home, table))
    if as_json:
        records = [
            {**row, "refused": kind == REFUSED}
            for kind, rejected in kinds
            for row in rejected.slice(0, limit).to_pylist()
        ]
        facts = {
            "table": table,
            "records": sum(len(rejected) for _, rejected in kinds),
            "shown": records,
            "refused": list(refused.refusals) if refused else [],
        }
        print(json.dumps(facts, indent=1, ensure_ascii=False, default=str))
        return
    for kind, rejected in kinds:
        for row in rejected.slice(0, limit).to_pylist():
            print(f"{row['source']} row {row['source_row']}: {'; '.join(row['reasons'])}{_note(kind)}")
            print(f"    {row['record'][:LONGEST_RECORD]}")
        if len(rejected) > limit:
            print(f"... and {len(rejected) - limit:,} more; a higher --limit shows them")
    if refused:
        print(f"The table of {refused.checked_at[:16].replace('T', ' ')} UTC was refused:")
        for reason in refused.refusals:
            print(f"    {reason}")
    if not refused and not any(len(rejected) for _, rejected in kinds):
        print(f"No record of {table} is in quarantine.")


def release_rule(table: str, rule: str, reason: str) -> None:
    """Admit the rows of a table that break only this rule, now and whenever their source is read again.

    Raises:
        GenrelabError: The table does not exist, the rule rejected no record, the rule cannot be released, or the
            reason is empty.
    """
    from genrelab.lake.waivers import Waiver, add_waiver, why_not

    home, declared = Home.find(), _declared(table)
    if not reason.strip():
        raise GenrelabError("a release needs a reason", do="say why these rows are correct: --reason TEXT")
    found = list(_rejected(home, table))
    waiting = Counter(
        name for _, rows in found for broken in rows["rules"].to_pylist() for name in set(broken)
    )
    if rule not in waiting:
        raise GenrelabError(
            f"no record of {table} is in quarantine for the rule {rule!r}",
            found=", ".join(repr(name) for name in sorted(waiting)) or "nothing in quarantine",
            do=f"name a rule as `genrelab quarantine show {table}` prints it",
        )
    obstacle = why_not(declared, rule)
    if obstacle:
        raise GenrelabError(
            f"the rule {rule!r} of {table} cannot be released",
            found=obstacle,
            allowed="rules about a legal range or a closed set",
            do="fix the source and ingest it again",
        )
    lake = Lake(home)
    refused, version = refused_try(home, table), lake.find(table)
    sources = {refused.source} if refused else set()
    sources |= {version.source} if version and version.quarantine else set()
    for source in sorted(sources):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        add_waiver(home, Waiver(table, rule, source, reason.strip(), _who(), now))
    if refused:
        print(f"{rule}: released. {table} was refused, so ingest {refused.source} again.")
        return
    _apply(lake, declared, rule, waiting[rule])


def withdraw_rule(table: str, rule: str) -> None:
    """Cancel a release; the rows are rejected again when their source is next read.

    Raises:
        GenrelabError: The rule is not released.
    """
    from genrelab.lake.waivers import read_waivers, withdraw_waiver

    home = Home.find()
    _declared(table)
    gone = withdraw_waiver(home, table, rule)
    if not gone:
        released = sorted({each.rule for each in read_waivers(home, table)})
        raise GenrelabError(
            f"the rule {rule!r} of {table} is not released",
            found=", ".join(map(repr, released)) or "no release",
            do="see `genrelab quarantine list`",
        )
    sources = ", ".join(each.source for each in gone)
    print(f"{rule}: no longer released. Ingest {sources} again to reject the rows.")


def _apply(lake: Lake, table: "Table", rule: str, waiting: int) -> None:
    from tasks.publishing.publish import publish_released

    before = lake.current(table.name)
    version = publish_released(lake, table)
    admitted = version.counts.rows - before.counts.rows if version else 0
    still = waiting - admitted
    print(
        f"{rule}: released; {admitted:,} rows admitted to {table.name}"
        + (f" version {version.version}" if version else "")
    )
    if still > 0:
        print(f"{still:,} records also break other rules and stay in quarantine.")
    if version:
        print(f"{table.name}: {version.counts}")
        print("Run `genrelab nightly` to update everything computed from this table.")


def _tables(home: Home) -> list[str]:
    return sorted({*Lake(home).tables(), *(record.table for record in read_records(home))})


def _rejected(home: Home, table: str) -> "Iterator[tuple[str, pa.Table]]":
    """Rejected records of the version in use, and of a table refused since then."""
    lake = Lake(home)
    if lake.find(table):
        yield "", lake.rejected(table)
    refused = refused_try(home, table)
    if refused and refused.quarantine:
        import pyarrow.parquet as pq

        file = lake.storage.fetch(f"quarantine/{refused.quarantine}")
        if file.is_file():
            yield REFUSED, pq.read_table(file)


def _declared(table: str) -> "Table":
    from genrelab.tables import TABLES

    if table not in TABLES:
        raise GenrelabError(
            f"there is no table {table}",
            allowed=", ".join(TABLES),
            do="`genrelab tables` lists what is published",
        )
    return TABLES[table]


def _note(kind: str) -> str:
    return f"  ({kind})" if kind else ""


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may know no name for its user
        return "unknown"
