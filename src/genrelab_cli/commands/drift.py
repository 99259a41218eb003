"""`genrelab drift`: which tables have drifted, and accepting that the new data are right."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from genrelab.analyses.drift.result import DriftStatus


@click.group()
def drift() -> None:
    """What moved between two versions of a table: a drift keeps new champions back."""


@drift.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def drift_show(as_json: bool) -> None:
    """How every table stands against the version before it, of the same source.

    \b
    genrelab drift show
    genrelab drift show --json
    """
    print_drift(as_json=as_json)


@drift.command("accept")
@click.argument("table")
@click.option("--reason", required=True, help="Why the new data are right, for whoever asks later.")
def drift_accept(table: str, reason: str) -> None:
    """Accept the drift of one TABLE: its newest version is what later ones are compared with.

    \b
    genrelab drift accept spotify_binned --reason "the new scraper reaches smaller artists"
    """
    accept_drift(table, reason)


def print_drift(*, as_json: bool) -> None:
    """How every table stands against the version before it."""
    from genrelab.runtime.home import Home
    from genrelab.runtime.records import encode
    from tasks.drift_status import statuses

    found = statuses(Home.find())
    if as_json:
        told = ("table", "version", "status", "earlier", "source", "findings", "accepted")
        shown = [{key: values[key] for key in told} for values in map(encode, found)]
        print(json.dumps(shown, indent=1, ensure_ascii=False))
        return
    if not found:
        print("No table has been measured yet: run `genrelab train`.")
    for one in found:
        print(f"{one.table:<18} version {one.version:<4} {_verdict(one)}")
        for finding in one.findings:
            print(f"    {finding.says}")
        if one.accepted:
            print(f"    accepted on {one.accepted.at[:10]}: {one.accepted.reason}")
    for one in found:
        if one.is_open:
            print(f'When the new data are right: genrelab drift accept {one.table} --reason "..."')


def accept_drift(table: str, reason: str) -> None:
    """Accept the drift of one table, with the reason."""
    from genrelab.runtime.home import Home
    from tasks.drift_status import accept

    status = accept(Home.find(), table, reason)
    print(
        f"Accepted: {table} version {status.version} is what later versions are compared with. "
        "The next `genrelab train` lets the challenger try again."
    )


def _verdict(status: "DriftStatus") -> str:
    from genrelab.analyses.drift.result import COMPARED, FIRST

    if status.status == FIRST:
        return "the first of its source: nothing to compare"
    if status.earlier is None or (status.status != COMPARED and not status.findings):
        return "the version before is no longer kept: nothing to compare"
    against = f"against version {status.earlier.version}"
    if not status.findings:
        return f"{against}: no drift"
    return f"{against}: {'drifted, accepted' if status.accepted else 'DRIFTED, blocks a new champion'}"
