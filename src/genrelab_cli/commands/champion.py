"""`genrelab champion`: show the champions, since when and why, and restore an earlier one."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.layout import painted, wrapped

if TYPE_CHECKING:
    from genrelab.analyses.training.result import Champion
    from tasks.tracking.client import TrackingClient
    from tasks.tracking.descriptions import InUse

SHOWN_SCORES = 3


def print_champions(name: str | None, *, as_json: bool) -> None:
    """Print the champion of every registered model, or of one model with the history of its versions.

    Raises:
        GenrelabError: There is no such registered model, or no champion.
    """
    tracking = _open_tracking()
    if name is None:
        _print_all(tracking, as_json=as_json)
        return
    from genrelab.report.vocabulary import find_metric
    from tasks.tracking.descriptions import find_in_use
    from tasks.tracking.registry import champion_info, champion_or_error, history
    from tasks.training.named_tracks import model_label

    champion = champion_info(champion_or_error(tracking, name))
    versions, in_use = history(tracking, name), find_in_use(tracking, name)
    if as_json:
        print(json.dumps({**_as_facts(name, champion, in_use), "versions": versions}, indent=1))
        return
    facts = next(one for one in versions if one["state"] == "champion")
    _print_summary(name, champion)
    sample = _sample(is_sample=facts["sample"])
    for table, identity in facts["tables"].items():
        number, _, published = identity.partition("@")
        at = f", published {_day(published)}" if published else ""
        click.echo(_paragraph("trained on", f"{table} version {number}{at}{sample}"))
    for rules in facts["rule_set_digest"].split():
        click.echo(_paragraph("labels by", "the rules {}, sha256 {}".format(*rules.split(":"))))
    click.echo(_paragraph("reason", champion.why))
    if in_use:
        _print_scores(in_use)
    if facts["numbers"]:
        click.echo("  on the gate rows, challenger minus previous champion (or baseline), 95 % interval:")
        for score, text in facts["numbers"].items():
            click.echo(f"    {find_metric(score).label:<36} {text}")
    click.echo("  versions, newest first:")
    for one in versions:
        click.echo(
            f"    {one['version']:>4}  {one['state']:<16}  {model_label(one['model']):<36}  {_day(one['stored_at'])}"
        )
        if one["state"] == "rolled back":
            print(f"          on {_day(one['rolled_back_at'])}: {one['rolled_back_because']}")


def _print_scores(in_use: "InUse") -> None:
    """Print the scores of a champion, one line each, a column for every split."""
    from genrelab.report.vocabulary import find_split

    rows = {"": [find_split(split).label for split in in_use.splits], **in_use.table()}
    first = max(map(len, rows))
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    click.echo("  scores, with 95 % intervals over artists:")
    for name, cells in rows.items():
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo(f"    {name:<{first}}  {line}".rstrip())


def roll_back(name: str, reason: str, to: str) -> None:
    """Make an earlier version champion again, and print what to run next.

    Raises:
        GenrelabError: The model or version does not exist, or cannot be loaded.
    """
    from genrelab_cli.commands.lock import command_lock
    from tasks.tracking.descriptions import describe
    from tasks.tracking.registry import rollback, update_report_record
    from tasks.training.compiled import compile_promoted

    home = Home.find()
    tracking = _open_tracking()
    with command_lock(home, "champion rollback"):  # a training may be about to move the alias
        done = rollback(tracking, name, reason=reason, to=to)
        update_report_record(home, name, tracking.champion(name), done)
        describe(tracking)
        compile_promoted(home, name)
    before = f"replacing version {done.before}" if done.before else "where there was no champion"
    print(f"{name}: version {done.after} is champion again, {before} ({done.reason}).")
    print(
        "The next nightly run updates predictions and report. To update them now: genrelab predict; genrelab report"
    )


def _open_tracking() -> "TrackingClient":
    from tasks.tracking.place import is_there, require_answer

    home = Home.find()
    require_answer(home)
    if not is_there(home):
        raise GenrelabError(
            "there is no registered model", found=f"no {home.mlruns}", do="run `genrelab train`"
        )
    from tasks.tracking.artifact_places import correct_addresses
    from tasks.tracking.client import connect

    if done := correct_addresses(home):
        print(done, file=sys.stderr)
    return connect(home)


def _print_all(tracking: "TrackingClient", *, as_json: bool) -> None:
    from tasks.tracking.descriptions import find_in_use
    from tasks.tracking.registry import champion_info, names_of

    found = {name: champion_info(tracking.champion(name)) for name in names_of(tracking)}
    in_use = {name: find_in_use(tracking, name) for name in found}
    if as_json:
        print(json.dumps([_as_facts(name, one, in_use[name]) for name, one in found.items()], indent=1))
        return
    if not found:
        print("No model is registered yet. Run `genrelab train`.")
    for name, one in found.items():
        _print_summary(name, one)
        if one.version:
            click.echo(_paragraph("scores", _in_a_line(in_use[name])))
            click.echo(_paragraph("reason", one.why))


def _as_facts(name: str, champion: "Champion", in_use: "InUse | None") -> dict[str, object]:
    """A champion and its scores, for programs."""
    return {"name": name, **asdict(champion), "scores": in_use.facts() if in_use else []}


def _in_a_line(in_use: "InUse | None") -> str:
    """The first scores of a champion on the split that the report shows, with 95 % intervals and the baseline."""
    if in_use is None or not in_use.scores:
        return "not known"
    from genrelab.report.vocabulary import find_split

    cells = {name: found[0] for name, found in in_use.table().items() if found[0]}
    shown = dict([*list(cells.items())[:SHOWN_SCORES], *list(cells.items())[-1:]])
    return f"{find_split(in_use.splits[0]).label}: " + "; ".join(
        f"{name} {text}" for name, text in shown.items()
    )


def _print_summary(name: str, champion: "Champion") -> None:
    if not champion.version:
        click.echo(f"{painted(name, bold=True)}: no champion")
        return
    from tasks.training.named_tracks import model_label

    text = f"version {champion.version}, {model_label(champion.model)}, since {_day(champion.since)}"
    sample = painted(_sample(is_sample=True), "yellow") if champion.sample else ""
    click.echo(f"{painted(name, 'green', bold=True)}: {text}{sample}")


def _sample(*, is_sample: bool) -> str:
    return ", synthetic sample data" if is_sample else ""


def _paragraph(heading: str, text: str) -> str:
    return wrapped(text, f"  {heading:<10}  ")


def _day(time: str) -> str:
    return time[:16].replace("T", " ") + " UTC" if time else ""
