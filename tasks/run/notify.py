"""Notify a webhook of failed runs, caveats and new champions, with a JSON message.

Conventions: the field `text` is displayed by Slack, Mattermost and Rocket.Chat; the other fields have the same facts
for programs. Notifications never fail a run: a webhook that does not answer is logged. Its address may contain a
secret, so only its host is shown.
"""

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from genrelab.analyses.run_history.result import RunHistory
from genrelab.analyses.run_history.status import as_text, status_of
from genrelab.lake.lake import Lake
from genrelab.lake.version import TableVersion
from genrelab.runtime import progress
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.proxies import open_url
from genrelab.runtime.running_servers import address_of
from tasks.run.history import read_runs

if TYPE_CHECKING:
    from prefect import Flow, State
    from prefect.client.schemas import FlowRun

REPORT_SERVER = "http://127.0.0.1:8600"
"""Where `genrelab ui` serves the report by default."""
REPORT_PAGE = "latest/index.html"
TIMEOUT_SECONDS = 5.0
LONGEST = 1_500
"""Maximum length of a message in characters, as chats display it."""
CAVEATS_NOTIFIED = "operations/caveats_told.json"
"""For each table, the version whose caveats were sent to the webhook."""


def report_url() -> str:
    """Return the address of the newest report: GENRELAB_REPORT_URL, or where `genrelab ui` serves it now or would."""
    server = address_of(Home.find(), "report") or REPORT_SERVER
    return os.environ.get("GENRELAB_REPORT_URL") or f"{server}/{REPORT_PAGE}"


def notify_failure(flow: "Flow[..., object]", flow_run: "FlowRun", state: "State[object]") -> None:
    """Prefect hook that reports a failed or crashed run; the outer flow reports for the flows inside it.

    Args:
        flow: The flow.
        flow_run: Its run; Prefect requires this argument name.
        state: How it ended.
    """
    if flow_run.parent_task_run_id is not None:
        return
    why = state.message or state.name or "no reason given"
    status = _status(str(flow_run.id))
    text = f"failed ({flow_run.name}): {status or why}"
    more = {"status": status} if status else {}
    _notify_of_run("run_failed", text, flow, flow_run, state, reason=why, **more)


def _status(run_id: str) -> str:
    """The status of a run, as the band of the report shows it; empty if the run is not the last one recorded."""
    runs = read_runs(Home.find())
    if not runs or runs[-1].run_id != run_id:
        return ""
    status = status_of(RunHistory(runs, {}))
    return as_text(status) if status else ""


def notify_caveats(flow: "Flow[..., object]", flow_run: "FlowRun", state: "State[object]") -> None:
    """Prefect hook that reports new caveats after a completed run; each table version is reported once.

    Args:
        flow: The flow.
        flow_run: Its run.
        state: How it ended.
    """
    if flow_run.parent_task_run_id is None:
        _notify_of_run(
            "run_finished_with_caveats", f"finished with caveats ({flow_run.name})", flow, flow_run, state
        )


def _notify_of_run(
    event: str,
    text: str,
    flow: "Flow[..., object]",
    run: "FlowRun",
    state: "State[object]",
    **more: str,
) -> None:
    if not _webhook():
        return
    home = Home.find()
    new = _new_caveats(home)
    if event == "run_finished_with_caveats" and not new:
        return
    caveats = [f"{version.table}: {caveat}" for version in new for caveat in version.caveats]
    facts = {"flow": flow.name, "run": run.name, "run_id": str(run.id), "state": state.name, **more}
    sentences = " ".join(f"Caveat: {caveat}." for caveat in caveats)
    message = f"genrelab {flow.name.replace('_', '-')} {text}{'. ' if sentences else ''}{sentences}"
    if notify(event, message, facts | ({"caveats": caveats} if caveats else {})) and new:
        write_json(
            home.state / CAVEATS_NOTIFIED, _notified(home) | {version.table: version.id for version in new}
        )


def _new_caveats(home: Home) -> list[TableVersion]:
    """The newest table versions whose caveats were not sent yet."""
    notified = _notified(home)
    try:
        newest = Lake(home).newest().values()
    except (GenrelabError, OSError):  # the message about the run is sent anyway
        return []
    return [one for one in newest if one and one.caveats and notified.get(one.table) != one.id]


def _notified(home: Home) -> dict[str, str]:
    return read_json(home.state / CAVEATS_NOTIFIED) or {}


def notify_champion(model: str, version: str, reason: str, *, is_sample: bool) -> None:
    """Report a new champion.

    Args:
        model: Name of the registered model.
        version: Its new champion.
        reason: Why it was promoted.
        is_sample: Whether it was trained on sample data.
    """
    kind = ", trained on sample data" if is_sample else ""
    notify(
        "new_champion",
        f"genrelab: {model} has a new champion, version {version}{kind}. {reason}",
        {"model": model, "version": version, "reason": reason, "sample": is_sample},
    )


def notify(event: str, text: str, facts: Mapping[str, object]) -> bool:
    """Send one message if a webhook is configured, and return whether it was received.

    Args:
        event: `run_failed`, `run_finished_with_caveats`, `new_champion` or `database_restored`.
        text: The message for people.
        facts: The same facts for programs, as JSON values.

    Returns:
        Whether it was received.
    """
    webhook = _webhook()
    if not webhook:
        return False
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
    body = {"text": shown, "event": event, **facts, "report": report_url()}
    request = urllib.request.Request(  # noqa: S310 - http or https, see load_operations
        webhook, json.dumps(body).encode(), {"Content-Type": "application/json", "User-Agent": "genrelab"}
    )
    host = urlsplit(webhook).hostname
    try:
        with open_url(request, timeout=TIMEOUT_SECONDS):
            return True
    except urllib.error.HTTPError as error:
        progress.say(f"{'notification':<22} refused by {host}: status {error.code}")
    except (
        OSError,
        ValueError,
        http.client.HTTPException,
    ) as error:  # the text of the error may contain the address
        progress.say(f"{'notification':<22} not received by {host}: {type(error).__name__}")
    return False


def _webhook() -> str:
    """Address of the webhook; empty if there is none."""
    try:
        return load_operations().webhook
    except GenrelabError as error:
        progress.say(f"{'notification':<22} not sent: {error}")
        return ""
