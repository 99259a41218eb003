"""Tell people of a failed run and of a new champion: a JSON message to a webhook.

Conventions: the message has the field `text` that Slack, Mattermost and Rocket.Chat show, and beside it the same as
fields for programs. Nothing here ever fails a run: a webhook that does not answer is a line in the log. The
address may carry a secret, so only its host is ever shown.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from genrelab import progress
from genrelab.errors import GenrelabError
from genrelab.operations import load_operations
from genrelab.proxies import open_url

TIMEOUT_SECONDS = 5.0
LONGEST = 1_500
"""Characters of a message: a chat shows no more at once."""


def tell_of_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """Hook of Prefect: a run failed or crashed. A flow inside another one is told of by the outer one.

    Args:
        flow: The flow.
        flow_run: Its run; Prefect passes a crashed one by this name.
        state: How it ended.
    """
    if flow_run.parent_task_run_id is not None:
        return
    name = flow.name.replace("_", "-")
    why = state.message or state.name or "no reason was given"
    notify(
        "run_failed",
        f"genrelab {name} failed ({flow_run.name}): {why}",
        {
            "flow": flow.name,
            "run": flow_run.name,
            "run_id": str(flow_run.id),
            "state": state.name,
            "reason": why,
        },
    )


def tell_of_champion(model: str, version: str, reason: str, *, is_sample: bool) -> None:
    """A model took the place of the champion.

    Args:
        model: Name of the registered model.
        version: Its new champion.
        reason: Why it won.
        is_sample: Whether it was trained on sample data.
    """
    kind = ", trained on sample data" if is_sample else ""
    notify(
        "new_champion",
        f"genrelab: {model} has a new champion, version {version}{kind}. {reason}",
        {"model": model, "version": version, "reason": reason, "sample": is_sample},
    )


def notify(event: str, text: str, facts: Mapping[str, Any]) -> bool:
    """Send one message, when a webhook is configured.

    Args:
        event: `run_failed` or `new_champion`.
        text: What a person reads.
        facts: The same for a program, as JSON values.

    Returns:
        Whether it was received.
    """
    try:
        webhook = load_operations().webhook
    except GenrelabError as error:
        progress.say(f"{'notification':<22} not sent: {error}")
        return False
    if not webhook:
        return False
    from tasks.artifacts import report_url  # noqa: PLC0415 - imports Prefect, which not every command needs

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
    except (OSError, ValueError, http.client.HTTPException) as error:  # its words may hold the address
        progress.say(f"{'notification':<22} not received by {host}: {type(error).__name__}")
    return False
