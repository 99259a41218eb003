"""`genrelab champion`: show the champions, since when and why, and restore an earlier one."""

import json
import sys
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    from genrelab.analyses.training.result import Champion
    from tasks.tracking.client import TrackingClient

WIDTH = 100
SCORES = {
    "macro_f1": "macro F1",
    "log_loss": "log loss (lower is better)",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "top2_accuracy": "top-2 accuracy",
    "ece": "calibration error (lower is better)",
}


def print_champions(name: str | None, *, as_json: bool) -> None:
    """Print the champion of every registered model, or of one model with the history of its versions.

    Raises:
        GenrelabError: There is no such registered model, or no champion.
    """
    tracking = _open_tracking()
    if name is None:
        _print_all(tracking, as_json=as_json)
        return
    from tasks.tracking.registry import champion_info, champion_or_error, history

    champion = champion_or_error(tracking, name)
    versions = history(tracking, name)
    if as_json:
        print(json.dumps({"name": name, **asdict(champion_info(champion)), "versions": versions}, indent=1))
        return
    facts = next(one for one in versions if one["state"] == "champion")
    print(_summary(name, champion_info(champion)))
    sample = _sample(is_sample=facts["sample"])
    for table, identity in facts["tables"].items():
        number, _, published = identity.partition("@")
        at = f", published {_day(published)}" if published else ""
        print(f"  trained on  {table} version {number}{at}{sample}")
    for rules in facts["rule_set_digest"].split():
        print("  labels by   the rules {}, sha256 {}".format(*rules.split(":")))
    print(_wrapped("reason", champion_info(champion).why))
    if facts["numbers"]:
        print("  on the gate rows, challenger minus previous champion, with 95 % interval:")
        for score, text in facts["numbers"].items():
            print(f"    {SCORES.get(score, score):<36} {text}")
    print("  versions, newest first:")
    for one in versions:
        print(f"    {one['version']:>4}  {one['state']:<16}  {one['model']:<24}  {_day(one['stored_at'])}")
        if one["state"] == "rolled back":
            print(f"          on {_day(one['rolled_back_at'])}: {one['rolled_back_because']}")


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
    from tasks.tracking.registry import champion_info, names_of

    found = {name: champion_info(tracking.champion(name)) for name in names_of(tracking)}
    if as_json:
        print(json.dumps([{"name": name, **asdict(one)} for name, one in found.items()], indent=1))
        return
    if not found:
        print("No model is registered yet. Run `genrelab train`.")
    for name, one in found.items():
        print(_summary(name, one))
        if one.version:
            print(_wrapped("reason", one.why))


def _summary(name: str, champion: "Champion") -> str:
    if not champion.version:
        return f"{name}: no champion"
    sample = _sample(is_sample=champion.sample)
    return f"{name}: version {champion.version}, {champion.model}, since {_day(champion.since)}{sample}"


def _sample(*, is_sample: bool) -> str:
    return ", synthetic sample data" if is_sample else ""


def _wrapped(heading: str, text: str) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=f"  {heading:<10}  ", subsequent_indent=" " * 14, break_on_hyphens=False
    )


def _day(time: str) -> str:
    return time[:16].replace("T", " ") + " UTC" if time else ""
