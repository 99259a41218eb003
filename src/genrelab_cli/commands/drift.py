"""`genrelab drift`: show which tables have drifted, and accept that the new data are correct."""

import json
from typing import TYPE_CHECKING

import click

from genrelab_cli.layout import Commands

if TYPE_CHECKING:
    from genrelab.analyses.drift.result import Comparison, DriftStatus


@click.group(cls=Commands)
def drift() -> None:
    """Show or accept drift between versions of a table. Open drift blocks new champions."""


@drift.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def drift_show(as_json: bool) -> None:
    """Compare every table with its last version of the same source and with those that champions were trained on.

    \b
    genrelab drift show
    genrelab drift show --json
    """
    print_drift(as_json=as_json)


@drift.command("accept")
@click.argument("table")
@click.option("--reason", required=True, help="Why the new data are correct; stored with the acceptance.")
def drift_accept(table: str, reason: str) -> None:
    """Accept the drift of one TABLE: later versions are compared with its newest one.

    \b
    genrelab drift accept spotify_binned --reason "the new scraper reaches smaller artists"
    """
    accept_drift(table, reason)


def print_drift(*, as_json: bool) -> None:
    """Print how every table compares with its previous version."""
    from genrelab.runtime.home import Home
    from genrelab.runtime.records import encode
    from tasks.drift_status import statuses

    found = statuses(Home.find())
    if as_json:
        keys = ("status", "earlier", "findings", "accepted")
        shown = [
            {key: values[key] for key in ("table", "version", "source", *keys)}
            | {
                "champions": [
                    {key: one[key] for key in ("champions", "trained_on", *keys)}
                    for one in values["champions"]
                ]
            }
            for values in map(encode, found)
        ]
        print(json.dumps(shown, indent=1, ensure_ascii=False))
        return
    if not found:
        print("Drift has not been measured yet: run `genrelab train`.")
    for one in found:
        print(f"{one.table:<18} version {one.version:<4} {_verdict(one)}")
        _print_findings(one)
        for since in one.champions:
            print(f"  {since.obstacle or _against(since)}")
            _print_findings(since)
    for one in found:
        if one.waits:
            print(f'If the new data are correct: genrelab drift accept {one.table} --reason "..."')


def accept_drift(table: str, reason: str) -> None:
    """Accept the drift of one table and store the reason."""
    from genrelab.runtime.home import Home
    from tasks.drift_status import accept

    status = accept(Home.find(), table, reason)
    print(
        f"Accepted: later versions of {table} are compared with version {status.version}. "
        "The next `genrelab train` can promote a new champion again."
    )


def _verdict(status: "DriftStatus") -> str:
    from genrelab.analyses.drift.result import COMPARED, FIRST

    if status.status == FIRST:
        return "first version of its source: nothing to compare"
    if status.earlier is None or (status.status != COMPARED and not status.findings):
        return "the previous version is no longer kept: nothing to compare"
    return _against(status)


def _against(one: "Comparison") -> str:
    if not one.findings:
        return f"against {one.against}: no drift"
    return (
        f"against {one.against}: {'drifted, accepted' if one.accepted else 'DRIFTED, blocks a new champion'}"
    )


def _print_findings(one: "Comparison") -> None:
    for finding in one.findings:
        print(f"    {finding.says}")
    if one.accepted:
        print(f"    accepted on {one.accepted.at[:10]}: {one.accepted.reason}")
